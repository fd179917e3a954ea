# SPDX-License-Identifier: Apache-2.0
"""The object-store URL of Keystone's catalogue, held against the URLs at which a gateway answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from ..base.findings import Finding
from ..base.words import listed
from .token import Service

KIND = "object-store"
_PORTS = {"http": 80, "https": 443}


class Gateway(NamedTuple):
    """What clients have to be told. urls: where the gateways answer, without a path. prefix: rgw_swift_url_prefix."""

    urls: Sequence[str]
    account_in_url: bool
    prefix: str = "swift"


def swift_path(gateway: Gateway, project_id: str) -> str:
    """The path of a project's account (doc/radosgw/keystone.rst): Keystone puts the project's ID into the URL."""
    start = "" if gateway.prefix in ("", "/") else f"/{gateway.prefix.strip('/')}"
    return f"{start}/v1" + (f"/AUTH_{project_id}" if gateway.account_in_url else "")


def object_stores(catalogue: Sequence[Service], region: str) -> list[Service]:
    """The object-store endpoints of a region; of all regions if it is empty. Clients take the public one."""
    return [one for one in catalogue if one.kind == KIND and region in ("", one.region)]


def compare(catalogue: Sequence[Service], region: str, gateway: Gateway, project_id: str) -> Iterator[Finding]:
    """A finding for each endpoint that leads elsewhere than to the gateways."""
    wanted = [f"{url.rstrip('/')}{swift_path(gateway, project_id)}" for url in gateway.urls]
    for one in object_stores(catalogue, region):
        if any(_parts(one.url) == _parts(url) for url in wanted):
            continue
        place = f"the catalogue's {one.interface} URL of the service {one.name or KIND}"
        place += f" in region {one.region}" if one.region else ""
        yield Finding(
            f"{place} is {one.url}, and the gateway is at {listed(wanted)}: {_difference(one.url, wanted)}",
            "correct the endpoint (rgw_keystone_identity does so for endpoints of its own), or name the URL that "
            "clients use in catalogue_urls, or the region of these gateways in region",
        )


def _parts(url: str) -> tuple[str, str, int, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", _port(url), parts.path.rstrip("/")


def _port(url: str) -> int:
    parts = urlsplit(url)
    try:
        return parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return 0


def _difference(url: str, wanted: Sequence[str]) -> str:
    """What differs from the URL that is nearest, in words."""
    given = _parts(url)
    nearest = max(wanted, key=lambda one: sum(a == b for a, b in zip(given, _parts(one))))
    names = ("scheme", "host", "port", "path")
    return "another " + listed([name for name, a, b in zip(names, given, _parts(nearest)) if a != b])
