# SPDX-License-Identifier: Apache-2.0
"""A swift gateway in memory, for tests of the engine without sockets: a test can change any answer."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Callable
from urllib.parse import unquote

from ansible_collections.rgwkit.ceph.plugins.module_utils.http.messages import Answer, Raw, Request

DATE = "Fri, 20 Nov 2026 08:01:20 GMT"
Change = Callable[[Request, Answer], "Answer | None"]


def answer(method: str, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    fields = list({"Date": DATE, **(headers or {})}.items())
    raw = Raw(method.encode(), b"", f"HTTP/1.1 {status} X".encode(), "", ())
    return Answer(method, status, fields, body, 0.0, None, 0, True, raw)


def faulty(method: str, word: str) -> Answer:
    right = answer(method, 200)
    return replace(right, status=None, fault=word, raw=right.raw._replace(detail="seen on the wire"))


class Gateway:
    """Stands in for a Connection. `change` sees each request with its right answer and may give another one."""

    def __init__(self) -> None:
        self.containers: dict[str, dict[str, tuple[bytes, str]]] = {}
        self.metadata: dict[str, dict[str, str]] = {}
        self.requests: list[Request] = []
        self.limits: list[float] = []
        self.change: Change = lambda request, right: None

    def exchange(self, request: Request, seconds: float) -> Answer:
        self.requests.append(request)
        self.limits.append(seconds)
        right = self._answer(request.method, request.target.partition("?")[0], dict(request.headers), request.body)
        return self.change(request, right) or right

    def stays_open(self, seconds: float) -> bool:
        return True

    def close(self) -> None:
        pass

    def _answer(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Answer:
        if path == "/auth/v1":
            url = "http://gw:8080/swift/v1"
            return answer(method, 204, {"X-Auth-Token": "token-of-the-user", "X-Storage-Url": url})
        container, _, name = unquote(path[len("/swift/v1/") :]).partition("/")
        if not container:
            names = "".join(f"{name}\n" for name in self.containers)
            return answer(method, 200, body=names.encode()) if method == "GET" else answer(method, 204)
        if not name:
            return self._answer_container(method, container, headers)
        return self._answer_object(method, self.containers[container], name, headers, body)

    def _answer_container(self, method: str, name: str, headers: dict[str, str]) -> Answer:
        if method == "PUT":
            status = 202 if name in self.containers else 201
            self.containers.setdefault(name, {})
            self.metadata[name] = {key: value for key, value in headers.items() if key.startswith("X-Container-Meta-")}
            return answer(method, status)
        if name not in self.containers:
            return answer(method, 404)
        if method == "HEAD":
            return answer(method, 204, self.metadata[name])
        if method == "GET":
            return answer(
                method, 200, self.metadata[name], "".join(f"{key}\n" for key in self.containers[name]).encode()
            )
        if self.containers[name]:
            return answer(method, 409)
        del self.containers[name]
        return answer(method, 204)

    def _answer_object(
        self, method: str, objects: dict[str, tuple[bytes, str]], name: str, headers: dict[str, str], body: bytes | None
    ) -> Answer:
        if method == "PUT":
            objects[name] = (body or b"", headers.get("X-Object-Manifest", ""))
            return answer(method, 201, {"etag": hashlib.md5(body or b"").hexdigest()})
        if name not in objects:
            return answer(method, 404)
        if method == "DELETE":
            del objects[name]
            return answer(method, 204)
        content, manifest = objects[name]
        fields = {"Content-Length": str(len(content)), "Last-Modified": DATE, "etag": hashlib.md5(content).hexdigest()}
        if manifest:
            fields["X-Object-Manifest"] = manifest
        return answer(method, 200, fields, content if method == "GET" else b"")
