# SPDX-License-Identifier: Apache-2.0
"""An issuer of tokens: discovery document, keys, and tokens with any fault."""

from __future__ import annotations

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "portal"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Issuer:
    def __init__(self) -> None:
        self.url = ""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.is_down = False

    def document(self, path: str) -> dict[str, Any] | None:
        numbers = self.key.public_key().public_numbers()
        key = {"kty": "RSA", "kid": "k1", "use": "sig", "n": _number(numbers.n), "e": _number(numbers.e)}
        return {
            "/.well-known/openid-configuration": {"issuer": self.url, "jwks_uri": f"{self.url}/keys"},
            "/keys": {"keys": [key, {"kty": "unknown", "kid": "k2"}]},
        }.get(path)

    def token(self, subject: str = "ann", groups: object = ("users",), *, alg: str = "RS256", **changes: Any) -> str:
        """A token that is good but for the changes; a claim that is None is left out."""
        now = time.time()
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": subject, "exp": now + 600, "groups": groups, **changes}
        header = {"alg": alg, "kid": changes.pop("kid", "k1"), "typ": "JWT"}
        claims = {name: value for name, value in claims.items() if value is not None and name != "kid"}
        signed = ".".join(_text(json.dumps(part).encode()) for part in (header, claims))
        return f"{signed}.{_text(self._signature(alg, signed.encode()))}"

    def _signature(self, alg: str, signed: bytes) -> bytes:
        if alg == "none":
            return b""
        if alg == "HS256":  # with the public key as the shared secret, which a careless verifier takes
            pem = self.key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            return hmac.digest(pem, signed, "sha256")
        return self.key.sign(signed, padding.PKCS1v15(), hashes.SHA256())


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = None if issuer.is_down else issuer.document(self.path)
            body = json.dumps(found or {}).encode()
            self.send_response(200 if found else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
