# SPDX-License-Identifier: Apache-2.0
"""For which registry a gateway is fit: which probes have to be ok for which version and storage driver.

A driver's `needs` have to be ok: one that failed makes the gateway unfit, one that was skipped or not asked leaves its
fitness unknown. What it is `harmed_by` must not have failed, and need not have been asked. Warnings decide nothing.
Registry 3 has no swift driver (distribution c6b9944).
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from ...base.words import FAIL, PASS, SKIP
from .text import outcome

YES, NO, UNKNOWN = "yes", "no", "unknown"
# Not a probe, but what many objects over many connections showed.
LOAD = "load"


class Driver(NamedTuple):
    """A storage driver of some versions of the registry."""

    versions: Sequence[str]
    driver: str
    needs: frozenset[str]
    harmed_by: frozenset[str]


# What the swift driver asks, and what its requests rest on (distribution 2.8.3, registry/storage/driver/swift).
SWIFT_NEEDS = frozenset(
    {
        "auth",
        "storage-url",
        "store-object",
        "plain-object",
        "head-not-found",
        "rejected-put",
        "chunked-put",
        "empty-range",
        "head-empty-manifest",
        "get-empty-manifest",
        "empty-segment",
        "manifest-size",
        "registry-push",
        "list-folder",
        "list-after-delete",
        "copy-object",
        "long-object-name",
        "segment-size",
        "full-pages",
        "bogus-token",
    }
)
# Questions that not every gateway or run lets a probe ask, and logins that let in who has no key.
SWIFT_HARMED_BY = frozenset(
    {
        "registry-container",
        "temp-url",
        "expired-token",
        "wrong-key",
        "empty-key",
        "revoked-token",
        "no-project",
        LOAD,
    }
)

# Registries 2.8, 3.0 and 3.1 speak S3 by the same library (aws-sdk-go 1) and with the same requests. Like swift's PUT,
# its larger uploads wait for 100-continue, and the connections are the gateway's frontend's for both.
S3_NEEDS = frozenset({"s3-object", "s3-list", "s3-copy", "s3-multipart"})
S3_HARMED_BY = frozenset({"head-not-found", "rejected-put", LOAD})

DRIVERS = (
    Driver(("2.8",), "swift", SWIFT_NEEDS, SWIFT_HARMED_BY),
    Driver(("2.8",), "s3", S3_NEEDS, S3_HARMED_BY),
    Driver(("3.0", "3.1"), "s3", S3_NEEDS, S3_HARMED_BY),
)

# Probes of severity error that decide nothing here: the driver keeps segments in the manifest's own container; it has
# nothing in a prefix to percent-encode; and a suspended user is no registry's.
DECIDES_NOTHING = frozenset({"missing-segments", "encoded-prefix", "suspended-user"})


def fitness(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For each driver what a run says of it: `fit` (YES, NO or UNKNOWN) and the names of what decided.

    `failed` names what makes it unfit, `unproven` what was skipped or not asked.
    """
    outcomes = {verdict["probe"]: outcome(verdict) for verdict in run["verdicts"]}
    if run["load"]:
        outcomes[LOAD] = FAIL if run["load"]["wrong"] else PASS
    return [_fitness(driver, outcomes) for driver in DRIVERS]


def combined(fits: Sequence[str]) -> str:
    """The fitness of a gateway that several hosts looked at: the worst that one of them saw."""
    return NO if NO in fits else UNKNOWN if UNKNOWN in fits or not fits else YES


def driver_name(entry: Mapping[str, Any]) -> str:
    """`registry 3.0 and 3.1, s3 driver`, of a driver's `versions` and `driver`."""
    return f"registry {' and '.join(entry['versions'])}, {entry['driver']} driver"


def _fitness(driver: Driver, outcomes: Mapping[str, str]) -> dict[str, Any]:
    failed = sorted(name for name in driver.needs | driver.harmed_by if outcomes.get(name) == FAIL)
    # A finding that counts as a warning only leaves the probe's question answered.
    unproven = sorted(name for name in driver.needs if outcomes.get(name, SKIP) == SKIP)
    return {
        "versions": list(driver.versions),
        "driver": driver.driver,
        "fit": NO if failed else UNKNOWN if unproven else YES,
        "failed": failed,
        "unproven": unproven,
    }
