# SPDX-License-Identifier: Apache-2.0
"""Makes accounts what they are declared to be: read, plan, apply, read again.

All accounts of the gateway are read, as an entry may name its account by its name. An account is changed and removed if
it carries the mark of the inventory; one that nobody has marked becomes the inventory's if its entry says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ...base.errors import InputError, ToolError
from ..bulk import apply_all, clients_for
from ..plan_checks import check_zone
from ..user_record import Document, State
from .client import AccountClient
from .record import new_document, new_id, read_state, with_changes
from .spec import DesiredAccount

TOO_OLD = "accounts need Ceph 19; {endpoint} is older. Leave the option out, or upgrade the gateways."


@dataclass(frozen=True)
class Plan:
    """account: the entry. identifier: of the account, as it is or is to be. document: the record to start from.

    before, after: its state (nothing if there is no account). changes: the part of after that has to be written.
    """

    account: DesiredAccount
    identifier: str
    exists: bool
    document: Document = field(repr=False)
    before: State
    after: State
    changes: State

    @property
    def changed(self) -> bool:
        """Whether anything has to be written."""
        return bool(self.changes) or self.exists != self.account.present


def reconcile(
    connect: Callable[[], AccountClient],
    accounts: Sequence[DesiredAccount],
    home: str,
    takeover: bool,
    check_mode: bool,
    parallel: int,
) -> list[Plan]:
    """Plan all accounts, and only then apply the plans. Raises InputError, ToolError; UnfinishedRun after a write.

    home: the inventory whose accounts these are. takeover: whether it gets those that another inventory has marked.
    """
    if not accounts:
        return []
    clients = clients_for(connect, accounts, parallel)
    try:
        found = known_accounts(clients[0])
        plans = [plan_account(account, found, home, takeover) for account in accounts]
        if any(plan.changed for plan in plans):
            check_zone(clients[0], "Accounts written there would be there only")
        if not check_mode:
            apply_all(clients, plans, _apply, lambda plan: plan.account.key, "accounts")
        return plans
    finally:
        for client in clients:
            client.close()


def first_plans(accounts: Sequence[DesiredAccount], home: str) -> list[Plan]:
    """What would become of the accounts on a gateway that has none yet. Raises InputError."""
    return [plan_account(account, [], home, False) for account in accounts]


def known_accounts(client: AccountClient) -> list[Document]:
    """All accounts of a gateway. Raises InputError where its release has none, ToolError."""
    if not client.knows_cap("accounts"):
        raise InputError(TOO_OLD.format(endpoint=client.endpoint))
    return list(client.accounts())


def plan_account(account: DesiredAccount, found: Sequence[Document], home: str, takeover: bool) -> Plan:
    """Compare an account with its entry. Raises InputError."""
    document = _find(account, found)
    if document is None:
        if not account.present:
            return Plan(account, account.identifier or "", False, {}, {}, {}, {})
        identifier = account.identifier or new_id()
        document = new_document(identifier, account.name, account.tenant)
        state = {**read_state(document), **account.wanted, ("home",): home}
        return Plan(account, identifier, False, document, {}, state, state)
    before, identifier = read_state(document), document["data"]["id"]
    after = {**before, **account.wanted} if account.present else {}
    changes = {path: value for path, value in after.items() if before[path] != value}
    if changes or not account.present or account.adopt:
        _check_mark(account, before["home",], home, takeover)
        if account.present and before["home",] != home:
            changes["home",] = after["home",] = home
    return Plan(account, identifier, True, document, before, after, changes)


def _find(account: DesiredAccount, found: Sequence[Document]) -> Document | None:
    named = None
    for document in found:
        data = document["data"]
        same_name = (data["tenant"], data["name"]) == (account.tenant, account.name)
        if account.identifier == data["id"] or (account.identifier is None and same_name):
            named = document
        elif same_name and account.present:
            raise InputError(f"{account.where}: account '{account.key}' has the ID '{data['id']}'.")
        elif account.wanted.get(("email",)) and data["email"].lower() == account.wanted["email",]:
            raise InputError(f"{account.where}: email: account '{data['name']}' ({data['id']}) has this address.")
    if named is not None and named["data"]["tenant"] != account.tenant:
        raise InputError(
            f"{account.where}: tenant: account '{account.identifier}' is of tenant '{named['data']['tenant']}', which "
            "cannot be changed."
        )
    return named


def _check_mark(account: DesiredAccount, mark: str, home: str, takeover: bool) -> None:
    if not mark and not account.adopt:
        raise InputError(
            f"{account.where}: the account was not created by this toolkit, and differs from the entry. Set adopt to "
            "have this inventory manage the account, or describe the account as it is."
        )
    if mark and mark != home and not takeover:
        raise InputError(
            f"{account.where}: the account belongs to inventory '{mark}', not to '{home}'. Set rgwkit_takeover to take "
            "it over."
        )


def _apply(client: AccountClient, plan: Plan) -> Plan:
    """Carry out a plan, and compare what the gateway has then."""
    if not plan.changed:
        return plan
    target = f"account '{plan.identifier}' at {client.endpoint}"
    if not plan.account.present:
        client.remove_account(plan.identifier)
        if client.read_account(plan.identifier) is not None:
            hint = "The gateway said that it was removed. Look for somebody who creates it again."
            raise ToolError("remove", target, "the account is still there", hint)
        return plan
    client.write_account(plan.identifier, with_changes(plan.document, plan.changes))
    document = client.read_account(plan.identifier)
    state = read_state(document) if document else {}
    differing = ", ".join(".".join(path) for path in plan.after if state.get(path) != plan.after[path])
    if differing:
        hint = "Somebody else has changed it meanwhile, or the gateway keeps something else. Look at the account."
        raise ToolError("write", target, f"the gateway has another {differing}", hint)
    return plan
