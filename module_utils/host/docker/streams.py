# SPDX-License-Identifier: Apache-2.0
"""What the docker daemon streams: events as JSON lines, and a container's output in frames.

Docker Engine API 1.41, "Stream format" of POST /containers/{id}/attach; 1.25 to 1.53 have the same.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, Iterator

from ...base.remote_json import loads

_HEADER_BYTES = 8
# Beside standard input, output and error (0, 1, 2): what the daemon itself has to say of a stream (moby, stdcopy).
_SYSTEM_ERROR = 3


def events(blocks: Iterable[bytes]) -> Iterator[Dict[str, Any]]:
    """The events of a pull, push, build or import. Raises ValueError for an event that is an error, and for no JSON."""
    for line in _lines(blocks):
        event = _event(line)
        # The field error is older and may go (Engine API 1.52, "Deprecated").
        detail = event.get("errorDetail") or {}
        said = detail.get("message") if isinstance(detail, dict) else None
        if said or event.get("error"):
            raise ValueError(str(said or event["error"]))
        yield event


def _event(line: bytes) -> Dict[str, Any]:
    try:
        event = loads(line)
    except ValueError as error:
        raise ValueError(f"the docker daemon sent an event that is no JSON ({error})") from None
    if not isinstance(event, dict):
        raise ValueError("the docker daemon sent an event that is no JSON object")
    return event


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        yield from (line for line in whole if line.strip())
    if rest.strip():
        yield rest


def output(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """What a container without a terminal wrote to standard output and error, as it comes, without the frames' headers.

    Raises ValueError where the daemon reports an error, for a stream without frames, and for one that ends within one.
    """
    header, error, left, kind = b"", b"", 0, 0
    for block in blocks:
        while block:
            if not left:
                missing = _HEADER_BYTES - len(header)
                header, block = header + block[:missing], block[missing:]
                if len(header) < _HEADER_BYTES:
                    break
                kind, left = _frame(header)
                header = b""
            part, block = block[:left], block[left:]
            left -= len(part)
            if kind == _SYSTEM_ERROR:
                error += part
            elif part:
                yield part
    if error:
        raise ValueError(error.decode(errors="replace").strip())
    if left or header:
        raise ValueError("the output of the container ended early")


def _frame(header: bytes) -> tuple[int, int]:
    """Kind and length of a frame."""
    if header[0] > _SYSTEM_ERROR or header[1:4] != b"\0\0\0":
        raise ValueError("the docker daemon sent no frames of a container's output")
    return header[0], int.from_bytes(header[4:], "big")
