# SPDX-License-Identifier: Apache-2.0
"""Accounts, containers and objects of OpenStack Swift, for an account of Keystone that may use all of them.

Source: OpenStack "Object Storage API", v1; what a proxy offers is "Discoverability".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Dict, List, cast
from urllib.parse import quote, urlencode

from ..base.errors import ToolError
from ..base.remote_json import loads
from ..base.secret import Secret
from ..http.endpoint import Endpoint
from ..http.messages import Answer, Request
from ..http.prober import Connection

_LONGEST_NAME = 256
# A page of a list: a thousand names of up to 1024 bytes, some of which JSON writes with six characters for two bytes.
MOST_ENTRIES = 1000
_MOST_BYTES = 8 * 1024 * 1024
# An account is 410 Gone until account-reaper has cleared it away.
_GONE = (404, 410)
_HINTS = {
    401: "Look whether Swift's authtoken reaches Keystone and has its own password right.",
    403: "Give the account the role that is Swift's reseller_admin_role (ResellerAdmin) in its project.",
    404: "Set account_autocreate to true in the section [app:proxy-server] of proxy-server.conf.",
}
_HINT = "Look into the log of Swift's proxy."


class SwiftClient:
    """One proxy over one connection. timeout: seconds for each request. All requests raise ToolError.

    A path is the name of an account, or the names of account and container, or those of account, container and object.
    """

    def __init__(self, endpoint: Endpoint, timeout: float = 15.0) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._connection = Connection(endpoint)
        self._token = Secret("")

    def use(self, token: Secret) -> None:
        """Send later requests with a token."""
        self._token = token

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def info(self) -> dict[str, Any]:
        """What the proxy offers: options by the names of its middleware. Needs no token."""
        what = "what Swift offers"
        answer = self._send("read", what, Request("GET", f"{self.endpoint.path}/info"), (200,))
        return cast(Dict[str, Any], self._document(what, answer))

    def account(self, name: str) -> Answer:
        """The header fields of an account."""
        return self._ask("read", "HEAD", (name,), (200, 204))

    def container(self, account: str, name: str) -> Answer | None:
        """The header fields of a container; None where there is none."""
        answer = self._ask("read", "HEAD", (account, name), (200, 204, *_GONE))
        return None if answer.status in _GONE else answer

    def entries(self, *path: str, **query: str) -> list[dict[str, Any]] | None:
        """A page of the containers of an account, or of the objects of a container; None where there is none."""
        answer = self._ask("list", "GET", path, (200, *_GONE), query={"format": "json", **query})
        if answer.status in _GONE:
            return None
        return cast(List[Dict[str, Any]], self._document(f"the list of {_words(path)}", answer))

    def create(self, account: str, container: str, fields: Mapping[str, str]) -> bool:
        """Create a container; False if it is there already, and has the fields from now on."""
        return self._ask("create", "PUT", (account, container), (201, 202), fields).status == 201

    def change(self, *path: str, fields: Mapping[str, str]) -> None:
        """Set metadata of an account or a container; an empty value removes an entry."""
        self._ask("change", "POST", path, (201, 202, 204), fields)

    def remove(self, *path: str) -> None:
        """Remove an object, an empty container or an account; one that is gone is as good."""
        self._ask("remove", "DELETE", path, (204, *_GONE))

    def _ask(
        self,
        operation: str,
        method: str,
        path: tuple[str, ...],
        wanted: tuple[int, ...],
        fields: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        target = self.endpoint.path + swift_path(*path) + (f"?{urlencode(query)}" if query else "")
        headers = [("X-Auth-Token", self._token.value), *(fields or {}).items()]
        body = b"" if method in ("PUT", "POST") else None
        return self._send(operation, _words(path), Request(method, target, headers, body), wanted)

    def _send(self, operation: str, what: str, request: Request, wanted: tuple[int, ...]) -> Answer:
        answer = self._connection.exchange(request, self._timeout, _MOST_BYTES)
        target = f"{what} at Swift {self.endpoint}"
        if answer.fault:
            hint = "Check the URL, that Swift's proxy runs, and that no firewall is between."
            raise ToolError(operation, target, f"{answer.fault}: {answer.detail}", hint)
        if answer.status not in wanted:
            said = answer.first_line.partition(" ")[2].partition(" ")[2]
            raise ToolError(operation, target, said, _HINTS.get(answer.status or 0, _HINT), answer.status)
        return answer

    def _document(self, what: str, answer: Answer) -> Any:
        try:
            return loads(answer.body)
        except ValueError as error:
            target = f"{what} at Swift {self.endpoint}"
            raise ToolError("read", target, f"no JSON: {error}", "Check the URL.", answer.status) from None


def swift_path(*path: str) -> str:
    """The path of an account, a container or an object, quoted."""
    return "/v1/" + "/".join(quote(name) for name in path)


def is_container_name(name: str) -> bool:
    """Whether Swift takes a container of this name (max_container_name_length), and a URL leads there."""
    return 0 < len(name.encode("utf-8", "replace")) <= _LONGEST_NAME and "/" not in name and name not in (".", "..")


def _words(path: tuple[str, ...]) -> str:
    kind = ("account", "container", "object")[len(path) - 1]
    return f"the {kind} {'/'.join(path)}"
