# SPDX-License-Identifier: Apache-2.0
"""A proxy that has signed people in and says who they are, in headers that anybody could write.

So a request counts as the proxy's only if it comes from the proxy's address and carries the proxy's secret.
"""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers

from module_utils.base.text import to_bytes

from ..config import ProxySettings, secret_in
from ..problems import NotSignedIn
from .addresses import is_in
from .caller import Identity

_NOT_THE_PROXY = "The headers that say who you are did not come from the trusted proxy."


class ProxyCheck:
    """Reads who somebody is from the headers of the trusted proxy."""

    def __init__(self, settings: ProxySettings) -> None:
        """Raises InputError for a secret file that cannot be used."""
        self._settings = settings
        self._secret = to_bytes(secret_in(settings.secret_file).value)

    def is_asked(self, headers: Headers) -> bool:
        """Whether a request claims to be the proxy's."""
        own = self._settings
        return any(name in headers for name in (own.subject_header, own.groups_header, own.secret_header))

    def identity(self, headers: Headers, peer: str) -> Identity:
        """Whom the proxy names. Raises NotSignedIn if it is not the proxy, or names nobody."""
        own = self._settings
        given = _field(headers, own.secret_header)
        if not hmac.compare_digest(given, self._secret) or not is_in(peer, own.addresses):
            raise NotSignedIn(_NOT_THE_PROXY)
        subject = _text(headers, own.subject_header).strip()
        if not 0 < len(subject) <= 255 or not subject.isprintable():
            raise NotSignedIn("The proxy does not say who you are.")
        groups = (name.strip() for name in _text(headers, own.groups_header).split(","))
        return Identity(subject, frozenset(name for name in groups if name and name.isprintable()))


def _field(headers: Headers, name: str) -> bytes:
    """The bytes of a field. Raises NotSignedIn for two: a proxy that adds one to that of a client has removed none."""
    given = headers.getlist(name)
    if len(given) > 1:
        raise NotSignedIn(f"The request has more than one {name}.")
    return given[0].encode("latin-1") if given else b""  # as Starlette has read them


def _text(headers: Headers, name: str) -> str:
    try:
        return _field(headers, name).decode()
    except UnicodeDecodeError:
        raise NotSignedIn(f"{name} is no UTF-8.") from None
