# SPDX-License-Identifier: Apache-2.0
"""A swift that lets everybody in and writes down who came with which key: what a registry has read, it says."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterator


class Recorder(ThreadingHTTPServer):
    """`keys` holds each user's key."""

    # As many registries as a test starts call at once.
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys: dict[str, str] = {}
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder

    def do_GET(self) -> None:
        user = self.headers.get("X-Auth-User")
        if user:
            # http.server reads headers as latin-1; the registry sends UTF-8.
            self.server.keys[user] = self.headers["X-Auth-Key"].encode("latin-1").decode()
        self.send_response(204 if user else 404)
        self.send_header("X-Storage-Url", f"{self.server.url}/swift/v1")
        self.send_header("X-Auth-Token", "token")
        if not user:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def recording() -> Iterator[Recorder]:
    """A running recorder."""
    with Recorder() as recorder:
        thread = threading.Thread(target=recorder.serve_forever, daemon=True)
        thread.start()
        yield recorder
        recorder.shutdown()
        thread.join()
