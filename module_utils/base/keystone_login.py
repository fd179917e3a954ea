# SPDX-License-Identifier: Apache-2.0
"""Logins other than the gateway's own: users of Keystone, and tokens that somebody else has got.

Source: OpenStack Identity API v3, "Password authentication with scoped authorization" and "Authenticating with an
Application Credential". Keystone has had no API v2 since release Queens (13.0.0).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Any, Mapping
from urllib.parse import urlsplit

from .errors import InputError
from .login import Login

INTERFACES = ("public", "internal", "admin")
TEMPAUTH, KEYSTONE, PREAUTH = AUTHS = ("tempauth", "keystone", "preauth")
DEFAULT_DOMAIN = "Default"
_V2 = re.compile(r"/v2(\.0)?/?\Z")
_V3 = re.compile(r"/v3/?\Z")


@dataclass(frozen=True)
class KeystoneLogin:
    """Who asks Keystone for a token, and for which project.

    url: Keystone's, without the version of the API. login: a user's name and password, or id and secret of an
    application credential, which has its project already. region: empty for the first one of the catalogue. verified:
    whether Keystone's certificate is checked, with the authorities of `ca_file`, or the system's where that is empty.
    domain: for a token that is for a domain, in place of a project.
    """

    url: str
    login: Login
    project: str = ""
    project_domain: str = DEFAULT_DOMAIN
    user_domain: str = DEFAULT_DOMAIN
    region: str = ""
    interface: str = "public"
    application_credential: bool = False
    ca_file: str = ""
    verified: bool = True
    domain: str = ""

    @classmethod
    def of(cls, login: Login, options: Mapping[str, Any]) -> KeystoneLogin:
        """The login with the options of modules, None for what is not given. Raises InputError."""
        given = {name: value for name, value in options.items() if value is not None}
        verified = given.pop("validate_certs", True)
        url = keystone_url(given.pop("url", ""), not verified, "validate_certs to false")
        made = cls(url, login, verified=verified, **given)
        if made.application_credential and made.project:
            raise InputError("project: an application credential is for one project already. Next: leave project out.")
        if not (made.application_credential or made.project):
            raise InputError("project: a token without a project opens no storage. Next: name the user's project.")
        if made.interface not in INTERFACES:
            raise InputError(f"interface: '{made.interface}' is none of {', '.join(INTERFACES)}.")
        return made

    @property
    def user(self) -> str:
        """Whom reports name."""
        return self.login.user

    @property
    def v3_url(self) -> str:
        """Keystone's URL as most clients take it."""
        return f"{self.url}/v3"


@dataclass(frozen=True)
class TokenLogin:
    """A token that was got elsewhere, with the storage URL that it is for. user: whom reports name."""

    user: str
    storage_url: str
    token: str = field(repr=False)


def keystone_url(url: str, allow_cleartext: bool, choice: str) -> str:
    """Keystone's URL without the version of the API.

    allow_cleartext: whether passwords may travel to another host without TLS; choice: how a user would say so.
    Raises InputError for a URL that passwords must not be sent to.
    """
    given = url.strip()
    if _V2.search(given):
        raise InputError(
            f"url: {given} is of the API v2, which Keystone has not had since release Queens (2018). "
            f"Next: write {_V2.sub('/v3', given)}"
        )
    if not allow_cleartext and shows_secrets(given):
        host = urlsplit(given).hostname or "Keystone"
        raise InputError(
            f"url: {given} has no TLS, so passwords and tokens would travel to {host} in clear text. "
            f"Next: write Keystone's https URL, or set {choice} if nobody else is on that network."
        )
    return without_version(given)


def shows_secrets(url: str) -> bool:
    """Whether what is sent to a URL travels to another host without TLS."""
    return not url.lower().startswith("https://") and not _is_loopback(urlsplit(url).hostname or "")


def without_version(url: str) -> str:
    """The URL of Keystone as radosgw takes it, which adds /v3 itself."""
    return _V3.sub("", url.strip()).rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
