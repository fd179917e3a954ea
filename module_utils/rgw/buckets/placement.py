# SPDX-License-Identifier: Apache-2.0
"""The placement targets and storage classes that a running gateway has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Placements:
    """The placement targets of a gateway's zone, each with its storage classes.

    Source: GET /admin/config?type=zone, which a gateway answers from what it has loaded, so that a target or class
    that came with a later change of the zone is missing until the gateway is restarted or a period arrives (16.2.15).
    """

    def __init__(self, zone: Mapping[str, Any]) -> None:
        self.classes: dict[str, list[str]] = {
            str(pool["key"]): sorted(pool["val"].get("storage_classes", {})) for pool in zone.get("placement_pools", [])
        }

    def problem(self, placement: str, storage_class: str) -> str:
        """Why no bucket is created there; empty if nothing is against it."""
        if placement and placement not in self.classes:
            return f"the gateway has no placement target '{placement}'; it has {', '.join(sorted(self.classes))}."
        return self.problem_with_class(storage_class, placement)

    def problem_with_class(self, storage_class: str, placement: str = "") -> str:
        """Why a target (without a name: all of them) does not have a storage class; empty if one has it."""
        targets = [placement] if placement else sorted(self.classes)
        known = sorted({name for target in targets for name in self.classes[target]})
        if not storage_class or storage_class in known:
            return ""
        return f"the gateway has no storage class '{storage_class}' there; it has {', '.join(known)}."
