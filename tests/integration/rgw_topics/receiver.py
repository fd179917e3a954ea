# SPDX-License-Identifier: Apache-2.0
"""A receiver of events by HTTP, in this process, at the address where the gateway's container sees this host."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Event:
    """A request of the gateway. records: those of its body."""

    path: str
    headers: Mapping[str, str]
    records: list[dict[str, Any]]

    @property
    def keys(self) -> list[str]:
        return [record["s3"]["object"]["key"] for record in self.records]


@dataclass
class Receiver:
    """Where it listens, and what came in."""

    url: str
    events: list[Event] = field(default_factory=list)

    def at(self, path: str) -> list[Event]:
        """The events that came to a path."""
        return [event for event in self.events if event.path == path]

    def wait(self, path: str, key: str, seconds: float) -> Event:
        """Wait for the event of an object."""
        until = time.monotonic() + seconds
        while True:
            for event in self.at(path):
                if key in event.keys:
                    return event
            assert time.monotonic() < until, f"no event of '{key}' came to {path} within {seconds} s: {self.events}"
            time.sleep(0.05)


def host_address(container: str) -> str:
    """The address of this host on the container's network."""
    form = "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}"
    done = subprocess.run(
        ["docker", "inspect", f"--format={form}", container], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@contextmanager
def running_receiver(address: str) -> Iterator[Receiver]:
    """Receive events at an address, on any free port."""
    server = ThreadingHTTPServer((address, 0), _Handler)
    receiver = Receiver(f"http://{address}:{server.server_address[1]}")
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        event = Event(self.path, dict(self.headers), json.loads(body).get("Records", []))
        self.server.receiver.events.append(event)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
