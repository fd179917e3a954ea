# SPDX-License-Identifier: Apache-2.0
"""The catalogue of probes, in the order in which they run, and the choice among them."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import Iterable, Sequence

from ..base.errors import InputError
from ..http.outcomes import WrongAnswer
from .probe import Probe
from .probes.auth import AUTH, AUTH_PROBES, STORAGE_URL, check_auth
from .probes.head import HEAD_PROBES
from .probes.latency import LATENCY_PROBES
from .probes.limits import LIMITS_PROBES, STORE_OBJECT, check_store_object
from .probes.manifest import MANIFEST_PROBES
from .probes.registry import REGISTRY_PROBES
from .probes.s3 import S3_PROBES
from .session import SwiftSession

# The gates come first: who is not let in or cannot store need not be asked further. That clients go elsewhere is worth
# to be known in any case.
PROBES = (
    AUTH,
    STORAGE_URL,
    STORE_OBJECT,
    *HEAD_PROBES,
    *MANIFEST_PROBES,
    *REGISTRY_PROBES,
    *LIMITS_PROBES,
    *AUTH_PROBES[2:],
    *LATENCY_PROBES,
    *S3_PROBES,
)
GROUPS = tuple(dict.fromkeys(probe.group for probe in PROBES))
# What the groups are about, for people.
GROUP_TITLES = {
    "auth": "Login and tokens",
    "limits": "Storage and its limits",
    "head": "HEAD, large objects and connections",
    "registry": "What the registry's swift driver asks",
    "latency": "Waiting times",
    "s3": "S3, as the registry's s3 driver uses it",
    "ready": "Readiness",
}


def check_ready(session: SwiftSession) -> None:
    """Get a token, then store, read, HEAD and remove an object.

    A gateway with a HEAD that is wrong is as ready as it will ever be: the probes say what is wrong with it.
    """
    check_auth(session)
    try:
        check_store_object(session)
    except WrongAnswer:
        if not session.goes_on:
            raise


# Not in the catalogue: what a caller waits for before any probe makes sense.
READY = replace(
    STORE_OBJECT,
    name="ready",
    group="ready",
    cause="The gateway answers, but does not yet store objects.",
    remedy="Look at the health of the cluster and the gateway's log, or wait longer.",
    check=check_ready,
)


def select(names: Iterable[str], groups: Iterable[str] = ()) -> list[Probe]:
    """The probes of these names and of these groups in the catalogue's order, all for none; `auth` always comes first.

    Raises InputError for an unknown name or group, with the nearest known ones.
    """
    wanted, wanted_groups = set(names), set(groups)
    _expect_known("probe", wanted, [probe.name for probe in PROBES])
    _expect_known("group", wanted_groups, GROUPS)
    everything = not (wanted or wanted_groups)
    return [
        probe for probe in PROBES if everything or probe is AUTH or probe.name in wanted or probe.group in wanted_groups
    ]


def _expect_known(kind: str, wanted: Iterable[str], known: Sequence[str]) -> None:
    for name in sorted(set(wanted).difference(known)):
        nearest = difflib.get_close_matches(name, known, cutoff=0.4)
        hint = f"did you mean {' or '.join(nearest)}?" if nearest else f"take some of {', '.join(known)}"
        raise InputError(f"there is no {kind} {name!r}; {hint}")
