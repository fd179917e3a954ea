# SPDX-License-Identifier: Apache-2.0
"""The requests about swift containers, in the name of a subuser of their owner.

Source: Ceph documentation "Swift API: Authentication" and "Container Operations"; answers as of Ceph 18.2.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from ...base.errors import ToolError
from ...base.login import TEMPAUTH_PATH, Login
from ...base.remote_json import loads
from ...http.messages import Answer
from ..admin_errors import Attempt
from ..admin_session import AdminSession
from .listing import Listed, Listing
from .names import bare_name

_NO_SWIFT = "Does rgw_enable_apis of the gateway hold swift and swift_auth? Look at the gateway's log."
_HINTS = {
    400: "The gateway refuses the name or the storage policy. See: radosgw-admin zonegroup placement list",
    401: "The token has expired, or the owner was suspended meanwhile. Run this again.",
    403: "The subuser of the owner must not do this: its access has to be full.",
    404: "The container is gone.",
    409: "Another user has a container of this name.",
    412: "For versions_location, the gateway needs rgw_swift_versioning_enabled.",
}


class SwiftAccount(NamedTuple):
    """Where an account is, below the gateway's endpoint, and what lets in. token: secret."""

    path: str
    token: str


def log_in(client: AdminSession, subuser: Login) -> SwiftAccount:
    """A token of a subuser ("uid:name" and its swift key). Raises ToolError."""
    attempt = _attempt(client, "log in by swift as", f"'{subuser.user}'")
    fields = {"x-auth-user": subuser.user, "x-auth-key": subuser.secret}
    answer = client.request_unsigned(attempt, "GET", TEMPAUTH_PATH, fields)
    url, token = answer.header("x-storage-url"), answer.header("x-auth-token")
    if answer.status not in (200, 204) or not url or not token:
        raise ToolError(attempt.operation, attempt.target, "no token", _NO_SWIFT, status=answer.status)
    # The gateway may know itself by another address; the path is its own.
    return SwiftAccount(urlsplit(url).path.rstrip("/"), token)


def head_container(client: AdminSession, account: SwiftAccount, key: str) -> Answer:
    """The header fields of a container. Raises ToolError."""
    return _ask(client, account, key, "HEAD", "read", {})


def put_container(client: AdminSession, account: SwiftAccount, key: str, policy: str) -> None:
    """Create a container, in a storage policy (placement target) if one is named. Raises ToolError."""
    _ask(client, account, key, "PUT", "create", {"x-storage-policy": policy} if policy else {})


def post_container(client: AdminSession, account: SwiftAccount, key: str, fields: Mapping[str, str]) -> None:
    """Change what swift keeps of a container. Raises ToolError."""
    _ask(client, account, key, "POST", "change", fields)


def list_container(
    client: AdminSession, account: SwiftAccount, key: str, prefix: str = "", most: int = 1, delimiter: str = ""
) -> Listing:
    """The first objects whose names begin with `prefix`, without their owners; with a delimiter, folders, too.

    Raises ToolError.
    """
    query = {"format": "json", "prefix": prefix, "limit": str(most), **({"delimiter": delimiter} if delimiter else {})}
    answer = _ask(client, account, key, "GET", "list", {}, query)
    try:
        found = loads(answer.body) if answer.body else []
        names = [Listed(each["name"], "") for each in found if "name" in each]
        return Listing(names, [each["subdir"] for each in found if "subdir" in each])
    except (ValueError, TypeError, KeyError):
        raise ToolError("list", f"container '{key}'", "an answer that is no listing", _NO_SWIFT, status=200) from None


def read_first_byte(client: AdminSession, account: SwiftAccount, key: str, name: str) -> None:
    """Read an object, to prove that its owner may. Raises ToolError."""
    attempt = _attempt(client, f"read object '{name}' of", f"container '{key}'")
    headers = {"x-auth-token": account.token, "range": "bytes=0-0"}
    answer = client.request_unsigned(attempt, "GET", f"{account.path}/{bare_name(key)}/{name}", headers)
    if answer.status not in (200, 206, 416):
        raise ToolError(attempt.operation, attempt.target, "", _HINTS.get(answer.status or 0, _NO_SWIFT), answer.status)


def _ask(
    client: AdminSession,
    account: SwiftAccount,
    key: str,
    method: str,
    verb: str,
    fields: Mapping[str, str],
    query: Mapping[str, str] | None = None,
) -> Answer:
    attempt = _attempt(client, verb, f"container '{key}'")
    path = f"{account.path}/{bare_name(key)}"
    headers = {"x-auth-token": account.token, **fields}
    answer = client.request_unsigned(attempt, method, path, headers, query)
    if not 200 <= (answer.status or 0) < 300:
        raise ToolError(verb, attempt.target, "", _HINTS.get(answer.status or 0, _NO_SWIFT), status=answer.status)
    return answer


def _attempt(client: AdminSession, verb: str, target: str) -> Attempt:
    return Attempt(verb, f"{target} at {client.endpoint}", "", client.credentials.user)
