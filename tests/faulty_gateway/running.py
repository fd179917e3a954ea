# SPDX-License-Identifier: Apache-2.0
"""The proxy in a thread of its own, for use in a test."""

from __future__ import annotations

import asyncio
import ssl
import threading
from pathlib import Path
from types import TracebackType

from .fault import Fault
from .faults import FAULTS
from .proxy import Proxy


class FaultyGateway:
    """A running proxy with the named faults: `with FaultyGateway("127.0.0.1", 8080, "status-0") as gateway`.

    A fault may be of a test's own, too. The proxy listens on `address`; clients in containers need that of docker's
    bridge. `url` says where, `requests` and `injected` are the proxy's records. With `certificate`, a file with a key
    and its certificate, it speaks TLS to its clients.
    """

    def __init__(
        self, host: str, port: int, *faults: str | Fault, certificate: Path | None = None, address: str = "127.0.0.1"
    ) -> None:
        shown = [one if isinstance(one, Fault) else FAULTS[one] for one in faults]
        self._proxy = Proxy(host, port, shown, tls=certificate is not None)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.requests = self._proxy.requests
        self.injected = self._proxy.injected
        self.url = ""
        self._address = address
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(certificate)

    def __enter__(self) -> FaultyGateway:
        self._thread.start()
        listening = asyncio.start_server(self._proxy.serve, self._address, 0, ssl=self._tls)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result(timeout=10)
        self.url = ("https" if self._tls else "http") + "://{}:{}".format(*self._server.sockets[0].getsockname())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
