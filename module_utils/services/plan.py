# SPDX-License-Identifier: Apache-2.0
"""What a comparison with the records of services means for a run."""

from __future__ import annotations

from typing import Any, List, Mapping, Sequence


def service_differences(compared: Mapping[str, Any], failure: str = "") -> List[str]:
    """Why a run has to change a host's services; empty if there is nothing to do.

    compared: the result of the module service_record, which may have failed, been skipped, or had no services: then
    nobody knows that nothing differs. failure: what a verification of services that do not differ has found.
    """
    if compared.get("failed"):
        return [str(compared.get("msg", "the comparison failed"))]
    if not compared.get("services"):
        return ["not compared"]
    reasons = [reason for service in compared["services"] for reason in _of_service(service)]
    return reasons or ([failure] if failure else [])


def differing_hosts(hosts: Sequence[str], hostvars: Mapping[str, Mapping[str, Any]], name: str) -> List[str]:
    """Those of the hosts whose variable of this name is a list with differences. A host without it was not compared."""
    return [host for host in hosts if host in hostvars and name in hostvars[host] and hostvars[host][name]]


def _of_service(service: Mapping[str, Any]) -> List[str]:
    if not service["previous_runtime"]:
        return ["no record of an earlier run"]
    return [*service["differs"], *service["drift"]]
