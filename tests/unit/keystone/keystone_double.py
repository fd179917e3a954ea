# SPDX-License-Identifier: Apache-2.0
"""A server that answers as Keystone's API v3, or as something else, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = {
    "issued_at": "2026-11-30T10:00:00.000000Z",
    "expires_at": "2026-11-30T11:00:00.000000Z",
    "user": {"id": "u1"},
    "project": {"id": "p1"},
    "roles": [{"name": "admin"}],
    "catalog": [],
}
Answers = dict[str, "tuple[int, Any]"]


@contextmanager
def answering(answers: Answers, value: str | None = "token-canary-91c2", date: str | None = None) -> Iterator[str]:
    """Answer each "METHOD /path" with a status and a document; the URL. date: of the header field Date."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, document = answers[f"{self.command} {self.path}"]
            content = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            if value is not None:
                self.send_header("X-Subject-Token", value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date or super().date_time_string(timestamp)

        def log_message(self, *_given: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
