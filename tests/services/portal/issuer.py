# SPDX-License-Identifier: Apache-2.0
"""An issuer of tokens: discovery document, keys, and tokens with any fault."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

AUDIENCE = "portal"
# All tests share their tokens, and take more than ten minutes on a machine that has other work.
TOKEN_S = 7200
CLIENT_ID, CLIENT_SECRET = "portal-pages", "canary-of-the-client"
# Basic authentication (RFC 6749, 2.3.1).
CLIENT_LOGIN = "Basic " + base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class Issuer:
    def __init__(self) -> None:
        self.url = ""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.is_down = False
        # While this is not set, the issuer takes requests and answers none.
        self.answers = threading.Event()
        self.answers.set()
        # Bytes in place of a document, by path.
        self.instead: dict[str, bytes] = {}
        # Who is at the browser, and what the issuer tells of that person.
        self.person: dict[str, Any] = {"sub": "ann", "groups": ["users"]}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.changes: dict[str, Any] = {}

    def document(self, path: str) -> dict[str, Any] | None:
        numbers = self.key.public_key().public_numbers()
        key = {"kty": "RSA", "kid": "k1", "use": "sig", "n": _number(numbers.n), "e": _number(numbers.e)}
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/keys",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
            },
            "/keys": {"keys": [key, {"kty": "unknown", "kid": "k2"}]},
        }.get(path)

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes after the person has agreed."""
        code = secrets.token_hex(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def exchange(self, form: dict[str, str], login: str) -> dict[str, Any] | None:
        """The tokens for a code, None for a request that is wrong in any way."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or asked.get("code_challenge_method") != "S256" or asked["code_challenge"] != _text(verifier):
            return None
        if login != CLIENT_LOGIN or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        access = secrets.token_hex(16)
        self.tokens.add(access)
        own = {"nonce": asked["nonce"], "aud": asked["client_id"], **self.changes}
        identity = self.token(self.person["sub"], None, **own)
        return {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_S, "id_token": identity}

    def token(self, subject: str = "ann", groups: object = ("users",), *, alg: str = "RS256", **changes: Any) -> str:
        """A token that is good but for the changes; a claim that is None is left out."""
        now = time.time()
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": subject, "exp": now + TOKEN_S, "groups": groups, **changes}
        header = {"alg": alg, "kid": changes.get("kid", "k1"), "typ": changes.get("typ", "JWT")}
        header = {name: value for name, value in header.items() if value is not None}
        claims = {name: value for name, value in claims.items() if value is not None and name not in ("kid", "typ")}
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
            path, _question, query = self.path.partition("?")
            issuer.answers.wait(60)
            if issuer.is_down:
                self.answer(503, {})
            elif path == "/authorize":
                self.send_response(302)
                self.send_header("Location", issuer.authorize(dict(parse_qsl(query))))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path == "/userinfo":
                known = self.headers.get("Authorization", "").removeprefix("Bearer ") in issuer.tokens
                self.answer(200 if known else 401, issuer.person if known else {})
            else:
                found = issuer.document(path)
                self.answer(200 if found else 503, found or {})

        def do_POST(self) -> None:
            issuer.answers.wait(60)
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            login = self.headers.get("Authorization", "")
            found = None if issuer.is_down else issuer.exchange(form, login)
            self.answer(200 if found else 400, found or {"error": "invalid_grant"})

        def answer(self, status: int, document: dict[str, Any]) -> None:
            body = issuer.instead.get(self.path) or json.dumps(document).encode()
            self.send_response(status)
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
