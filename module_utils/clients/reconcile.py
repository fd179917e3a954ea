# SPDX-License-Identifier: Apache-2.0
"""Folders of settings, brought to their state: all are read before one is written, and read again after that."""

from __future__ import annotations

from typing import List, Mapping, NamedTuple, Sequence

from ..base.errors import ToolError
from ..base.secret import Secret
from ..base.secret_files import write_secret_files
from .folder import Inventory, Plan, apply, plan
from .spec import Wanted

__all__ = ["Outcome", "reconcile"]


class Outcome(NamedTuple):
    """What was wanted, and what the run changed or in check mode would."""

    want: Wanted
    plan: Plan


def reconcile(
    wanted: Sequence[Wanted], inventory: Inventory, new_secrets: Mapping[str, Secret], check_mode: bool
) -> List[Outcome]:
    """Bring all folders to their state. new_secrets: by the paths of their files. Raises ToolError, OSError."""
    outcomes = [Outcome(want, plan(want, inventory)) for want in wanted]
    if check_mode:
        return outcomes
    # A backup whose password is only in the settings would be lost with them.
    write_secret_files(new_secrets)
    for outcome in outcomes:
        apply(outcome.want, inventory, outcome.plan)
    for outcome in outcomes:
        _verify(outcome, inventory)
    return outcomes


def _verify(outcome: Outcome, inventory: Inventory) -> None:
    remaining = plan(outcome.want, inventory).changes if outcome.plan.changes else []
    if remaining:
        raise ToolError(
            "write",
            f"the settings in {outcome.want.path}",
            f"after the run they still differ ({', '.join(remaining)})",
            "See what else writes there, and run again.",
        )
