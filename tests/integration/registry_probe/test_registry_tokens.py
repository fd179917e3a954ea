# SPDX-License-Identifier: Apache-2.0
"""A real registry that wants tokens, and a token service just large enough to give them."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe as module
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.conftest import RunModule
from tests.integration.registry_probe.conftest import ETC, PASSWORD, USER, Start

ISSUER, SERVICE = "tokens.example", "registry.example"


class TokenService(ThreadingHTTPServer):
    """Gives USER what is asked for, signed with the key in `certificate` (distribution, "Token Authentication")."""

    def __init__(self, certificate: Path, lives: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        pem = certificate.read_bytes()
        self.key = serialization.load_pem_private_key(pem, None)
        self.certificate = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
        self.lives = lives
        self.scopes: list[tuple[str, ...]] = []

    @property
    def realm(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/token"

    def token(self, scopes: list[str]) -> str:
        self.scopes.append(tuple(scopes))
        access = [dict(zip(("type", "name", "actions"), scope.split(":"), strict=True)) for scope in scopes]
        for entry in access:
            entry["actions"] = entry["actions"].split(",")
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": USER, "aud": SERVICE, "nbf": now - 5, "exp": now + self.lives}
        head = {"typ": "JWT", "alg": "ES256", "x5c": [base64.b64encode(self.certificate).decode()]}
        signed = ".".join(_text(json.dumps(part).encode()) for part in (head, {**claims, "access": access}))
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        query = parse_qs(urlsplit(self.path).query)
        if self.headers["Authorization"] != expected or query["service"] != [SERVICE]:
            self.send_response(401)
            self.end_headers()
            return
        answer = {"token": self.server.token(query.get("scope", [])), "expires_in": self.server.lives}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        pass


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def service(certificate: Path) -> Iterator[TokenService]:
    with TokenService(certificate, 300) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def url(start: Start, service: TokenService, certificate: Path) -> str:
    token = {"realm": service.realm, "service": SERVICE, "issuer": ISSUER, "rootcertbundle": f"{ETC}/tokens.pem"}
    return start(files={"tokens.pem": _public(certificate)}, auth={"token": token}).url


def _public(certificate: Path) -> bytes:
    return x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(serialization.Encoding.PEM)


def test_tokens_are_fetched_once_for_each_scope(run_module: RunModule, service: TokenService, url: str) -> None:
    result = run_module(module, registry=url, username=USER, password=PASSWORD, layer_sizes=[1000])
    assert result["passed"], result["msg"]
    name = result["repository"]
    image = f"repository:{name}/image:pull,push,delete"
    other = f"repository:{name}/other:pull,push,delete"
    assert service.scopes == [(), (image,), (other, f"repository:{name}/image:pull"), (other,)]


def test_tokens_are_renewed_before_they_end(run_module: RunModule, service: TokenService, url: str) -> None:
    service.lives = 5
    result = run_module(module, registry=url, username=USER, password=PASSWORD, layer_sizes=[1000], steps=["push"])
    assert result["passed"], result["msg"]
    assert len(service.scopes) > 3


def test_a_refusing_token_service_is_told_from_a_refusing_registry(
    run_module: RunModule, service: TokenService, url: str
) -> None:
    password = secrets.token_urlsafe(12)
    result = run_module(module, registry=url, username=USER, password=password)
    verdict = result["verdicts"][0]
    assert (verdict["verdict"], verdict["expected"]) == ("unauthorized", f"a token from {service.realm}")
    assert password not in result["printed"]
