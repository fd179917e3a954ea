# SPDX-License-Identifier: Apache-2.0
"""URLs and addresses as a program in Go reads them: what its parser refuses is said without the value.

Source: Go 1.19, net/url (parse, getScheme, parseHost) and net (SplitHostPort, LookupPort).
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST_CHARACTERS = re.compile(r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])*")
_USER_CHARACTERS = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:%@]*")
# Those of Go itself; a host may know more names.
_SERVICES = frozenset(("domain", "ftp", "ftps", "gopher", "http", "https", "imap2", "imap3", "imaps", "pop3", "pop3s"))
_MORE_SERVICES = frozenset(("smtp", "ssh", "telnet"))
_MOST_PORT = 65535


class GoUrl(NamedTuple):
    """A URL's parts as far as they matter here; problem: what Go's parser says of the URL, "" for nothing."""

    scheme: str
    host: str
    path: str
    problem: str = ""

    @property
    def is_http(self) -> bool:
        """Whether a client of HTTP can send a request there."""
        return not self.problem and self.scheme in ("http", "https") and bool(self.host.partition(":")[0] or self.host)


def _wrong(problem: str) -> GoUrl:
    return GoUrl("", "", "", problem)


def parsed(text: str) -> GoUrl:
    """The parts of a URL."""
    if re.search(r"[\x00-\x1f\x7f]", text):
        return _wrong("a control character in it")
    rest = text.partition("#")[0]
    if rest.startswith(":"):
        return _wrong("no scheme before the colon")
    match = _SCHEME.match(rest)
    scheme = match[1].lower() if match else ""
    rest = rest[match.end() :] if match else rest
    rest = rest.partition("?")[0]
    if scheme and not rest.startswith("/"):
        return GoUrl(scheme, "", "")
    if not scheme and ":" in rest.partition("/")[0]:
        return _wrong("no scheme (http:// or https://) before the host")
    authority = ""
    if rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
    user, _at, host = authority.rpartition("@")
    problem = _host_problem(host)
    if not _USER_CHARACTERS.fullmatch(user):
        problem = "a character in its user part that has to be written as %XX"
    if re.search(r"%(?![0-9A-Fa-f]{2})", rest):
        problem = "a % that two hexadecimal digits do not follow"
    return _wrong(problem) if problem else GoUrl(scheme, host, rest)


def _host_problem(host: str) -> str:
    if host.startswith("["):
        inside, bracket, after = host.rpartition("]")
        if not bracket:
            return "a bracket of the host that does not close"
        port = after
        host = inside[1:]
    else:
        host, colon, digits = host.rpartition(":") if ":" in host else (host, "", "")
        port = colon + digits
    if port and not re.fullmatch(r":\d*", port):
        return "a port that is no number"
    return "" if _HOST_CHARACTERS.fullmatch(host) else "a character that a host cannot have"


def address_problem(text: str) -> Optional[str]:
    """What keeps Go from listening on an address, or from calling one; None where nothing does."""
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        return "no port in it"
    if host.startswith("["):
        if not host.endswith("]") or "[" in host[1:]:
            return "brackets that do not close"
    elif ":" in host:
        return "more than one colon outside brackets"
    elif "[" in text or "]" in text:
        return "a bracket in the wrong place"
    if re.search(r"[\s/@\x00-\x1f]", host):
        return "a character that a host cannot have"
    return _port_problem(port)


def _port_problem(port: str) -> Optional[str]:
    if re.fullmatch(r"[-+]?\d+", port):
        return None if 0 <= int(port) <= _MOST_PORT else f"a port that is not within 0 and {_MOST_PORT}"
    if not port or port.lower() in _SERVICES | _MORE_SERVICES:
        return None
    return "a port that is no number"
