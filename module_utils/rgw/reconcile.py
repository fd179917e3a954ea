# SPDX-License-Identifier: Apache-2.0
"""Makes users what they are declared to be: read, plan, apply, read again.

A user costs one read if nothing is to be done, otherwise one write and a second read. The write is the whole metadata
document, so it is atomic and keeps secrets in the request body. Writes of their own are a change of e-mail address and
the removal of subusers and keys: there the document leaves traces behind on Ceph 14 (see AdminClient).

Users are worked on side by side, the steps of one user in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Mapping, Protocol, TypeVar

from ..base.errors import InputError, ToolError
from ..base.secret import Secret, generate_secret, problem_with
from ..base.secret_files import write_secret_files
from .bulk import all_of, apply_all, clients_for
from .user_record import (
    ACCOUNT,
    CHOWN_MARK,
    Document,
    Path,
    State,
    is_given_at_creation,
    new_document,
    read_state,
    value_in,
    with_changes,
)
from .user_spec import AS_NEW, DesiredUser, MissingSecretFile


class UserStore(Protocol):
    """Where users are kept: admin_api.AdminClient or radosgw_admin.RgwAdminCli. All operations raise ToolError."""

    @property
    def endpoint(self) -> object:
        """What stands for the gateway in messages."""

    def read_user(self, uid: str) -> dict[str, Any] | None:
        """The whole record of a user, None if there is no such user."""

    def record_of_a_new_user(self) -> dict[str, Any]:
        """What the gateway gives a user at its creation, such as the quotas that its operator has set for new users."""

    def write_user(self, uid: str, document: Mapping[str, Any]) -> None:
        """Store the whole record of a user."""

    def set_email(self, uid: str, email: str, new_display_name: str | None) -> None:
        """Give a user an address that no other user has; with new_display_name, create the user."""

    def set_account(self, uid: str, account: str, root: bool) -> None:
        """Put a user into an account for good, as its root user or not."""

    def remove_user(self, uid: str, purge_data: bool = False) -> bool:
        """Remove a user, with purge_data its buckets, too; False if it was not there."""

    def remove_subuser(self, uid: str, name: str) -> None:
        """Remove a subuser and its keys; nothing happens if it is not there."""

    def remove_key(self, uid: str, access_key: str) -> None:
        """Remove an S3 key; nothing happens if it is not there."""

    def remove_swift_key(self, uid: str, name: str) -> None:
        """Remove a swift key whose subuser is gone; nothing happens if it is not there."""


Store = TypeVar("Store", bound=UserStore)

# One for an e-mail address, one for the record, one for an account, one for parts that go, one more in case somebody
# else changes the same user meanwhile.
_MAX_WRITES = 5


@dataclass(frozen=True)
class Plan:
    """What one user takes to become what it is declared to be.

    user: with its secrets settled. exists: whether the gateway has it. document: the record to start from. before,
    after: its state (nothing if there is no user). changes: the part of after that has to be written. secret_files: the
    files that have to be written first, path -> secret. newcomer: the record of a new user, if the gateway was asked.
    """

    user: DesiredUser
    exists: bool
    document: Document = field(repr=False)  # holds secrets in clear
    before: State
    after: State
    changes: State
    secret_files: dict[str, Secret]
    newcomer: Document | None = field(repr=False)

    @property
    def needs_newcomer(self) -> bool:
        """Whether what the user becomes depends on what the gateway gives a new one."""
        return self.user.present and (not self.exists or any(value is AS_NEW for value in self.user.wanted.values()))

    @property
    def touches_gateway(self) -> bool:
        """Whether the gateway has to be told anything."""
        return bool(self.changes) or self.exists != self.user.present

    @property
    def changed(self) -> bool:
        """Whether anything has to be written, be it only a file."""
        return self.touches_gateway or bool(self.secret_files)


@dataclass(frozen=True)
class Outcome:
    """A plan, and the state the user has now (in check mode: would have)."""

    plan: Plan
    state: State


def reconcile(
    connect: Callable[[], Store],
    users: Sequence[DesiredUser],
    check_mode: bool,
    parallel: int = 1,
    check: Callable[[Sequence[Store], Sequence[Plan]], None] | None = None,
) -> list[Outcome]:
    """Plan all users, and only then apply the plans, on up to `parallel` users at once.

    connect: makes a client, one for each user worked on at once. check: a last look at all plans, which may raise
    InputError or ToolError. Raises these before anything is written, UnfinishedRun after that.
    """
    clients = clients_for(connect, users, parallel)
    plans: Sequence[Plan] = all_of(clients, users, lambda client, user: plan_user(user, client.read_user(user.uid)))
    if check:
        check(clients, plans)
    if check_mode:
        return [Outcome(plan, plan.after) for plan in plans]
    plans = _with_newcomer(clients, users, plans)
    # Files first: whatever breaks later, a secret that the gateway knows is not lost.
    write_secret_files({path: secret for plan in plans for path, secret in plan.secret_files.items()})
    states = apply_all(clients, plans, apply_plan, lambda plan: plan.user.uid, "users")
    return [Outcome(plan, state) for plan, state in zip(plans, states)]


def first_outcomes(users: Sequence[DesiredUser]) -> list[Outcome]:
    """What would become of the users on a gateway that has none yet. Raises InputError."""
    plans = [plan_user(user, None) for user in users]
    return [Outcome(plan, plan.after) for plan in plans]


def _with_newcomer(clients: Sequence[UserStore], users: Sequence[DesiredUser], plans: Sequence[Plan]) -> Sequence[Plan]:
    """The plans, those that depend on what the gateway gives a new user made again: it is asked once, if need be."""
    if not any(plan.needs_newcomer for plan in plans):
        return plans
    newcomer = clients[0].record_of_a_new_user()
    return [
        plan_user(user, plan.document if plan.exists else None, newcomer) if plan.needs_newcomer else plan
        for user, plan in zip(users, plans)
    ]


def plan_user(user: DesiredUser, document: Document | None, newcomer: Document | None = None) -> Plan:
    """Compare a user's record with what the user should be. Raises InputError.

    newcomer: what the gateway gives a new user. Without it a new user's state lacks what depends on the gateway, and
    what is to be as with a new user is taken to be what RGW gives by itself.
    """
    exists = document is not None
    document = document or new_document(user.uid, newcomer)
    try:
        state = read_state(document)
    except InputError as error:
        raise InputError(f"{user.where}: {error}") from error
    before = state if exists else {}
    if not user.present:
        return Plan(user, exists, document, before, {}, {}, {}, newcomer)
    if not exists and newcomer is None:
        state = {path: value for path, value in state.items() if not is_given_at_creation(path)}
    settled, secret_files = _settle_secrets(user, state)
    wanted = {**_purged(user, state), **_as_with_a_new_user(settled, newcomer)}
    after = _without_traces({path: value for path, value in {**state, **wanted}.items() if value is not None})
    _require(user, exists, state, after)
    changes = {path: value for path, value in wanted.items() if value_in(state, path) != value}
    return Plan(settled, exists, document, before, after, changes, secret_files, newcomer)


def apply_plan(client: UserStore, plan: Plan) -> State:
    """Tell the gateway what a plan says and return the state that was read afterwards. Raises ToolError."""
    user = plan.user
    writes = 0
    others_write = False
    while plan.touches_gateway:
        if writes == _MAX_WRITES:
            raise _does_not_settle(client, plan, others_write)
        versions = _write(client, plan)
        writes += 1
        try:
            before, plan = plan, plan_user(user, client.read_user(user.uid), plan.newcomer)
            others_write = others_write or _somebody_else_wrote(before, plan, versions)
        except InputError as error:
            target = f"user '{user.uid}' at {client.endpoint}"
            raise ToolError("settle", target, "somebody else changed it meanwhile", str(error)) from error
    return plan.after


def _write(client: UserStore, plan: Plan) -> int:
    """Take one step, and return how many versions of the record that makes at most.

    What is left to do is seen when the record is read again.
    """
    uid = plan.user.uid
    of_document = {
        path: value
        for path, value in plan.changes.items()
        if path not in ACCOUNT and not _is_removal_of_indexed(path, value)
    }
    if not plan.user.present:
        client.remove_user(uid, plan.user.purge_data)
    elif ("email",) in plan.changes:
        client.set_email(uid, plan.after["email",], None if plan.exists else plan.after["display_name",])
    elif of_document or not plan.exists:
        client.write_user(uid, with_changes(plan.document, of_document))
    elif not plan.changes.keys().isdisjoint(ACCOUNT):
        client.set_account(uid, plan.after["account",], plan.after["account_root",])
    else:
        parts = sorted({(path[0], path[1]) for path in plan.changes})
        for part, name in parts:
            _remove_part(client, plan, part, name)
        return 2 * len(parts)  # the keys of a subuser, and the subuser
    return 1


def _is_removal_of_indexed(path: Path, value: Any) -> bool:
    return value is None and path[0] in ("s3_keys", "subusers")


def _remove_part(client: UserStore, plan: Plan, part: str, name: str) -> None:
    if part == "s3_keys":
        client.remove_key(plan.user.uid, name)
    elif (part, name, "access") in plan.before:
        client.remove_subuser(plan.user.uid, name)
    else:
        client.remove_swift_key(plan.user.uid, name)


def _as_with_a_new_user(user: DesiredUser, newcomer: Document | None) -> State:
    """What is wanted, and where that is to be as with a new user, what a new user has."""
    if AS_NEW not in user.wanted.values():
        return user.wanted
    new = read_state(new_document(user.uid, newcomer))
    return {path: new[path] if value is AS_NEW else value for path, value in user.wanted.items()}


def _purged(user: DesiredUser, state: State) -> State:
    """Of the options that are purged, the parts that the entry does not name.

    Less the mark of an unfinished change of owner, without which nobody would give the user the rest of the objects.
    """
    return {
        path: None
        for path in state
        if path[0] in user.purged
        and path[:2] not in user.spared
        and not (path[0] == "subusers" and path[1].startswith(CHOWN_MARK))
    }


def _without_traces(state: State) -> State:
    """The state less what it tells of S3 keys and swift keys that are gone."""
    marks = ("subuser", "active")
    return {path: value for path, value in state.items() if path[-1] not in marks or (*path[:2], "secret") in state}


def _settle_secrets(user: DesiredUser, state: State) -> tuple[DesiredUser, dict[str, Secret]]:
    """Replace each missing secret file by a secret, and return what to write into which file.

    If the gateway holds a good secret already, that one goes into the file: a lost file must not cut off whoever uses
    the secret. Otherwise it is a new one.
    """
    missing = {path: value.path for path, value in user.wanted.items() if isinstance(value, MissingSecretFile)}
    if not missing:
        return user, {}
    settled: dict[Path, Secret] = {}
    for path in missing:
        secret = state.get(path)
        if secret is None or problem_with(secret, user.allow_weak):
            secret = generate_secret()
        settled[path] = secret
    secret_files = {missing[path]: secret for path, secret in settled.items()}
    return replace(user, wanted={**user.wanted, **settled}), secret_files


def _require(user: DesiredUser, exists: bool, before: State, after: State) -> None:
    for (part, name), problem in user.not_made.items():
        if part == "uid" and not exists:
            raise InputError(f"{user.where}: the gateway has no such user, and {problem}")
        if part != "uid" and (part, name, "secret") not in before and (part, name, "access") not in before:
            raise InputError(f"{user.where}: {part} ('{name}') does not exist yet, and {problem}")
    if any(path[0] == "rate_limit" and path not in before for path in user.wanted):
        raise InputError(f"{user.where}: rate_limit: it is stored in a layout that this toolkit does not know.")
    for path, value in user.wanted.items():
        if path[0] == "subusers" and path[2] == "active" and (*path[:2], "secret") not in after:
            raise InputError(
                f"{user.where}: subuser '{path[1]}' has no swift key to be active or not; give secret or secret_file."
            )
        if path[0] == "s3_keys" and path[2] == "subuser" and ("subusers", value, "access") not in after:
            raise InputError(
                f"{user.where}: s3_keys ('{path[1]}'): there is no subuser '{value}'; list it with its access."
            )
    for part, name in user.required:
        if part == "subusers" and (part, name, "access") not in after:
            raise InputError(f"{user.where}: subuser '{name}' does not exist yet; give its access.")
        if part in ("s3_keys", "temp_url_keys") and (part, name, "secret") not in after:
            raise InputError(f"{user.where}: {part} ('{name}') does not exist yet; give secret or secret_file.")


def _somebody_else_wrote(before: Plan, after: Plan, ours: int) -> bool:
    """Whether the record has moved on by more than the `ours` versions that we have made at most."""
    if not before.user.present or not after.exists:
        return before.exists
    old, new = before.document["ver"], after.document["ver"]
    return bool(new["ver"] > old["ver"] + ours or (before.exists and new.get("tag") != old.get("tag")))


def _does_not_settle(client: UserStore, plan: Plan, others_write: bool) -> ToolError:
    paths = ", ".join(".".join(path) for path in plan.changes) or "its existence"
    hint = (
        "Find out who else writes this user (another run, a sync from another zone), then run this again."
        if others_write
        else "The gateway takes the writes and keeps something else; nobody else has written this user meanwhile. Give "
        "another value, or look at the gateway's log."
    )
    target = f"user '{plan.user.uid}' at {client.endpoint}"
    return ToolError("settle", target, f"after {_MAX_WRITES} writes the record still differs in {paths}", hint)
