# SPDX-License-Identifier: Apache-2.0
"""Makes users what they are declared to be: read, plan, apply, read again.

A user costs one read if nothing is to be done, otherwise one write and a second read. The write is the whole metadata
document, so it is atomic and keeps secrets in the request body. Only a change of e-mail address is a write of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Mapping, Protocol

from .rgw_errors import InputError, RgwError
from .rgw_record import Document, State, new_document, read_state, with_changes
from .rgw_secrets import Secret, generate_secret, problem_with, write_secret_file
from .rgw_user_spec import DesiredUser, MissingSecretFile


class UserStore(Protocol):
    """Where users are kept: rgw_admin.AdminClient or rgw_admin_cli.RgwAdminCli. All operations raise RgwError."""

    @property
    def endpoint(self) -> object:
        """What stands for the gateway in messages."""

    def read_user(self, uid: str) -> dict[str, Any] | None:
        """The whole record of a user, None if there is no such user."""

    def write_user(self, uid: str, document: Mapping[str, Any]) -> None:
        """Store the whole record of a user."""

    def set_email(self, uid: str, email: str, new_display_name: str | None) -> None:
        """Give a user an address that no other user has; with new_display_name, create the user."""

    def remove_user(self, uid: str) -> bool:
        """Remove a user; False if it was not there."""


# One for an e-mail address, one for the rest, two more in case somebody else changes the same user meanwhile.
_MAX_WRITES = 4


@dataclass(frozen=True)
class Plan:
    """What one user takes to become what it is declared to be.

    user: with its secrets settled. exists: whether the gateway has it. document: the record to start from. before,
    after: its state (nothing if there is no user). changes: the part of after that has to be written. secret_files: the
    files that have to be written first, path -> secret.
    """

    user: DesiredUser
    exists: bool
    document: Document = field(repr=False)  # holds secrets in clear
    before: State
    after: State
    changes: State
    secret_files: dict[str, Secret]

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


def reconcile(client: UserStore, users: Sequence[DesiredUser], check_mode: bool) -> list[Outcome]:
    """Plan all users, and only then apply them one by one. Raises InputError before anything is written, RgwError."""
    plans = [plan_user(user, client.read_user(user.uid)) for user in users]
    return [Outcome(plan, plan.after if check_mode else apply_plan(client, plan)) for plan in plans]


def plan_user(user: DesiredUser, document: Document | None) -> Plan:
    """Compare a user's record with what the user should be. Raises InputError."""
    exists = document is not None
    document = document or new_document(user.uid)
    state = read_state(document)
    before = state if exists else {}
    if not user.present:
        return Plan(user, exists, document, before, {}, {}, {})
    settled, secret_files = _settle_secrets(user, state)
    after = {**state, **settled.wanted}
    _require_access(settled, after)
    changes = {path: value for path, value in settled.wanted.items() if state.get(path) != value}
    return Plan(settled, exists, document, before, after, changes, secret_files)


def apply_plan(client: UserStore, plan: Plan) -> State:
    """Carry out a plan and return the state that was read afterwards. Raises RgwError."""
    # Files first: whatever breaks later, a secret that the gateway knows is not lost.
    for path, secret in plan.secret_files.items():
        write_secret_file(path, secret)
    user = plan.user
    writes = 0
    while plan.touches_gateway:
        if writes == _MAX_WRITES:
            raise _does_not_settle(client, plan)
        _write(client, plan)
        writes += 1
        plan = plan_user(user, client.read_user(user.uid))
    return plan.after


def _write(client: UserStore, plan: Plan) -> None:
    uid = plan.user.uid
    if not plan.user.present:
        client.remove_user(uid)
    elif ("email",) in plan.changes:
        client.set_email(uid, plan.after["email",], None if plan.exists else plan.after["display_name",])
    else:
        client.write_user(uid, with_changes(plan.document, plan.changes))


def _settle_secrets(user: DesiredUser, state: State) -> tuple[DesiredUser, dict[str, Secret]]:
    """Replace each missing secret file by a secret, and return what to write into which file.

    If the gateway holds a good secret already, that one goes into the file: a lost file must not cut off whoever uses
    the secret. Otherwise it is a new one.
    """
    wanted = dict(user.wanted)
    secret_files: dict[str, Secret] = {}
    for path, value in user.wanted.items():
        if isinstance(value, MissingSecretFile):
            secret = state.get(path)
            if secret is None or problem_with(secret, user.allow_weak):
                secret = generate_secret()
            wanted[path] = secret_files[value.path] = secret
    return replace(user, wanted=wanted), secret_files


def _require_access(user: DesiredUser, after: State) -> None:
    for path in user.wanted:
        if path[0] == "subusers" and ("subusers", path[1], "access") not in after:
            raise InputError(f"{user.where}: subuser '{path[1]}' does not exist yet; give its access.")


def _does_not_settle(client: UserStore, plan: Plan) -> RgwError:
    paths = ", ".join(".".join(path) for path in plan.changes) or "its existence"
    return RgwError(
        "settle",
        f"user '{plan.user.uid}' at {client.endpoint}",
        None,
        f"after {_MAX_WRITES} writes the record still differs in {paths}",
        "Find out who else writes this user (another run, a sync from another zone), then run this again.",
    )
