# SPDX-License-Identifier: Apache-2.0
"""What a comparison with the records of services means for a run."""

from __future__ import annotations

from typing import Any, List, Mapping


def service_differences(compared: Mapping[str, Any], failure: str = "") -> List[str]:
    """Why a run has to change a host's services; empty if there is nothing to do.

    compared: the result of the module service_record, which may have failed or been skipped: then nobody knows that
    nothing differs. failure: what a verification of services that do not differ has found.
    """
    if compared.get("failed"):
        return [str(compared.get("msg", "the comparison failed"))]
    if "services" not in compared:
        return ["not compared"]
    reasons = [reason for service in compared["services"] for reason in _of_service(service)]
    return reasons or ([failure] if failure else [])


def _of_service(service: Mapping[str, Any]) -> List[str]:
    if not service["previous_runtime"]:
        return ["no record"]
    return [*service["differs"], *service["drift"]]
