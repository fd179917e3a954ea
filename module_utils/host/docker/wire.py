# SPDX-License-Identifier: Apache-2.0
"""One call of the Docker Engine API: a connection of its own, HTTP/1.1, and a limit on its time."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any, Dict, Generator, Iterable, Iterator, Mapping, NamedTuple, Optional, Union
from urllib.parse import urlencode

from ...base.errors import ToolError
from ...base.remote_json import loads
from ...http.deadline import Deadline
from .endpoint import Endpoint

_BLOCK_BYTES = 65536
_LOG = "Read the docker daemon's log (journalctl -u docker)."
_HINTS = {
    404: "Check the name.",
    409: "Check the state of the container or image (docker ps -a).",
}
Body = Union[None, Dict[str, Any], bytes, Iterable[bytes]]


class Call(NamedTuple):
    """operation, target: what the call is for, in the words of ToolError.

    stream: the body is a tar file that is being made, or the answer goes on as long as a program runs. The limit then
    holds for each pause instead of the whole call. hint: what to do about an error that the daemon reports in a stream.
    """

    operation: str
    target: str
    method: str
    path: str
    query: Mapping[str, Any] = {}
    body: Body = None
    headers: Mapping[str, str] = {}
    stream: bool = False
    hint: str = _LOG


class Wire:
    """The way to the daemon. timeout: seconds that one call may take, in a stream that one pause may take."""

    def __init__(self, endpoint: Endpoint, timeout: float) -> None:
        self._endpoint = endpoint
        self._timeout = timeout

    def document(self, call: Call) -> Dict[str, Any]:
        """The JSON object that the daemon answers with. Raises ToolError."""
        with self.failures(call):
            found = self.value(call)
            if not isinstance(found, dict):
                raise ValueError("the docker daemon answered with something else than a JSON object")
            return found

    def value(self, call: Call) -> Any:
        """What the daemon answers with, from JSON. Raises ToolError."""
        with self.failures(call):
            return loads(b"".join(self._answer(call)))

    def do(self, call: Call) -> None:
        """Make a call whose answer says nothing but that it has succeeded. Raises ToolError."""
        with self.failures(call):
            for _block in self._answer(call):
                pass

    def blocks(self, call: Call) -> Generator[bytes, None, None]:
        """The body of the answer as it comes; close() ends the connection. Raises ToolError, also in the middle."""
        with self.failures(call):
            yield from self._answer(call)

    def _answer(self, call: Call) -> Iterator[bytes]:
        limit = _Limit(self._timeout, call.stream)
        with self._endpoint.connect(self._timeout) as sock:
            limit.arm(sock)
            with self._asked(call, sock, limit) as response:
                body = _body(response, sock, limit)
                if response.status >= 400:
                    said = _message(b"".join(body)) or response.reason
                    hint = _HINTS.get(response.status, _LOG)
                    raise ToolError(call.operation, call.target, said, hint, response.status)
                yield from body

    def _asked(self, call: Call, sock: socket.socket, limit: _Limit) -> HTTPResponse:
        connection = HTTPConnection("docker")
        connection.sock = sock
        query = f"?{urlencode(call.query, doseq=True)}" if call.query else ""
        headers = {"Connection": "close", **call.headers}
        body = call.body
        if isinstance(body, dict):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif body is not None and not isinstance(body, bytes):
            body = _armed(body, sock, limit)
        # A daemon that closes the connection before it has the whole body may have said why.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(call.method, call.path + query, body, headers)
        limit.arm(sock)
        return connection.getresponse()

    @contextmanager
    def failures(self, call: Call) -> Iterator[None]:
        """Raises ToolError for what can go wrong on the way, and for a ValueError about what came."""
        try:
            yield
        except socket.timeout as error:
            spell = f"nothing came for {self._timeout:g} s" if call.stream else f"no answer within {self._timeout:g} s"
            raise ToolError(call.operation, call.target, f"{spell} from the docker daemon", _LOG) from error
        except ValueError as error:  # no JSON, no frames, or an error that the daemon reports in a stream
            raise ToolError(call.operation, call.target, str(error), call.hint) from error
        except (HTTPException, OSError) as error:
            said = f"the docker daemon at {self._endpoint} ended the connection early ({type(error).__name__})"
            raise ToolError(call.operation, call.target, said, _LOG) from error


class _Limit:
    """What is left for a call's next step."""

    def __init__(self, seconds: float, each_step: bool) -> None:
        self._seconds = seconds
        self._whole: Optional[Deadline] = None if each_step else Deadline(seconds)

    def arm(self, sock: socket.socket) -> None:
        (self._whole or Deadline(self._seconds)).arm(sock)


def _armed(body: Iterable[bytes], sock: socket.socket, limit: _Limit) -> Iterator[bytes]:
    for block in body:
        limit.arm(sock)
        yield block


def _body(response: HTTPResponse, sock: socket.socket, limit: _Limit) -> Iterator[bytes]:
    """The body as it comes. Raises ValueError where fewer bytes come than were announced."""
    left = response.length  # None: chunks, or all until the daemon closes the connection
    while left is None or left > 0:
        limit.arm(sock)
        block = response.read1(_BLOCK_BYTES)
        if not block:
            break
        left = None if left is None else left - len(block)
        yield block
    if left:
        raise ValueError("the answer of the docker daemon ended early")


def _message(body: bytes) -> str:
    try:
        document = loads(body)
    except ValueError:
        return body.decode(errors="replace").strip()
    return str(document.get("message", "")) if isinstance(document, dict) else ""
