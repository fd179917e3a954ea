# SPDX-License-Identifier: Apache-2.0
"""What no real registry 2.8 does, with the registry doubled, and what the module refuses."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.outcomes import WrongAnswer
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api import errors as oci_errors
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Blob
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.run import prove
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.steps import STEPS, select
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe as module

from tests.certificates import write_self_signed

LOGIN = Login("ci", "password-of-ci")


class Handler(BaseHTTPRequestHandler):
    """Keeps one upload, also what came of a chunk that broke; `fault` is the one thing that is wrong."""

    protocol_version = "HTTP/1.1"
    fault = ""
    content = b""
    seen: ClassVar[list[tuple[str, str | None]]] = []

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        if self.fault == "plain-realm":
            self.answer(401, WWW_Authenticate='Bearer realm="http://127.0.0.1:1/token",service="r"')
        elif self.path == "/v2/" and not self.headers["Authorization"] and self.fault != "open":
            self.answer(401, WWW_Authenticate='Basic realm="r"')
        elif self.path == "/v2/":
            self.answer(200)
        elif self.fault == "hang":
            time.sleep(0.3)
        elif self.fault == "drip":
            self.answer(200, b"x", Content_Length="1000")
            with suppress(OSError):
                while True:
                    self.wfile.write(b"x")
                    time.sleep(0.02)
        elif self.fault == "cut":
            self.answer(200, b"short", Content_Length="1000")
            self.close_connection = True
        elif self.fault == "redirect" and "elsewhere" not in self.path:
            self.answer(307, Location="/elsewhere?signature=secret")
        elif "uploads" in self.path:
            length = len(type(self).content)
            self.answer(204, Location="/v2/a/blobs/uploads/1", Range=f"0-{length - 1}")
        else:
            self.answer(200, type(self).content)

    def do_POST(self) -> None:
        type(self).content = b""
        self.answer(202, **({} if self.fault == "no-location" else {"Location": "/v2/a/blobs/uploads/1"}))

    def do_PATCH(self) -> None:
        start = int(re.match("[0-9]+", self.headers["Content-Range"])[0])
        assert start == len(type(self).content)
        missing = int(self.headers["Content-Length"])
        while missing and (block := self.rfile.read1(missing)):
            type(self).content += block
            missing -= len(block)
        self.close_connection = bool(missing)
        if not missing:
            self.answer(202, Location="/v2/a/blobs/uploads/1")

    def do_PUT(self) -> None:
        self.answer(201)

    def do_DELETE(self) -> None:
        self.answer(202)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def handler() -> type[Handler]:
    return type("OwnHandler", (Handler,), {"seen": []})


@pytest.fixture
def url(handler: type[Handler]) -> Iterator[str]:
    with serving(handler) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}"


@contextmanager
def serving(handler: type[Handler], certificate: Path | None = None) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.socket.close()


@pytest.fixture
def registry(url: str) -> Iterator[OciRegistry]:
    client = OciRegistry(url, LOGIN)
    client.begin(0.2)
    yield client
    client.close()


def test_an_upload_goes_on_from_what_came_of_a_broken_chunk(url: str, handler: type[Handler]) -> None:
    steps = [step for step in select(["broken-upload"]) if step.name != "push"]
    report = prove([OciRegistry(url, LOGIN)], [1], steps, 5)
    assert [(verdict.step, verdict.verdict) for verdict in report.verdicts] == [("ping", "ok"), ("broken-upload", "ok")]
    assert len(handler.content) == 2 * 128 * 1024


@pytest.mark.parametrize(
    ("fault", "word"), [("hang", "timeout"), ("drip", "timeout"), ("cut", "closed"), ("", "length-mismatch")]
)
def test_no_answer_is_waited_for_without_end(
    registry: OciRegistry, handler: type[Handler], fault: str, word: str
) -> None:
    handler.fault = fault
    with pytest.raises(WrongAnswer) as finding:
        registry.get_blob("a", Blob("seed", 1000))
    assert finding.value.word == word


def test_an_upload_without_location_is_a_finding(registry: OciRegistry, handler: type[Handler]) -> None:
    handler.fault = "no-location"
    with pytest.raises(WrongAnswer, match=r"header-missing: expected POST /v2/a/blobs/uploads/ answered with Location"):
        registry.start("a")


def test_credentials_do_not_follow_a_redirect(registry: OciRegistry, handler: type[Handler]) -> None:
    registry.ping()
    handler.fault = "redirect"
    with pytest.raises(WrongAnswer) as finding:
        registry.get_blob("a", Blob("seed", 1000))
    blob, elsewhere = handler.seen[-2:]
    assert blob[1] == LOGIN.basic
    assert elsewhere == ("/elsewhere?signature=secret", None)
    assert "signature" not in str(finding.value)


def test_the_password_goes_only_where_it_is_asked_for(registry: OciRegistry, handler: type[Handler]) -> None:
    handler.fault = "open"
    registry.ping()
    assert handler.seen == [("/v2/", None)]


def test_credentials_do_not_leave_tls(handler: type[Handler], tmp_path: Path) -> None:
    handler.fault = "plain-realm"
    certificate = write_self_signed(tmp_path / "tls.pem")
    with serving(handler, certificate) as server:
        registry = OciRegistry(f"https://127.0.0.1:{server.server_address[1]}", LOGIN, str(certificate))
        registry.begin(2)
        with pytest.raises(WrongAnswer, match=r"wrong-realm: expected a realm with https"):
            registry.ping()
        registry.close()


def test_no_registry_is_a_failure_with_data(run_module: Any) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    result = run_module(module, registry=url, layer_sizes=[1])
    assert [verdict["verdict"] for verdict in result["verdicts"]] == ["refused", *["skipped"] * (len(select([])) - 1)]
    assert (result["failed"], result["leftover"]) == (True, [])
    assert result["msg"].startswith(f"Probe of {url}: 1 of {len(select([]))} steps failed.\nping: refused\n")
    assert "Check that the registry runs" in result["msg"]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"registry": "http://ci:password-of-ci@host"}, "must be a URL like"),
        ({"steps": ["pul"]}, "there is no step 'pul'; did you mean pull?"),
        ({"layer_sizes": [0]}, "one byte at least"),
        ({"username": "ci", "password": ""}, "the registry password is empty"),
        (
            {"username": "ci", "password_file": "/no/such/file"},
            "the registry password: secret file '/no/such/file' does not exist",
        ),
        ({"registry": "https://host", "ca_file": "/no/such/ca"}, "the CA file /no/such/ca cannot"),
        ({"password": "password-of-ci"}, "missing parameter(s) required by 'password': username"),
    ],
)
def test_what_cannot_be_used_is_refused(run_module: Any, params: dict[str, Any], says: str) -> None:
    result = run_module(module, **{"registry": "http://127.0.0.1:1", **params})
    assert result["failed"]
    assert says in result["msg"]
    assert "password-of-ci" not in result["printed"]


def test_steps_bring_what_they_need() -> None:
    assert [step.name for step in select(["delete"])] == ["ping", "push", "delete"]
    assert [step.name for step in select(["resume"])] == ["ping", "resume"]
    assert select([]) == [step for step in STEPS if step.name != "mirror"]
    assert [step.name for step in select(["mirror"])] == ["ping", "mirror"]


def test_the_documentation_names_every_word_and_step() -> None:
    for step in STEPS:
        assert f"V({step.name})" in module.DOCUMENTATION
    for name in ("UNAUTHORIZED", "WRONG_REALM", "WRONG_LOCATION", "DIGEST_MISMATCH"):
        assert f"V({getattr(oci_errors, name)})" in module.RETURN
