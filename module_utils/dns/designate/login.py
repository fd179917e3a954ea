# SPDX-License-Identifier: Apache-2.0
"""From a login of Keystone to Designate's API, by the service catalogue or by a URL that is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...base.errors import InputError, ToolError
from ...base.keystone_login import KeystoneLogin, shows_secrets
from ...base.words import listed
from ...keystone.client import Keystone
from ...keystone.token import Service, Token
from .client import Designate

KIND = "dns"


@dataclass(frozen=True)
class Place:
    """Where Designate is. url: empty to take that of the catalogue. allow_cleartext: whether http is good enough."""

    url: str = ""
    region: str = ""
    interface: str = "public"
    allow_cleartext: bool = False


def designate_for(keystone: Keystone, token: Token, place: Place, timeout: float) -> Designate:
    """Designate's API with a token; the authorities are those of Keystone. Raises InputError, ToolError."""
    url = place.url or _of_catalogue(
        token.catalogue, place, f"Designate in the catalogue of Keystone {keystone.endpoint}"
    )
    if shows_secrets(url) and not place.allow_cleartext:
        raise InputError(
            f"the URL of Designate, {url}, has no TLS, so the token would travel in clear text. Next: give an https "
            "URL as endpoint, or set allow_cleartext_secrets to true if nobody else is on that network."
        )
    try:
        endpoint = keystone.endpoint.elsewhere(url)
    except InputError as error:
        raise InputError(f"the URL of Designate, '{url}', cannot be used: {error}") from error
    return Designate(endpoint, token.value, timeout)


def project_of(login: KeystoneLogin) -> str:
    """The project of a login, as messages call it."""
    if login.application_credential:
        return f"the project of the application credential {login.user}"
    return f"the project {login.project}"


def _of_catalogue(catalogue: Sequence[Service], place: Place, what: str) -> str:
    services = [one for one in catalogue if one.kind == KIND]
    found = [one for one in services if one.interface == place.interface and place.region in ("", one.region)]
    urls = {one.url.rstrip("/") for one in found}
    if len(urls) == 1:
        return urls.pop()
    if urls:
        regions = listed(sorted({one.region for one in found}))
        raise ToolError("find", what, f"there is more than one, in the regions {regions}", "Name the region.")
    there = listed(sorted({f"{one.interface} in {one.region or 'no region'}" for one in services}))
    code = f"no {place.interface} endpoint of a service of the type {KIND}"
    code += f" in the region {place.region}" if place.region else ""
    hint = (
        f"The catalogue has {there}: name region and interface." if there else "Name the URL of Designate as endpoint."
    )
    raise ToolError("find", what, code, hint)
