# SPDX-License-Identifier: Apache-2.0
"""Makes topics what they are declared to be: read, plan, apply, read again.

All topics of an owner are read in one listing. The topics of a tenant are worked on one after the other: up to Ceph 18,
RGW keeps them in one object. Tenants are worked on side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Dict

from ...base.errors import InputError, ToolError
from ...base.parallel import work_through
from ...base.secret import Secret
from ...base.text import json_text
from ..acting import ActingFor
from ..unfinished_run import UnfinishedRun
from .checks import check_plans
from .client import Owner, TopicClient
from .plan import Plan, Seen, found, needs_notifications, plan_topic, stale_copies
from .spec import DesiredTopic
from .state import State, differences, read_state

_IS_BACK = "The topic is again what it was before. Leave out what this release does not keep."
_IS_NOT_BACK = (
    "WHAT THE TOPIC WAS BEFORE COULD NOT BE PUT BACK: the gateway keeps something else again. Look at the topic now."
)


@dataclass(frozen=True)
class Outcome:
    """A plan, the state that the topic has now (in check mode: would have), and its ARN, None if it has none yet."""

    plan: Plan
    state: State
    arn: str | None


@dataclass
class _Tenant:
    """The entries of a tenant by their places in the list, and what the gateway has of their owners."""

    topics: Dict[int, DesiredTopic] = field(default_factory=dict)
    owners: Dict[str, Owner] = field(default_factory=dict)
    plans: Dict[int, Plan] = field(default_factory=dict)
    outcomes: Dict[int, Outcome] = field(default_factory=dict)


def reconcile(
    connect: Callable[[], TopicClient],
    topics: Sequence[DesiredTopic],
    check_mode: bool,
    parallel: int = 1,
    allow_cleartext: bool = False,
    users_to_be_made: Collection[str] = (),
) -> list[Outcome]:
    """Plan all topics, and only then apply the plans, for up to `parallel` tenants at once.

    connect: makes a client. allow_cleartext: whether passwords may travel without TLS. users_to_be_made: for check
    mode, the uids ("tenant$uid") of owners that earlier tasks of the run create. Raises InputError or ToolError before
    anything is written, UnfinishedRun after that. For an owner without a usable key, a key is made for the run, also in
    check mode, and removed at its end.
    """
    coming = users_to_be_made if check_mode else ()
    if not topics:
        return []
    tenants: dict[str, _Tenant] = {}
    for index, topic in enumerate(topics):
        tenants.setdefault(topic.tenant, _Tenant()).topics[index] = topic
    works = list(tenants.values())
    clients = [connect() for _client in range(min(parallel, len(works)))]
    try:
        with ActingFor(connect) as acting:
            reading = work_through(clients, works, lambda client, tenant: _read(client, acting, tenant, coming))
            error = reading.first_error()
            if error:
                raise error
            plans = {index: plan for tenant in works for index, plan in tenant.plans.items()}
            in_order = [plans[index] for index in range(len(topics))]
            check_plans(clients[0], in_order, allow_cleartext)
            if check_mode:
                return [_planned(plan) for plan in in_order]
            writing = work_through(clients, works, _apply)
            outcomes = {index: outcome for tenant in works for index, outcome in tenant.outcomes.items()}
            error = writing.first_error()
            if isinstance(error, ToolError):
                done = [topic.key for index, topic in enumerate(topics) if index in outcomes]
                not_done = [topic.key for index, topic in enumerate(topics) if index not in outcomes]
                raise UnfinishedRun(error, done, not_done, "topics") from error
            if error:
                raise error
            return [outcomes[index] for index in range(len(topics))]
    finally:
        for client in clients:
            client.close()


def first_outcomes(topics: Sequence[DesiredTopic]) -> list[Outcome]:
    """What would become of the topics on a gateway that has none yet. Raises InputError."""
    return [_planned(plan_topic(topic, _nothing(topic))) for topic in topics]


def _nothing(topic: DesiredTopic) -> Seen:
    """What a gateway has of an owner who has no topics."""
    return Seen([topic.owner], [])


def _planned(plan: Plan) -> Outcome:
    return Outcome(plan, plan.after, plan.record.arn if plan.record else None)


def _read(client: TopicClient, acting: ActingFor, tenant: _Tenant, coming: Collection[str]) -> None:
    """Read what the gateway has, and make the plans."""
    seen: dict[str, Seen] = {}
    for topic in tenant.topics.values():
        if topic.owner in seen:
            continue
        if topic.owner in coming and acting.record(client, topic.owner) is None:
            seen[topic.owner] = _nothing(topic)
            continue
        problem = acting.problem(client, topic.owner)
        if problem:
            raise InputError(f"{topic.where}: owner: {problem}")
        owner = Owner(topic.owner, acting.login(client, topic.owner))
        records = client.list_topics(owner)
        its_topics = [other for other in tenant.topics.values() if other.owner == topic.owner]
        is_asked = any(needs_notifications(other, records) for other in its_topics)
        names = [topic.owner, str((acting.record(client, topic.owner) or {}).get("account_id"))]
        seen[topic.owner] = Seen(names, records, client.notifications(owner) if is_asked else {})
        tenant.owners[topic.owner] = owner
    tenant.plans = {index: plan_topic(topic, seen[topic.owner]) for index, topic in tenant.topics.items()}


def _apply(client: TopicClient, tenant: _Tenant) -> None:
    """Carry out the plans of a tenant, and compare what the gateway has then."""
    unchanged = {index: plan for index, plan in tenant.plans.items() if not plan.changed}
    tenant.outcomes.update((index, _planned(plan)) for index, plan in unchanged.items())
    for uid, owner in tenant.owners.items():
        changing = {index: plan for index, plan in tenant.plans.items() if plan.changed and plan.topic.owner == uid}
        for plan in changing.values():
            _store(client, owner, plan)
        records = client.list_topics(owner) if changing else []
        for plan in changing.values():
            record = found(plan.topic, records)
            state = read_state(record.attributes) if record else {}
            if differences(plan.after, state):
                raise _put_back(client, owner, plan, state)
        for plan in changing.values():
            _refresh(client, owner, plan)
        for index, plan in changing.items():
            record = found(plan.topic, records)
            tenant.outcomes[index] = Outcome(plan, plan.after, record.arn if record else None)


def _store(client: TopicClient, owner: Owner, plan: Plan) -> None:
    if not plan.touches_topic:
        return
    if plan.topic.present:
        client.create_topic(owner, plan.topic.name, plan.attributes)
    elif plan.record:
        client.remove_topic(owner, plan.record.arn)


def _refresh(client: TopicClient, owner: Owner, plan: Plan) -> None:
    """Have the notifications of the owner's buckets take the topic as it is now."""
    if not plan.outdated:
        return
    for bucket in plan.outdated:
        client.store_notifications_again(owner, bucket)
    stale = stale_copies(plan.topic, client.list_topics(owner), plan.after)
    left = sorted(name for names in plan.outdated.values() for name in names if name in stale)
    if left:
        target = f"the notifications of topic '{plan.topic.name}' of user '{owner.uid}' at {client.endpoint}"
        hint = "Their events still go where the topic sent them before. Remove these notifications and store them anew."
        raise ToolError("renew", target, f"the gateway keeps the old {', '.join(left)}", hint)


def _put_back(client: TopicClient, owner: Owner, plan: Plan, state: State) -> ToolError:
    """Make a topic again what it was, and say what the gateway kept otherwise than it was told."""
    target = f"topic '{plan.topic.name}' of user '{owner.uid}' at {client.endpoint}"
    names = differences(plan.after, state)
    if not plan.topic.present:
        hint = "The gateway said that it was removed. Look for somebody who creates it again."
        return ToolError("remove", target, "the topic is still there", hint)
    kept = ", ".join(f"{name}: {_shown(plan.after.get(name))} became {_shown(state.get(name))}" for name in names)
    try:
        if plan.record:
            client.create_topic(owner, plan.topic.name, plan.record.attributes)
        elif state:
            client.remove_topic(owner, _arn(client, owner, plan))
        record = found(plan.topic, client.list_topics(owner))
    except ToolError as error:
        hint = f"What the topic was before could not be put back: {error}"
    else:
        is_back = not differences(plan.before, read_state(record.attributes) if record else {})
        hint = _IS_BACK if is_back else _IS_NOT_BACK
    return ToolError("change", target, f"the gateway keeps something else ({kept})", hint)


def _arn(client: TopicClient, owner: Owner, plan: Plan) -> str:
    record = found(plan.topic, client.list_topics(owner))
    return record.arn if record else ""


def _shown(value: object) -> str:
    if isinstance(value, Secret):
        return "(a secret)"
    return "(none)" if value is None else json_text(value)
