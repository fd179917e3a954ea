# SPDX-License-Identifier: Apache-2.0
"""The requests about accounts: whole records, as for users, and their removal.

Records are read and written as metadata, with the cap "metadata". Only the removal is a request of its own, as the
metadata API would remove an account with users. Releases 19.2 and 20.0 to 20.2.1 look for a misspelt cap there
(rook/rook#17590), which nobody can have: they let system users only.

Sources: Ceph documentation "Account" (radosgw/account); answers of Ceph 20.2.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...base.errors import ToolError
from ...base.text import json_text, to_bytes
from ..admin_api import AdminClient
from ..admin_errors import NOT_A_GATEWAY, Attempt, error_code
from ..admin_session import json_of, success
from ..user_record import Document

_METADATA = "/admin/metadata/account"
_ACCOUNT = "/admin/account"
_MISSPELT = (
    "The user of access key '{key}' needs the admin caps 'accounts=write'. Ceph 19.2 and 20.0 to 20.2.1 look for a cap "
    "with a misspelt name instead, which no user can have: there, the user has to be a system user (system: true)."
)


class AccountClient(AdminClient):
    """The operations on accounts. All of them raise ToolError."""

    def accounts(self) -> Iterator[Document]:
        """The records of all accounts."""
        for identifier in self._list_keys("account"):
            document = self.read_account(identifier)
            if document is not None:
                yield document

    def read_account(self, identifier: str) -> Document | None:
        """The record of an account, None if there is no such account."""
        attempt = self._about("read", identifier, "metadata=read")
        answer = self.request(attempt, "GET", _METADATA, {"key": identifier})
        if answer.status == 404 and error_code(answer) == "NoSuchKey":
            return None
        document = json_of(success(attempt, answer))
        if not isinstance(document, dict) or not isinstance(document.get("data"), dict):
            raise ToolError(attempt.operation, attempt.target, "without an account", NOT_A_GATEWAY, answer.status)
        return document

    def write_account(self, identifier: str, document: Mapping[str, Any]) -> None:
        """Store the whole record of an account."""
        attempt = self._about("write", identifier, "metadata=*")
        answer = self.request(attempt, "PUT", _METADATA, {"key": identifier}, to_bytes(json_text(document)))
        if answer.status == 409:
            hint = "Another account has this name or e-mail address. Give this account another one."
            raise ToolError(attempt.operation, attempt.target, error_code(answer), hint, status=409)
        success(attempt, answer)

    def remove_account(self, identifier: str) -> None:
        """Remove an account in which there is nothing."""
        attempt = self._about("remove", identifier, "accounts=write")
        answer = self.request(attempt, "DELETE", _ACCOUNT, {"id": identifier, "format": "json"}, repeat=False)
        code = error_code(answer)
        if answer.status == 409:
            hint = "It still has users, groups, roles, providers or buckets. Remove these first."
            raise ToolError(attempt.operation, attempt.target, "AccountNotEmpty", hint, status=409)
        if answer.status == 403 and code == "AccessDenied":
            hint = _MISSPELT.format(key=attempt.access_key)
            raise ToolError(attempt.operation, attempt.target, code, hint, status=403)
        success(attempt, answer)

    def _about(self, operation: str, identifier: str, caps: str) -> Attempt:
        return Attempt(operation, f"account '{identifier}' at {self.endpoint}", caps, self.credentials.user)
