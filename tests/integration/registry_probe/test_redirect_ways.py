# SPDX-License-Identifier: Apache-2.0
"""Redirects of real registries to a real gateway: well, and in each of the ways in which they break."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe as module

from tests.conftest import RunModule
from tests.integration.gateway import Gateway, second_gateway
from tests.integration.registry_probe.conftest import CHUNK_BYTES, ETC, PASSWORD, USER, Start, htpasswd, swift

KEY = "key-of-temporary-urls"
BUCKET = "redirect-probe"
# What the role renders for redirects of the swift driver.
SIGNING = {"secretkey": KEY, "tempurlcontainerkey": True, "tempurlmethods": ["GET", "HEAD"]}
# A name that the registry and its clients resolve to different addresses.
NAME = "gateway.test"


@pytest.fixture(scope="module", autouse=True)
def prepared(gateway: Gateway) -> None:
    """The account's key for temporary URLs."""
    gateway.run("radosgw-admin", "user", "modify", "--uid=demo", f"--temp-url-key={KEY}")


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("key") / "temp-url.key"
    file.touch(mode=0o600)
    file.write_text(KEY)
    return str(file)


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the client resolve NAME to an address."""
    ask = socket.getaddrinfo

    def resolve(address: str) -> None:
        def look_up(host: Any, *others: Any, **more: Any) -> Any:
            return ask(address if host == NAME else host, *others, **more)

        monkeypatch.setattr(socket, "getaddrinfo", look_up)

    return resolve


@contextmanager
def rewriting_proxy(
    target: str,
    address: tuple[str, int],
    host: str = "",
    cut: str = "",
    put: str = "",
    certificate: Path | None = None,
) -> Iterator[None]:
    """A proxy before a gateway that passes another Host, replaces the beginning `cut` of paths by `put`, or has TLS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fields = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            path = put + self.path[len(cut) :] if cut and self.path.startswith(cut) else self.path
            connection = http.client.HTTPConnection(target.partition("//")[2])
            connection.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": host or self.headers["Host"], **fields}.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "date", "server"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(address, Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def inner(gateway: Gateway) -> tuple[str, int]:
    """Address and port of the gateway within the container's network."""
    return gateway.run("hostname", "-i").split()[0], 8080


def swift_storage(gateway: Gateway, url: str = "", **driver: Any) -> dict[str, Any]:
    storage = swift(gateway, url, redirect={"disable": False})
    return {**storage, "swift": {**storage["swift"], **SIGNING, **driver}}


def s3_storage(gateway: Gateway, endpoint: str) -> dict[str, Any]:
    driver = {
        "regionendpoint": endpoint,
        "region": "default",
        "bucket": BUCKET,
        "accesskey": gateway.access_key,
        "secretkey": gateway.secret,
        "v4auth": True,
    }
    return {"s3": driver, "delete": {"enabled": True}, "redirect": {"disable": False}}


def proven(run_module: RunModule, registry: str, redirect: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The verdict of the step redirect, with the words of the module's result."""
    sizes = [CHUNK_BYTES + 1]
    result = run_module(module, registry=registry, redirect=redirect, steps=["redirect"], layer_sizes=sizes, **more)
    assert KEY not in result["printed"]
    assert "temp_url_sig" not in result["printed"]
    assert "X-Amz-Signature" not in result["printed"]
    verdict = next(verdict for verdict in result["verdicts"] if verdict["step"] == "redirect")
    return dict(verdict)


def test_a_signed_url_of_swift_is_fetched(run_module: RunModule, gateway: Gateway, start: Start, key_file: str) -> None:
    """By a subuser whose gateway does not show the driver /info, and without a write to the account."""
    registry = start(storage=swift_storage(gateway))
    found = proven(run_module, registry.url, {"gateway": gateway.url, "temp_url_key_file": key_file})
    assert found["verdict"] == "ok", found


def test_a_presigned_url_of_s3_is_fetched(
    run_module: RunModule, gateway: Gateway, start: Start, s3_keys: dict[str, Any]
) -> None:
    registry = start(storage=s3_storage(gateway, gateway.url))
    found = proven(run_module, registry.url, s3_keys)
    assert found["verdict"] == "ok", found


@pytest.fixture(scope="module")
def s3_keys(gateway: Gateway, prepared: None) -> dict[str, Any]:
    """The keys of the s3 driver, as the module takes them; and the bucket, which the driver does not create."""
    bucket = S3Bucket(Endpoint.parse(gateway.url), Login(gateway.access_key, gateway.secret), BUCKET, 30)
    bucket.make()
    bucket.close()
    return {
        "gateway": gateway.url,
        "s3_access_key": gateway.access_key,
        "s3_secret_key_file": str(gateway.secret_file),
    }


def test_an_address_that_only_the_registry_reaches(
    run_module: RunModule, gateway: Gateway, start: Start, key_file: str
) -> None:
    address, port = inner(gateway)
    registry = start(storage=swift_storage(gateway, f"http://{NAME}:{port}"), hosts={NAME: address})
    found = proven(run_module, registry.url, {"temp_url_key_file": key_file})
    assert found["verdict"] == "redirect-address", found
    assert NAME in found["got"]


def test_a_signature_over_another_path(
    run_module: RunModule, gateway: Gateway, start: Start, key_file: str, resolves: Callable[[str], None]
) -> None:
    """The registry's gateway has swift at another prefix than the one behind the clients' proxy."""
    with second_gateway(gateway, rgw_swift_url_prefix="objects") as url:
        address, _, port = url.partition("//")[2].partition(":")
        storage = swift_storage(gateway, f"http://{NAME}:{port}")
        registry = start(storage=storage, hosts={NAME: address})
        with rewriting_proxy(gateway.url, ("127.0.0.9", int(port)), cut="/objects/", put="/swift/"):
            resolves("127.0.0.9")
            found = proven(run_module, registry.url, {"temp_url_key_file": key_file})
            unknown = proven(run_module, registry.url, {})
    assert found["verdict"] == "redirect-path", found
    assert unknown["verdict"] == "redirect-signature", unknown
    assert "temp_url_key_file" in unknown["remedy"]


@pytest.mark.parametrize("given", [True, False], ids=["the toolkit's key", "no key"])
def test_a_key_that_the_account_does_not_have(
    run_module: RunModule, gateway: Gateway, start: Start, key_file: str, given: bool
) -> None:
    """As a registry that makes up a key signs, where it may not store its key on the account."""
    driver = {} if given else {"secretkey": "a-key-of-the-registry-itself"}
    registry = start(storage=swift_storage(gateway, **driver))
    if given:
        gateway.run("radosgw-admin", "user", "modify", "--uid=demo", "--temp-url-key=another-key")
    try:
        found = proven(run_module, registry.url, {"temp_url_key_file": key_file})
    finally:
        gateway.run("radosgw-admin", "user", "modify", "--uid=demo", f"--temp-url-key={KEY}")
    assert found["verdict"] == "redirect-key", found
    assert "temp_url_keys of rgw_users" in found["remedy"]


def test_info_taken_for_a_bucket(run_module: RunModule, gateway: Gateway, start: Start, key_file: str) -> None:
    storage = swift(gateway, redirect={"disable": False})
    registry = start(storage=storage)
    found = proven(run_module, registry.url, {"temp_url_key_file": key_file})
    assert found["verdict"] == "redirect-info", found
    assert "takes /info for a bucket" in found["cause"]


def test_plain_http_for_clients_with_tls(
    run_module: RunModule, gateway: Gateway, start: Start, key_file: str, certificate: Path
) -> None:
    files = {"tls.pem": certificate.read_bytes()}
    tls = {"tls": {"certificate": f"{ETC}/tls.pem", "key": f"{ETC}/tls.pem"}}
    registry = start(storage=swift_storage(gateway), http=tls, files=files)
    keys = {"temp_url_key_file": key_file}
    found = proven(run_module, registry.url, keys, ca_file=str(certificate))
    assert found["verdict"] == "redirect-plain-http", found


def test_plain_http_at_a_port_that_speaks_tls(
    run_module: RunModule,
    gateway: Gateway,
    start: Start,
    key_file: str,
    certificate: Path,
    resolves: Callable[[str], None],
) -> None:
    """TLS ends at a proxy before the clients' way to the gateway, of which the gateway knows nothing."""
    address, port = inner(gateway)
    registry = start(storage=swift_storage(gateway, f"http://{NAME}:{port}"), hosts={NAME: address})
    with rewriting_proxy(gateway.url, ("127.0.0.9", port), certificate=certificate):
        resolves("127.0.0.9")
        found = proven(run_module, registry.url, {"temp_url_key_file": key_file})
    assert found["verdict"] == "redirect-plain-http", found
    assert "a server with TLS is there" in found["got"]


@pytest.mark.parametrize("host", ["known", "unknown"])
def test_another_host_name_than_the_signed_one(
    run_module: RunModule,
    gateway: Gateway,
    start: Start,
    s3_keys: dict[str, Any],
    resolves: Callable[[str], None],
    host: str,
) -> None:
    """The clients' proxy passes its own name for the gateway, whether that is known or not."""
    address, port = inner(gateway)
    registry = start(storage=s3_storage(gateway, f"http://{NAME}:{port}"), hosts={NAME: address})
    passed = {"known": f"{gateway.host}:{gateway.port}", "unknown": "backend-7.test"}[host]
    with rewriting_proxy(gateway.url, ("127.0.0.9", port), host=passed):
        resolves("127.0.0.9")
        found = proven(run_module, registry.url, s3_keys)
        blind = proven(run_module, registry.url, {})
    assert found["verdict"] == "redirect-host", found
    assert "SignatureDoesNotMatch" in found["got"]
    assert blind["verdict"] == "redirect-signature", blind


@pytest.mark.parametrize(("driver", "verdict"), [("s3", "redirect-authorization"), ("swift", "ok")])
def test_a_login_that_clients_send_along(
    run_module: RunModule, gateway: Gateway, start: Start, s3_keys: dict[str, Any], driver: str, verdict: str
) -> None:
    """Registry and gateway are one host with two ports, and the registry has users."""
    storage = s3_storage(gateway, gateway.url) if driver == "s3" else swift_storage(gateway)
    registry = start(storage=storage, **htpasswd())
    found = proven(run_module, registry.url, {}, username=USER, password=PASSWORD)
    assert found["verdict"] == verdict, found


def test_the_key_is_rotated_while_clients_pull(gateway: Gateway, start: Start) -> None:
    """The account has both keys until the registry has the new one, as playbooks/rotate.yml has it."""
    successor = "next-key-of-temporary-urls"
    old = start(storage=swift_storage(gateway))
    content = b"a layer of the rotation" * 1000
    blob = push(old.url, content)
    registry, failed, pulled, stop = [old.url], list[str](), list[str](), threading.Event()

    def pull() -> None:
        while not stop.is_set():
            url = registry[0]
            answer = requests.get(f"{url}{blob}", timeout=10)
            (pulled if answer.content == content and answer.history else failed).append(url)

    def gave(url: str, more: int = 20) -> None:
        until, enough = time.monotonic() + 20, pulled.count(url) + more
        while pulled.count(url) < enough and not failed and time.monotonic() < until:
            time.sleep(0.02)
        assert (failed, pulled.count(url) >= enough) == ([], True)

    threads = [threading.Thread(target=pull) for _ in range(2)]
    try:
        for thread in threads:
            thread.start()
        gave(old.url)
        gateway.run("radosgw-admin", "user", "modify", "--uid=demo", f"--temp-url-key-2={successor}")
        gave(old.url)
        new = start(storage=swift_storage(gateway, secretkey=successor))
        registry[0] = new.url
        gave(new.url)
        gateway.run("radosgw-admin", "user", "modify", "--uid=demo", "--temp-url-key=retired-key")
        gave(new.url)
        assert requests.get(f"{old.url}{blob}", timeout=10).status_code == 403
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        gateway.run("radosgw-admin", "user", "modify", "--uid=demo", f"--temp-url-key={KEY}")
    assert failed == []


def push(registry: str, content: bytes) -> str:
    """Upload a blob; the path by which it is pulled."""
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    begun = requests.post(f"{registry}/v2/rotation/blobs/uploads/", timeout=10)
    where = begun.headers["Location"]
    put = requests.put(f"{where}&digest={digest}", data=content, timeout=30)
    assert put.status_code == 201, put.text
    return f"/v2/rotation/blobs/{digest}"
