# SPDX-License-Identifier: Apache-2.0
"""Requests to Keystone's API v3, as one user of one project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Dict, List, cast
from urllib.parse import quote, urlencode

from ..base.errors import ToolError
from ..base.keystone_login import KeystoneLogin
from ..base.remote_json import loads
from ..base.text import to_bytes
from ..http.endpoint import Endpoint
from ..http.messages import Answer, Request
from ..http.prober import Connection
from ..http.transport_hint import transport_hint
from .token import Token, read_token
from .token_request import token_request

_JSON = ("Content-Type", "application/json")
_HINTS = {
    401: "Check the password, and that the user, the project and their domains have these names in Keystone.",
    403: "Give the user a role that Keystone's policy asks for, most often admin, in the project.",
    404: "Check the URL: Keystone's API v3 is below it, at /v3.",
}


class Keystone:
    """One Keystone over one connection. timeout: seconds for each request."""

    def __init__(self, endpoint: Endpoint, timeout: float = 15.0) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._connection = Connection(endpoint)
        self._token: Token | None = None
        self.clock: float | None = None

    def log_in(self, login: KeystoneLogin) -> Token:
        """Get a token, with which all later requests are sent. Raises ToolError.

        After that, `clock` has Keystone's time in seconds since the epoch, None if the answer has none.
        """
        who = f"user '{login.user}' in project '{login.project}' at Keystone {self.endpoint}"
        answer = self._send("authenticate", who, token_request(login, self.endpoint.path), (201,))
        self.clock = _date(answer)
        value = answer.header("X-Subject-Token")
        try:
            if not value:
                raise ValueError("the answer has no X-Subject-Token")
            self._token = read_token(value, loads(answer.body))
        except ValueError as error:
            raise ToolError("authenticate", who, f"no token of API v3: {error}", _HINTS[404], answer.status) from None
        return self._token

    def use(self, token: Token) -> None:
        """Send later requests with a token that another connection has got."""
        self._token = token

    def reach(self) -> None:
        """Ask for the version, which needs no token. Raises ToolError."""
        self._send("reach", f"Keystone {self.endpoint}", Request("GET", self._target(""), [_JSON]), (200,))

    def objects(self, kind: str, **query: str) -> list[dict[str, Any]]:
        """The objects of a kind ("services"). Raises ToolError."""
        path = f"/{kind}" + (f"?{urlencode(query)}" if query else "")
        return cast(List[Dict[str, Any]], self._document("read", f"the {kind}", "GET", path, (200,))[kind])

    def read(self, kind: str, one: str, identity: str) -> dict[str, Any]:
        """An object by its id. Raises ToolError."""
        path = f"/{kind}/{quote(identity, safe='')}"
        return self._one(one, self._document("read", f"the {one}", "GET", path, (200,)))

    def create(self, kind: str, one: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object; kind: "services", one: "service". Raises ToolError."""
        return self._one(one, self._document("create", f"the {one}", "POST", f"/{kind}", (201,), {one: dict(values)}))

    def change(self, kind: str, one: str, identity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Change values of an object. Raises ToolError."""
        path = f"/{kind}/{quote(identity, safe='')}"
        return self._one(one, self._document("change", f"the {one}", "PATCH", path, (200,), {one: dict(values)}))

    def remove(self, kind: str, one: str, identity: str) -> None:
        """Remove an object; one that is gone is as good. Raises ToolError."""
        path = f"/{kind}/{quote(identity, safe='')}"
        self._asked("remove", f"the {one}", Request("DELETE", self._target(path), self._fields()), (204, 404))

    def grant(self, role_id: str, user_id: str, project_id: str) -> None:
        """Give a user a role in a project. Raises ToolError."""
        ids = (quote(one, safe="") for one in (project_id, user_id, role_id))
        path = "/projects/{}/users/{}/roles/{}".format(*ids)
        self._asked("grant", "the role", Request("PUT", self._target(path), self._fields()), (204,))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _one(self, one: str, document: Mapping[str, Any]) -> dict[str, Any]:
        return cast(Dict[str, Any], document[one])

    def _document(
        self,
        operation: str,
        what: str,
        method: str,
        path: str,
        wanted: tuple[int, ...],
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        content = None if body is None else json.dumps(body).encode()
        request = Request(method, self._target(path), self._fields(), content)
        answer = self._asked(operation, what, request, wanted)
        try:
            return cast(Dict[str, Any], loads(answer.body))
        except ValueError as error:
            target = f"{what} at Keystone {self.endpoint}"
            raise ToolError(operation, target, f"no JSON: {error}", _HINTS[404], answer.status) from None

    def _asked(self, operation: str, what: str, request: Request, wanted: tuple[int, ...]) -> Answer:
        return self._send(operation, f"{what} at Keystone {self.endpoint}", request, wanted)

    def _fields(self) -> list[tuple[str, str]]:
        token = [("X-Auth-Token", self._token.value.value)] if self._token else []
        return [_JSON, *token]

    def _target(self, path: str) -> str:
        return f"{self.endpoint.path}/v3{path}"

    def _send(self, operation: str, target: str, request: Request, wanted: tuple[int, ...]) -> Answer:
        answer = self._connection.exchange(request, self._timeout)
        if answer.fault:
            raise ToolError(
                operation, target, f"{answer.fault}: {answer.detail}", transport_hint(answer, "Keystone", "Keystone")
            )
        if answer.status not in wanted:
            hint = _HINTS.get(answer.status or 0, "Look into Keystone's log.")
            raise ToolError(operation, target, _said(answer), hint, answer.status)
        return answer


def _said(answer: Answer) -> str:
    """Keystone's own word for an error: the message of its body, which repeats no secret of the request."""
    try:
        return str(loads(answer.body)["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return to_bytes(answer.first_line).decode("utf-8", "replace")


def _date(answer: Answer) -> float | None:
    try:
        return parsedate_to_datetime(answer.header("Date") or "").timestamp()
    except (TypeError, ValueError):
        return None
