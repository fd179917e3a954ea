# SPDX-License-Identifier: Apache-2.0
"""Outcomes as the module docker_swift_volume returns them."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from ..base.words import listed, plural
from ..rgw.report_words import kind_of, sentence
from .dead_mounts import DeadMount
from .plan import Plan
from .reconcile import Outcome

__all__ = ["report", "summary", "warnings"]

# How many files a warning names.
_NAMED = 10


def report(
    outcomes: Sequence[Outcome], dead: Sequence[DeadMount], restarted: bool, lost: Sequence[str]
) -> Dict[str, Any]:
    """changed, volumes, dead_mounts, drivers_gone and diff.

    restarted: whether the containers with dead mounts are restarted. lost: drivers that docker waits for.
    """
    plans = [one.plan for one in outcomes if one.plan.changed]
    restarts = sorted({one.container for one in dead}) if restarted else []
    return {
        "changed": bool(plans or restarts),
        "volumes": [_volume(one) for one in outcomes],
        "dead_mounts": [{**one.as_dict(), "restarted": restarted} for one in dead],
        "drivers_gone": list(lost),
        "diff": {
            "before": {**_sides(plans, "before"), **{name: {"mounts": "dead"} for name in restarts}},
            "after": {**_sides(plans, "after"), **{name: {"mounts": "restarted"} for name in restarts}},
        },
    }


def summary(outcomes: Sequence[Outcome], dead: Sequence[DeadMount], restarted: bool, endpoint: str, would: bool) -> str:
    """The outcome in one sentence."""
    kinds = [kind_of(_exists(one.plan), one.plan.desired.present) for one in outcomes if one.plan.changed]
    names = sorted({one.container for one in dead})
    verb = ("would be restarted" if would else "restarted") if restarted else "with dead mounts"
    more = f"; {plural(len(names), 'container')} {verb} ({', '.join(names)})" if names else ""
    return sentence("volumes", endpoint, kinds, len(outcomes), would, more)


def warnings(dead: Sequence[DeadMount], restarted: bool, lost: Sequence[str], waiting: Sequence[str]) -> List[str]:
    """What a run leaves as it is although somebody has to know of it."""
    said = []
    if dead and not restarted:
        told = listed([f"{one.container} ({one.volume} at {one.path}: {one.problem})" for one in dead])
        said.append(
            f"dead mounts in {told}: the driver ended under these containers, which do not get a new mount by "
            "themselves. Next: restart them (docker restart), or set restart_containers."
        )
    if lost:
        said.append(
            f"docker remembers {plural(len(lost), 'volume driver')} that no longer answers: {listed(list(lost))}. Each "
            "`docker volume ls` on this host waits 15 s for it. Next: start the driver, or restart docker."
        )
    if waiting:
        more = f" and {len(waiting) - _NAMED} more" if len(waiting) > _NAMED else ""
        said.append(
            f"{plural(len(waiting), 'file')} not uploaded yet: {', '.join(waiting[:_NAMED])}{more}. The driver uploads "
            "them once a container mounts the volume and the gateway answers. Until then they are on this host alone."
        )
    return said


def _volume(outcome: Outcome) -> Dict[str, Any]:
    plan, desired = outcome.plan, outcome.plan.desired
    told: Dict[str, Any] = {
        "name": desired.name,
        "container": desired.container,
        "state": "present" if desired.present else "absent",
    }
    if desired.present:
        options = dict((plan.after or {}).get("options", {}))
        told.update(container_id=outcome.identity, access_mode=desired.access_mode, options=options)
    return {**told, "changed": plan.changed, "changes": plan.changes}


def _sides(plans: Sequence[Plan], side: str) -> Dict[str, Optional[Mapping[str, Any]]]:
    return {plan.desired.name: getattr(plan, side) for plan in plans}


def _exists(plan: Plan) -> bool:
    return plan.before is not None
