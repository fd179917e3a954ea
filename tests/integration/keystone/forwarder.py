# SPDX-License-Identifier: Apache-2.0
"""A port of this host whose connections go to another one."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def forwarded(address: str, host: str, port: int) -> Iterator[int]:
    """Forward a free port of an address of this host; its number."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((host, port)) as there:
                back = Thread(target=_copy, args=(there, self.request), daemon=True)
                back.start()
                _copy(self.request, there)
                back.join()

    ThreadingTCPServer.daemon_threads = True
    with ThreadingTCPServer((address, 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """All that comes until the end, and then the end."""
    try:
        while content := source.recv(65536):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        target.close()
