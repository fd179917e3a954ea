# SPDX-License-Identifier: Apache-2.0
"""The actions of the IAM API, in the name of a root user of an account.

Sources: IAM API Reference; Ceph documentation "Account" and "Role" (radosgw/account, radosgw/role); answers of Ceph
20.2.4. Ceph 20 takes no form whose type is not signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote
from xml.etree.ElementTree import Element

from ...base.errors import ToolError
from ...base.login import Login
from ...base.text import to_bytes
from ...http.messages import Answer
from ...s3 import markup
from ..accounts.client import AccountClient
from ..admin_errors import Attempt, error_code
from ..owner_answers import owner_success

_FORM = {"content-type": "application/x-www-form-urlencoded"}
_MAX_PAGES = 10_000
_NOT_OURS = "Does something in between answer in the gateway's place?"
_HINTS = {
    "MethodNotAllowed": "The gateway does not know this action: that needs Ceph 19, and 'iam' in rgw_enable_apis.",
    "AccessDenied": "Is the user a root user of the account? Beside that, the account's limits can refuse this.",
    "MalformedPolicyDocument": "The gateway refuses the policy. Look for actions that its release does not know.",
    "LimitExceeded": "The account's limit is reached. Raise it by the module rgw_accounts.",
    "DeleteConflict": "Something else belongs to it. Remove that first; the gateway's log may say what.",
    "EntityAlreadyExists": "Somebody else has created it meanwhile. Run this again.",
}


class Root(NamedTuple):
    """A root user, a key to act for the user, and the ID of the account."""

    uid: str
    login: Login
    account: str


class IamClient(AccountClient):
    """Acts for root users. All operations raise ToolError."""

    def ask(self, root: Root, about: str, action: str, parameters: Mapping[str, str]) -> Element | None:
        """The document that answers a question; None if there is no such thing. about: in a sentence's words."""
        attempt = self._attempt_on(root, "read", about)
        answer = self._send(attempt, root, action, parameters)
        if answer.status == 404 and error_code(answer) == "NoSuchEntity":
            return None
        return self._parsed(attempt, action, answer)

    def ask_all(self, root: Root, about: str, action: str, parameters: Mapping[str, str]) -> list[Element]:
        """The answers to a question page by page; none if there is no such thing."""
        pages: list[Element] = []
        marker = ""
        for _page in range(_MAX_PAGES):
            page = self.ask(root, about, action, {**parameters, **({"Marker": marker} if marker else {})})
            if page is None:
                return pages
            pages.append(page)
            following = next((found.text or "" for found in page.iter("Marker")), "")
            if not following or following == marker:
                return pages
            marker = following
        raise ToolError("read", about, "a listing that does not end", _NOT_OURS, status=200)

    def tell(self, root: Root, operation: str, about: str, action: str, parameters: Mapping[str, str]) -> None:
        """Have something done. operation, about: in a sentence's words ("create", "user 'ada'")."""
        attempt = self._attempt_on(root, operation, about)
        answer = self._send(attempt, root, action, parameters)
        # Gone already, perhaps by a first try whose answer was lost.
        if answer.status == 404 and error_code(answer) == "NoSuchEntity" and operation == "remove":
            return
        owner_success(attempt, answer, _HINTS)

    def _send(self, attempt: Attempt, root: Root, action: str, parameters: Mapping[str, str]) -> Answer:
        fields = {"Action": action, "Version": "2010-05-08", **parameters}
        body = "&".join(f"{name}={quote(to_bytes(value), safe='-_.~')}" for name, value in fields.items()).encode()
        return self.request(attempt, "POST", "/", {}, body, headers=_FORM, login=root.login, service="iam")

    def _parsed(self, attempt: Attempt, action: str, answer: Answer) -> Element:
        body = owner_success(attempt, answer, _HINTS).body
        try:
            found = markup.parse(body)
        except ValueError as error:
            raise ToolError(attempt.operation, attempt.target, str(error), _NOT_OURS, status=answer.status) from None
        if found.tag != f"{action}Response":
            raise ToolError(attempt.operation, attempt.target, f"a {found.tag}", _NOT_OURS, status=answer.status)
        return found

    def _attempt_on(self, root: Root, operation: str, about: str) -> Attempt:
        return Attempt(operation, f"{about} of account '{root.account}' at {self.endpoint}", "", root.uid)
