# SPDX-License-Identifier: Apache-2.0
"""Makes buckets what they are declared to be: read, plan, check, apply, read again.

A bucket costs one read, and one more for each document and rate limit that its entry mentions. What differs is written,
read back and compared (store). Buckets are worked on side by side, the steps of one bucket in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ...base.errors import InputError
from ..acting import ActingFor
from ..bulk import all_of, apply_all, clients_for
from ..user_record import State
from .apply import Applier
from .checks import check_plans
from .client import BucketClient
from .coming import NOTHING_COMES, Coming
from .found import find, nothing
from .ownership import Chown
from .plan import Plan, plan_bucket
from .spec import DesiredBucket
from .swift_acting import SwiftActing


@dataclass(frozen=True)
class Outcome:
    """A plan, and the state the bucket has now (in check mode: would have)."""

    plan: Plan
    state: State


def reconcile(
    connect: Callable[[], BucketClient],
    buckets: Sequence[DesiredBucket],
    check_mode: bool,
    parallel: int = 1,
    chown: Chown | None = None,
    coming: Coming = NOTHING_COMES,
) -> list[Outcome]:
    """Plan all buckets, and only then apply the plans, on up to `parallel` buckets at once.

    connect: makes a client. chown: None where radosgw-admin is not at hand. coming: for check mode, what earlier tasks
    of the run create. Raises InputError and ToolError before anything is written, UnfinishedRun after that.
    """
    with ActingFor(connect) as acting, SwiftActing(acting, connect) as swift:
        clients = clients_for(connect, buckets, parallel)
        plans = all_of(clients, buckets, lambda client, bucket: _plan(client, acting, swift, bucket))
        can_chown, not_yet = chown is not None, coming if check_mode else NOTHING_COMES
        check_plans(clients, acting, swift, plans, can_chown, may_try=not check_mode, coming=not_yet)
        if check_mode:
            return [Outcome(plan, plan.after) for plan in plans]
        states = apply_all(clients, plans, Applier(acting, swift, chown), lambda plan: plan.bucket.key, "buckets")
        return [Outcome(plan, state) for plan, state in zip(plans, states)]


def first_outcomes(buckets: Sequence[DesiredBucket]) -> list[Outcome]:
    """What would become of the buckets on a gateway that has none yet. Raises InputError."""
    outcomes = []
    for bucket in buckets:
        with _placed(bucket):
            plan = plan_bucket(bucket, nothing(bucket))
            outcomes.append(Outcome(plan, plan.after))
    return outcomes


def _plan(client: BucketClient, acting: ActingFor, swift: SwiftActing, bucket: DesiredBucket) -> Plan:
    with _placed(bucket):
        return plan_bucket(bucket, find(client, acting, swift, bucket))


@contextmanager
def _placed(bucket: DesiredBucket) -> Iterator[None]:
    """Give errors the place of the entry."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{bucket.where}: {error}") from error
