# SPDX-License-Identifier: Apache-2.0
"""Makes what is in accounts what it is declared to be: read, plan, apply, read again.

IAM has no marks for users and groups, so the account's mark stands for all that is in it: only what is in an account of
this inventory is changed and removed. All is done in the name of a root user, and only things that are listed are read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from ...base.errors import InputError, ToolError
from ...base.secret_files import write_secret_files
from ..accounts.reconcile import TOO_OLD
from ..accounts.record import read_state as read_account
from ..acting import ActingFor
from ..bulk import all_of, apply_all, clients_for
from ..plan_checks import check_plans, check_zone
from ..reconcile import Plan as UserPlan
from ..user_record import State
from .client import IamClient, Root
from .keys import apply_keys, plan_keys
from .kinds import KINDS
from .spec import DesiredAccount, DesiredThing

_NEW_ROLE: State = {("description",): "", ("max_session_duration",): 3600}
_NEW_PROVIDER: State = {("client_ids",): [], ("thumbprints",): []}
_NO_LIMIT = -1


@dataclass(frozen=True)
class ThingPlan:
    """before, after: the state of a thing, before: None if there is none. changes: what has to be changed in place.

    keys: what the S3 keys of a user take, None if the entry does not mention them.
    """

    thing: DesiredThing
    before: State | None
    after: State
    changes: State
    keys: UserPlan | None = None

    @property
    def touches_thing(self) -> bool:
        """Whether anything but keys has to be changed."""
        return bool(self.changes) or (self.before is not None) != self.thing.present

    @property
    def changed(self) -> bool:
        """Whether anything has to be done, be it only to write a secret file."""
        return self.touches_thing or (self.keys is not None and self.keys.changed)


@dataclass(frozen=True)
class Plan:
    """What an account takes. root: None in a plan for an account that does not exist yet."""

    account: DesiredAccount
    root: Root | None
    things: Sequence[ThingPlan]

    @property
    def changed(self) -> bool:
        """Whether anything has to be done."""
        return any(thing.changed for thing in self.things)

    @property
    def keys(self) -> list[UserPlan]:
        """What the S3 keys of users take."""
        return [thing.keys for thing in self.things if thing.keys is not None]


def reconcile(
    connect: Callable[[], IamClient],
    accounts: Sequence[DesiredAccount],
    home: str,
    check_mode: bool,
    parallel: int,
    users_to_be_made: Collection[str] = (),
) -> list[Plan]:
    """Plan all accounts, and only then apply the plans. Raises InputError, ToolError; UnfinishedRun after a write.

    home: the inventory whose accounts these are. users_to_be_made: for check mode, the uids of root users that earlier
    tasks of the run create. For a root user without a usable key, a key is made for the run and removed at its end.
    """
    if not accounts:
        return []
    coming = users_to_be_made if check_mode else ()
    clients = clients_for(connect, accounts, parallel)
    try:
        if not clients[0].knows_cap("accounts"):
            raise InputError(TOO_OLD.format(endpoint=clients[0].endpoint))
        with ActingFor(connect) as acting:
            plans: list[Plan] = all_of(
                clients, accounts, lambda client, account: _read_and_plan(client, acting, account, home, coming)
            )
            if any(plan.changed for plan in plans):
                check_zone(clients[0], "What is written there would be there only")
            of_keys = [keys for plan in plans for keys in plan.keys]
            check_plans(clients, of_keys)
            if not check_mode:
                # Files first: whatever breaks later, a secret that the gateway knows is not lost.
                write_secret_files({path: secret for keys in of_keys for path, secret in keys.secret_files.items()})
                apply_all(clients, plans, _apply, lambda plan: plan.account.root, "accounts")
            return plans
    finally:
        for client in clients:
            client.close()


def first_plans(accounts: Sequence[DesiredAccount]) -> list[Plan]:
    """What would become of accounts on a gateway that has none yet. Raises InputError."""
    return [
        Plan(account, None, [_with_keys(plan_thing(thing, None), None, None) for thing in account.things])
        for account in accounts
    ]


def _read_and_plan(
    client: IamClient, acting: ActingFor, account: DesiredAccount, home: str, coming: Collection[str]
) -> Plan:
    if account.root in coming and acting.record(client, account.root) is None:
        return first_plans([account])[0]
    root = root_of(client, acting, account.root, f"{account.where}: root")
    identifier = root.account
    document = client.read_account(identifier)
    state: State = read_account(document) if document else {("home",): "", ("max_access_keys",): _NO_LIMIT}
    mark, limit = state["home",], state["max_access_keys",]
    things = [plan_thing(thing, KINDS[thing.kind].read(client, root, thing.name)) for thing in account.things]
    plan = Plan(account, root, [_with_keys(thing, client, root, limit) for thing in things])
    if plan.changed and mark != home:
        whose = f"belongs to inventory '{mark}', not to '{home}'" if mark else "was not created by this toolkit"
        raise InputError(
            f"{account.where}: account '{identifier}' {whose}. Have the module rgw_accounts adopt the account or take "
            "it over first."
        )
    return plan


def root_of(client: IamClient, acting: ActingFor, uid: str, where: str) -> Root:
    """Who acts in an account. where: the place of the uid, for errors. Raises InputError, ToolError."""
    record, problem = acting.record(client, uid), acting.problem(client, uid)
    if problem or record is None:
        raise InputError(f"{where}: {problem}")
    identifier = str(record.get("account_id") or "")
    if record.get("type") != "root" or not identifier:
        raise InputError(
            f"{where}: user '{uid}' is not the root user of an account. Set account and account_root by the module "
            "rgw_users."
        )
    return Root(uid, acting.login(client, uid), identifier)


def _with_keys(plan: ThingPlan, client: IamClient | None, root: Root | None, limit: int = _NO_LIMIT) -> ThingPlan:
    """The plan of a thing with that of its keys. limit: of the account on the keys of a user."""
    if plan.thing.keys is None:
        return plan
    there = client if plan.before is not None else None
    return replace(plan, keys=plan_keys(plan.thing.keys, there, root, plan.thing.name, limit))


def plan_thing(thing: DesiredThing, before: State | None) -> ThingPlan:
    """Compare a thing with its entry. Raises InputError."""
    if not thing.present:
        return ThingPlan(thing, before, {}, {})
    known = _new(thing) if before is None else before
    gone: State = {path: None for path in known if path[0] in thing.purged and path not in thing.wanted}
    wanted = {**gone, **thing.wanted}
    after = {path: value for path, value in {**known, **wanted}.items() if value is not None}
    if thing.kind == "roles" and ("trust",) not in after:
        raise InputError(f"{thing.where}: the role does not exist yet; give its trust.")
    created = () if before is not None else _given_at_creation(thing)
    changes = {path: value for path, value in wanted.items() if known.get(path) != value and path not in created}
    return ThingPlan(thing, before, after, changes)


def _new(thing: DesiredThing) -> State:
    if thing.kind == "oidc_providers":
        return dict(_NEW_PROVIDER)
    return {("path",): "/", **(_NEW_ROLE if thing.kind == "roles" else {})}


def _given_at_creation(thing: DesiredThing) -> tuple[tuple[str, ...], ...]:
    if thing.kind == "oidc_providers":
        return tuple(_NEW_PROVIDER)
    return (("path",), ("trust",))


def _apply(client: IamClient, plan: Plan) -> Plan:
    """Carry out the plans of an account: what is there first, then what goes, in the opposite order."""
    if plan.root is None:
        return plan
    for thing in [one for one in plan.things if one.changed and one.thing.present]:
        _make(client, plan.root, thing)
    for thing in reversed([one for one in plan.things if one.changed and not one.thing.present]):
        kind = KINDS[thing.thing.kind]
        kind.remove(client, plan.root, thing.thing.name, thing.before or {})
        if kind.read(client, plan.root, thing.thing.name) is not None:
            hint = "The gateway said that it was removed. Look for somebody who creates it again."
            raise ToolError("remove", _target(client, plan.root, thing.thing), "it is still there", hint)
    return plan


def _make(client: IamClient, root: Root, plan: ThingPlan) -> None:
    if plan.touches_thing:
        _make_all_but_keys(client, root, plan)
    if plan.keys is not None and plan.keys.touches_gateway:
        apply_keys(plan.keys, client, root, plan.thing.name)


def _make_all_but_keys(client: IamClient, root: Root, plan: ThingPlan) -> None:
    kind, name = KINDS[plan.thing.kind], plan.thing.name
    if plan.before is None:
        kind.create(client, root, name, plan.after)
    for path, value in plan.changes.items():
        kind.change(client, root, name, path, value, plan.after)
    state = kind.read(client, root, name) or {}
    differing = sorted({*state, *plan.after}, key=str)
    differing = [path for path in differing if state.get(path) != plan.after.get(path)]
    if differing:
        raise _put_back(client, root, plan, differing, state)


def _put_back(
    client: IamClient, root: Root, plan: ThingPlan, differing: Sequence[tuple[str, ...]], state: State
) -> ToolError:
    """Make a thing again what it was, and say what the gateway keeps otherwise than it was told."""
    kind, name = KINDS[plan.thing.kind], plan.thing.name
    words = ", ".join(".".join(path) for path in differing)
    try:
        if plan.before is None:
            kind.remove(client, root, name, state)
            now: State = {}
        else:
            for path in differing:
                kind.change(client, root, name, path, plan.before.get(path), plan.before)
            now = kind.read(client, root, name) or {}
        is_back = all(now.get(path) == (plan.before or {}).get(path) for path in differing)
        hint = (
            "All is again what it was before. Leave out what this release does not keep."
            if is_back
            else "WHAT WAS THERE BEFORE COULD NOT BE PUT BACK. Look at it now."
        )
    except ToolError as error:
        hint = f"What was there before could not be put back: {error}"
    return ToolError("change", _target(client, root, plan.thing), f"the gateway keeps something else ({words})", hint)


def _target(client: IamClient, root: Root, thing: DesiredThing) -> str:
    return f"{KINDS[thing.kind].about(thing.name)} of account '{root.account}' at {client.endpoint}"
