# SPDX-License-Identifier: Apache-2.0
"""A double of the token service v2.0, which Keystone has no more: token and storage URL are those of a real gateway."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

EXPIRES = "2099-01-01T00:00:00Z"


@dataclass
class Keystone:
    """A running double. asked: the path and the body of each request for a token."""

    url: str
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@contextmanager
def running_keystone(token: str, storage_url: str) -> Iterator[Keystone]:
    """Start the double on loopback, and stop it at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            links = [{"rel": "self", "href": f"{keystone.url}/v2.0/"}]
            self.answer(200, {"version": {"id": "v2.0", "status": "stable", "links": links}})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            keystone.asked.append((self.path, body))
            user = {"id": "u", "name": "ada", "roles": [], "domain": {"id": "default", "name": "Default"}}
            endpoint = {"region": "r", "publicURL": storage_url, "internalURL": storage_url, "adminURL": storage_url}
            catalog = [{"type": "object-store", "name": "swift", "endpoints": [endpoint]}]
            given = {"id": token, "expires": EXPIRES, "tenant": {"id": "t", "name": "t", "enabled": True}}
            self.answer(200, {"access": {"token": given, "serviceCatalog": catalog, "user": user}})

        def answer(self, status: int, document: dict[str, Any], fields: dict[str, str] | None = None) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(fields or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_given: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    keystone = Keystone(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield keystone
    finally:
        server.shutdown()
        server.server_close()
