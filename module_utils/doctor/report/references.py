# SPDX-License-Identifier: Apache-2.0
"""Addresses of what a text refers to: issues, Ceph's tracker, RFCs, files of a project's release, pages."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Optional

_REFERENCE = re.compile(
    r"""
    (?P<url>https?://[^\s<>"'`]*[\w/#=-])
    | \b(?P<project>[\w.-]+/[\w.-]+)\#(?P<issue>[0-9]+)
    | \btracker\ (?P<tracker>[0-9]+)
    | \bRFC\ (?P<rfc>[0-9]+)(?:,\ section\ (?P<section>[0-9]+(?:\.[0-9]+)*))?
    | \b(?P<source>[\w-]+/[\w.-]+)\ (?P<tag>v[0-9]+(?:\.[0-9]+)*)(?:\ (?P<path>\w[\w.-]*(?:/[\w.-]+)+))?
    """,
    re.VERBOSE | re.ASCII,
)


class Piece(NamedTuple):
    """A part of a text, and the address to which it refers, None for a part between references."""

    text: str
    address: Optional[str]


def pieces(text: str) -> Iterator[Piece]:
    """The text in its order, in which each reference is a piece of its own.

    `owner/name#1` is an issue or pull request on GitHub, `tracker 1` one of Ceph's, `RFC 1, section 2` a section, and
    `owner/name v1.0 path` a file or folder of a release on GitHub.
    """
    end = 0
    for match in _REFERENCE.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()], None)
        yield Piece(match[0], _address(match))
        end = match.end()
    if end < len(text):
        yield Piece(text[end:], None)


def _address(match: re.Match[str]) -> str:
    if match["url"]:
        return match["url"]
    if match["issue"]:
        return f"https://github.com/{match['project']}/issues/{match['issue']}"
    if match["tracker"]:
        return f"https://tracker.ceph.com/issues/{match['tracker']}"
    if match["rfc"]:
        section = f"#section-{match['section']}" if match["section"] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{match['rfc']}{section}"
    path = f"/{match['path']}" if match["path"] else ""
    return f"https://github.com/{match['source']}/tree/{match['tag']}{path}"
