# SPDX-License-Identifier: Apache-2.0
"""Does a registry give for each tag the manifest that its storage has for it?"""

from __future__ import annotations

from typing import Mapping, Sequence

from ...base.findings import Finding
from ...base.parallel import work_through
from ...http.outcomes import WrongAnswer
from ..api.client import OciRegistry
from ..api.content import INDEX_TYPE, MANIFEST_TYPE
from .blobs import fault

# Of a list of manifests, registry 2.8 gives another manifest to a client that does not name the list's type.
_ACCEPT = ", ".join(
    (
        MANIFEST_TYPE,
        INDEX_TYPE,
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
    )
)


def tag_faults(
    clients: Sequence[OciRegistry], tags: Mapping[tuple[str, str], str | None], seconds: float
) -> list[Finding]:
    """Ask for each tag, which has this digest in the storage, with each request in `seconds` at most."""

    def look(registry: OciRegistry, tag: tuple[str, str]) -> Finding | None:
        registry.begin(seconds)
        try:
            answer = registry.fetch("HEAD", f"/{tag[0]}/manifests/{tag[1]}", tag[0], _ACCEPT)
        except WrongAnswer as finding:
            return fault(":".join(tag), f"{finding} at {registry.url}")
        said = answer.header("Docker-Content-Digest")
        if said == tags[tag]:
            return None
        return fault(":".join(tag), f"is {said} at {registry.url}; it is {tags[tag]} in the storage")

    for registry in clients:
        registry.begin(seconds)
        registry.ping()
    done = work_through(clients, list(tags), look)
    return [fault for _index, fault in sorted(done.results.items()) if fault]
