# SPDX-License-Identifier: Apache-2.0
"""Where a topic sends its events: a URL, apart from the user and the password in it.

Sources: Ceph documentation "Bucket Notifications" (radosgw/notifications), "Create a Topic"; what Ceph 16.2.15 and
18.2.7 answered to other URLs. They take any scheme, and the events of an unknown one are lost.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from ...base.errors import InputError
from ...base.login import Login

SCHEMES = ("http", "https", "amqp", "amqps", "kafka")
_LONGEST = 2048
_URL = re.compile(
    r"(?P<scheme>[a-z]+)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>[0-9]{1,5}))?(?P<rest>[/?][!-~]*)?"
)
_USERINFO = re.compile(r"(?<=://)([^/?#@]*)@")
# Letters, digits and what needs no escape in a URL (RFC 3986, section 2.3).
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+")


class PushEndpoint(NamedTuple):
    """A URL without user and password, and the two."""

    url: str
    login: Login | None

    @property
    def scheme(self) -> str:
        """The URL's scheme, empty without a URL."""
        return self.url.partition("://")[0].lower() if self.url else ""

    def __str__(self) -> str:
        """The URL as CreateTopic takes it, with the secret in it."""
        if self.login is None:
            return self.url
        scheme, _sign, rest = self.url.partition("://")
        return f"{scheme}://{quote(self.login.user, safe='')}:{quote(self.login.secret, safe='')}@{rest}"


def split(url: str) -> PushEndpoint:
    """A URL as a gateway keeps it, taken apart."""
    found = _USERINFO.search(url)
    if found is None:
        return PushEndpoint(url, None)
    user, _sign, secret = found[1].partition(":")
    return PushEndpoint(_USERINFO.sub("", url, count=1), Login(unquote(user), unquote(secret)))


def checked_url(given: str) -> str:
    """A URL that an entry may give. Raises InputError, whose text does not show the URL: a secret may be in it."""
    if "@" in given.partition("?")[0]:
        raise InputError("holds a user or a password; give them as 'user' and as 'password' or 'password_file'.")
    scheme = given.partition("://")[0] if "://" in given else ""
    if scheme not in SCHEMES:
        raise InputError(f"must begin with one of {', '.join(f'{name}://' for name in SCHEMES)}.")
    parts = _URL.fullmatch(given)
    if parts is None or len(given) > _LONGEST or not 1 <= int(parts["port"] or 1) <= 65535 or "#" in given:
        raise InputError(
            f"must be a URL like {scheme}://receiver.example:8080, in visible ASCII of at most {_LONGEST} characters, "
            "with a port of 1 to 65535 if any."
        )
    path = urlsplit(given).path
    if scheme == "kafka" and parts["rest"]:
        raise InputError("a kafka URL ends after host and port: the topic at the broker has the name of this one.")
    if scheme.startswith("amqp") and ("?" in given or "/" in path.lstrip("/") or path.startswith("//")):
        raise InputError("an amqp URL ends after the virtual host; write a slash in its name as %2F.")
    return given


def problem_with_login(scheme: str, user: str, secret: str) -> str:
    """Why a user and a password cannot be part of such a URL; empty if nothing is against it."""
    if not user or not secret:
        return "user and password must not be empty: RGW refuses a URL with one of them only."
    # For amqp and http they are decoded again (http: seen on 18.2.7).
    if scheme == "kafka" and not (_UNRESERVED.fullmatch(user) and _UNRESERVED.fullmatch(secret)):
        return "user and password of a kafka URL are made of letters, digits and . _ ~ -, as RGW does not decode them."
    return ""


def is_in_clear(scheme: str, use_ssl: bool) -> bool:
    """Whether the gateway speaks to the receiver without TLS."""
    return scheme in ("http", "amqp") or (scheme == "kafka" and not use_ssl)
