# SPDX-License-Identifier: Apache-2.0
"""The results of a play's hosts, for one report about all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Mapping


def results_by_host(
    hostvars: Mapping[str, Mapping[str, Any]], hosts: Iterable[str], remaining: Iterable[str]
) -> dict[str, Any]:
    """The result of each host that ran the probes, and an empty one of each that left the play before: unreachable, or
    failed in an earlier task.

    hosts: all of the play; remaining: those that have not left the play.
    """
    kept = set(remaining)
    results = {host: hostvars[host].get("rgw_verify_result") for host in hosts}
    return {host: result or {} for host, result in results.items() if result is not None or host not in kept}
