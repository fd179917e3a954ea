# SPDX-License-Identifier: Apache-2.0
"""Which mirrors the container engines of a host are to use, read from a module's options.

Source: dockerd(8), `registry-mirrors`; containers-registries.conf(5), "Remapping and mirroring registries".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ...base.errors import InputError

__all__ = ["DOCKER", "ENGINES", "HUB", "PODMAN", "Mirror", "parse_mirrors"]

DOCKER, PODMAN = ENGINES = ("docker", "podman")
# The only registry for which docker asks mirrors.
HUB = "docker.io"

_URL = re.compile(r"(?P<scheme>https?)://(?P<authority>(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?)/?\Z", re.I | re.A)
_REGISTRY = re.compile(r"(\*\.)?[a-z0-9][a-z0-9._-]*(:[0-9]{1,5})?(/[a-z0-9._/-]+)?\Z", re.A)


@dataclass(frozen=True)
class Mirror:
    """A mirror of a registry.

    registry: name of the registry as in the names of images. authorities: text of a PEM file with the authorities of
    the mirror's certificate, empty for those of the system.
    """

    registry: str
    scheme: str
    authority: str
    authorities: str = ""

    @property
    def url(self) -> str:
        """URL of the mirror."""
        return f"{self.scheme}://{self.authority}"


def parse_mirrors(given: Sequence[Mapping[str, Any]], engines: Sequence[str]) -> List[Mirror]:
    """The mirrors, without two of one address. Raises InputError, OSError for a file that cannot be read."""
    seen: Dict[Tuple[str, str], int] = {}
    mirrors = []
    for number, entry in enumerate(given):
        place = f"mirrors[{number}]"
        mirror = _mirror(place, entry)
        if PODMAN not in engines and mirror.registry != HUB:
            raise InputError(
                f"{place}.registry: docker asks mirrors for images of {HUB} only, not of {mirror.registry}; remove the "
                "entry, or add podman to engines"
            )
        if (mirror.registry, mirror.authority) in seen:
            other = seen[mirror.registry, mirror.authority]
            raise InputError(f"{place}.url: the same mirror as mirrors[{other}]; remove one of them")
        seen[mirror.registry, mirror.authority] = number
        mirrors.append(mirror)
    return mirrors


def _mirror(place: str, given: Mapping[str, Any]) -> Mirror:
    url = _URL.match(given["url"])
    if not url:
        # The URL is not shown: it may hold a login.
        raise InputError(f"{place}.url: no URL of a host; write https://HOST:PORT, without a user and without a path")
    if not _REGISTRY.match(given["registry"]):
        raise InputError(f"{place}.registry: no registry; write its name as in the names of images, such as {HUB}")
    scheme = url["scheme"].lower()
    if given.get("ca_file") and scheme == "http":
        raise InputError(f"{place}.ca_file: a mirror with http shows no certificate; remove ca_file or write https")
    authorities = _authorities(f"{place}.ca_file", given["ca_file"]) if given.get("ca_file") else ""
    return Mirror(given["registry"], scheme, url["authority"].lower(), authorities)


def _authorities(place: str, path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise InputError(f"{place}: {path} has no certificate in PEM; name the file with the authorities' certificates")
    if "PRIVATE KEY-----" in text:
        raise InputError(f"{place}: {path} has a private key, which must not be copied; name a file with certificates")
    return text
