# SPDX-License-Identifier: Apache-2.0
"""The proxy itself: one connection to the gateway for each of a client's, kept alive on both sides."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Callable, Iterable, TypeVar

from .fault import Fault, Reply
from .messages import Request, Response, read_head, read_response_body, request_body

Noted = TypeVar("Noted", Reply, Request)


class _TooLarge(Exception):
    """A body is larger than what a fault lets through."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Proxy:
    """With `tls` its clients speak TLS, and X-Storage-Url is rewritten for them, as a good ingress does.

    `requests` holds the request lines seen, `injected` the name and request line of each fault that was shown."""

    def __init__(
        self,
        host: str,
        port: int,
        faults: Iterable[Fault],
        log: Callable[[str], None] = lambda line: None,
        tls: bool = False,
    ) -> None:
        self.requests: list[str] = []
        self.injected: list[tuple[str, str]] = []
        self._host = host
        self._port = port
        self._faults = list(faults)
        self._log = log
        self._tls = tls

    async def serve(self, client: StreamReader, to_client: StreamWriter) -> None:
        """Carry one client's connection until either side ends it."""
        try:
            upstream, to_upstream = await asyncio.open_connection(self._host, self._port)
        except OSError as error:
            self._log(f"no connection to {self._host}:{self._port}: {error}")
            to_client.close()
            return
        try:
            while await self._exchange(client, to_client, upstream, to_upstream):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # One side went away, or the proxy ends: so does the other.
        finally:
            to_upstream.close()
            to_client.close()

    async def _exchange(
        self, client: StreamReader, to_client: StreamWriter, upstream: StreamReader, to_upstream: StreamWriter
    ) -> bool:
        """One request and its answer; False when the connection is not to carry another."""
        head = await read_head(client)
        if head is None:
            return False
        request = Request(head)
        self.requests.append(request.first_line)
        self._log(request.first_line)
        reply = self._reply_to(request)
        if isinstance(reply, Request):
            request, reply = reply, None
        goes_on = True
        if reply is None:
            try:
                response = await self._forward(request, client, to_client, upstream, to_upstream)
            except _TooLarge as error:
                await _write(self._noted(error.fault, request, error.fault.on_large), client, to_client)
                return False
            if self._tls and response.header("X-Storage-Url"):
                url = (response.header("X-Storage-Url") or "").replace("http://", "https://")
                response.head = response.with_header("X-Storage-Url", url)[: -len(response.body) or None]
            reply = self._reply_for(request, response) or Reply(response.head + response.body)
            goes_on = not (request.closes or response.closes)
        elif not request.expects_continue:
            async for _ in request_body(request, client):
                pass
        return await _write(reply, client, to_client) and goes_on

    async def _forward(
        self,
        request: Request,
        client: StreamReader,
        to_client: StreamWriter,
        upstream: StreamReader,
        to_upstream: StreamWriter,
    ) -> Response:
        """Pass the request on and return the final answer; interim ones go to the client on the way."""
        to_upstream.write(request.head)
        if not request.expects_continue:
            await self._pass_body(request, client, to_upstream)
        while True:
            head = await read_head(upstream)
            if head is None:
                raise ConnectionError("the gateway closed the connection")
            response = Response(head)
            if response.status >= 200:
                response.body = await read_response_body(request.method, response, upstream)
                return response
            to_client.write(head)
            if response.status == 100 and request.expects_continue:
                await self._pass_body(request, client, to_upstream)

    async def _pass_body(self, request: Request, client: StreamReader, to_upstream: StreamWriter) -> None:
        limited = [fault for fault in self._faults if fault.body_limit is not None]
        passed = 0
        async for piece in request_body(request, client):
            passed += len(piece)
            for fault in limited:
                if passed > (fault.body_limit or 0):
                    raise _TooLarge(fault)
            to_upstream.write(piece)
            await to_upstream.drain()

    def _reply_to(self, request: Request) -> Reply | Request | None:
        for fault in self._faults:
            reply = fault.on_request(request)
            if reply:
                return self._noted(fault, request, reply)
        return None

    def _reply_for(self, request: Request, response: Response) -> Reply | None:
        for fault in self._faults:
            reply = fault.on_answer(request, response)
            if reply:
                return self._noted(fault, request, reply)
        return None

    def _noted(self, fault: Fault, request: Request, reply: Noted) -> Noted:
        self.injected.append((fault.name, request.first_line))
        self._log(f"{fault.name}: {request.first_line}")
        return reply


async def _write(reply: Reply, client: StreamReader, to_client: StreamWriter) -> bool:
    """Write the reply as it is meant; False when the connection is not to carry another exchange."""
    if reply.hang:
        await client.read()  # Until the client gives up.
        return False
    await asyncio.sleep(reply.delay)
    pieces = [reply.data[at : at + 1] for at in range(len(reply.data))] if reply.pause else [reply.data]
    for piece in pieces:
        to_client.write(piece)
        await to_client.drain()
        await asyncio.sleep(reply.pause)
    if reply.cut:
        to_client.transport.abort()
        return False
    await client.readexactly(reply.swallow)
    return True
