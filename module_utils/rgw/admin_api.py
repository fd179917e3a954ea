# SPDX-License-Identifier: Apache-2.0
"""Client for the part of RGW's admin API that this toolkit uses: whole user records, and what these cannot do.

Sources: Ceph documentation "Admin Operations" (radosgw/adminops); codes and headers as answered by Ceph 14.2.21,
16.2.15, 18.2.7 and 20.2.4.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..base.errors import ToolError
from ..base.remote_json import loads
from ..base.text import from_bytes, json_text, to_bytes
from ..http.messages import Answer
from .admin_errors import NOT_A_GATEWAY, Attempt, error_code
from .admin_session import AdminSession, json_of, success

_METADATA = "/admin/metadata/user"
_USER = "/admin/user"
_BUCKET = "/admin/bucket"
_PAGE = 1000
# Ten million users are more than any gateway has.
_MAX_PAGES = 10_000

# Something that gateways do since the release in which a cap came. Before that they answer 405 MethodNotAllowed, and
# afterwards something else whatever the caller's rights (seen on 14.2, 16.2, 18.2 and 20.2).
_SIGNS: dict[str, tuple[str, str, dict[str, str]]] = {
    "amz-cache": ("POST", "/", {"Action": "ListOpenIDConnectProviders"}),
    "oidc-provider": ("POST", "/", {"Action": "ListOpenIDConnectProviders"}),
    "ratelimit": ("GET", "/admin/ratelimit", {}),
    "info": ("GET", "/admin/info", {}),
    "accounts": ("GET", "/admin/account", {}),
    "user-info-without-keys": ("GET", "/admin/account", {}),
}


class AdminClient(AdminSession):
    """The operations on users."""

    def read_user(self, uid: str) -> dict[str, Any] | None:
        """Return the whole metadata document of a user, or None if there is no such user. Raises ToolError."""
        attempt = self._attempt("read", uid, "metadata=read")
        answer = self.request(attempt, "GET", _METADATA, {"key": uid})
        # Only a JSON answer is the admin API's own: where that API is off, a bucket named "admin" answers for it.
        if answer.status == 404 and error_code(answer) in ("NoSuchKey", "NoSuchUser") and _is_json(answer):
            return None
        document = _json_object(success(attempt, answer).body)
        if document is None or not isinstance(document.get("data"), dict):
            raise ToolError(
                attempt.operation, attempt.target, "without a user record", NOT_A_GATEWAY, status=answer.status
            )
        return document

    def record_of_a_new_user(self) -> dict[str, Any]:
        """What the gateway gives a user at its creation: one is made, suspended and without keys, read and removed.

        Operators can set quotas and a number of buckets for new users, and the admin API does not tell these options.
        Raises ToolError.
        """
        uid = f"rgwkit-new-user-{secrets.token_hex(8)}"
        attempt = self._attempt("see what a new user gets from", uid, "users=*")
        query = {"uid": uid, "display-name": uid, "generate-key": "false", "suspended": "true", "format": "json"}
        try:
            success(attempt, self.request(attempt, "PUT", _USER, query))
            document = self.read_user(uid)
        except BaseException:
            with suppress(ToolError):  # it may be there, if an answer was lost
                self.remove_user(uid)
            raise
        self.remove_user(uid)
        if document is None:
            hint = "It was made and is not there. Is a gateway of another zone behind the same address?"
            raise ToolError(attempt.operation, attempt.target, "no such user", hint)
        return document

    def write_user(self, uid: str, document: Mapping[str, Any]) -> None:
        """Store a whole user record, unless the stored one is newer (Ceph 18 and before; later ones always store).

        The version in the document must be that of the record it replaces plus one. Whether it was stored is seen by
        reading again: a repeated request may find its own first try. Raises ToolError.
        """
        query = {"key": uid, "update-type": "update-by-version"}
        attempt = self._attempt("write", uid, "metadata=*")
        success(attempt, self.request(attempt, "PUT", _METADATA, query, to_bytes(json_text(document))))

    def set_email(self, uid: str, email: str, new_display_name: str | None) -> None:
        """Give a user an e-mail address that no other user has, or none; with new_display_name, create the user.

        The metadata document does not do: with it, the gateway takes an address that is another user's (seen on 14.2 to
        20.2), and does not set one free that is given up (seen on 14.2). Raises ToolError.
        """
        query = {"uid": uid, "email": email, "format": "json"}
        if new_display_name is not None:
            query.update({"display-name": new_display_name, "generate-key": "false"})
        attempt = self._attempt(f"set e-mail address '{email}' of", uid, "users=*")
        method = "POST" if new_display_name is None else "PUT"
        answer = self.request(attempt, method, _USER, query, repeat=False)
        if answer.status == 400 and new_display_name is not None:
            hint = "Ceph 14 answers so if another user has this address. Give this user another one, or none."
            raise ToolError(attempt.operation, attempt.target, error_code(answer), hint, status=400)
        success(attempt, answer)

    def set_account(self, uid: str, account: str, root: bool) -> None:
        """Put a user into an account (ID), as its root user or not; no user ever leaves an account. Raises ToolError.

        The metadata document does not do: with it, the gateway does not check name, tenant and number of users. Buckets
        of the user become the account's (seen on 20.2).
        """
        attempt = self._attempt(f"put into account '{account}'", uid, "users=write")
        query = {"uid": uid, "account-id": account, "account-root": str(root).lower(), "format": "json"}
        success(attempt, self.request(attempt, "POST", _USER, query))

    def has_buckets(self, uid: str) -> bool:
        """Whether a user owns buckets. Raises ToolError."""
        attempt = self._attempt("list the buckets of", uid, "buckets=read")
        return bool(json_of(success(attempt, self.request(attempt, "GET", _BUCKET, {"uid": uid}))))

    def list_users(self) -> Iterator[str]:
        """All uids in no order, those with a tenant as "tenant$uid". Raises ToolError, also where they do not end."""
        return self._list_keys("user")

    def _list_keys(self, kind: str) -> Iterator[str]:
        """The keys of all metadata of a kind, page by page. Raises ToolError, also where they do not end."""
        attempt = self._question(f"all {kind}s", "metadata=read")
        query = {"max-entries": str(_PAGE)}
        markers: set[str] = set()
        while len(markers) <= _MAX_PAGES:
            answer = success(attempt, self.request(attempt, "GET", f"/admin/metadata/{kind}", query))
            page = _json_object(answer.body) or {}
            keys, marker = page.get("keys"), page.get("marker")
            if not (isinstance(keys, list) and all(isinstance(key, str) for key in keys)):
                raise ToolError(
                    attempt.operation, attempt.target, f"without a list of {kind}s", NOT_A_GATEWAY, status=answer.status
                )
            yield from keys
            # A boolean, up to Ceph 16 in quotes.
            if str(page.get("truncated")).lower() != "true":
                return
            if not isinstance(marker, str) or marker in markers:
                break
            markers.add(marker)
            query["marker"] = marker
        raise ToolError(attempt.operation, attempt.target, "a listing that does not end", NOT_A_GATEWAY, status=200)

    def knows_cap(self, cap: str) -> bool:
        """Whether the gateway's release has what this cap is for. Raises ToolError."""
        if cap not in _SIGNS:
            return True
        attempt = self._question(f"cap '{cap}'", "")
        method, path, query = _SIGNS[cap]
        return self.request(attempt, method, path, {**query, "format": "json"}).status != 405

    def knows_placement(self, placement: str, storage_class: str) -> bool:
        """Whether the gateway has this placement target and storage class. Raises ToolError.

        It is asked to give them to a user that does not exist, and it looks at them first. Ceph 14 looks at neither,
        and releases up to 18 do not look at the storage class (seen on 14.2, 16.2, 18.2 and 20.2).
        """
        attempt = Attempt(
            "ask for", f"placement '{placement}' at {self.endpoint}", "users=write", self.credentials.user
        )
        query = {"uid": _nobody(), "default-placement": placement, "format": "json"}
        if storage_class:
            query["default-storage-class"] = storage_class
        answer = self.request(attempt, "POST", _USER, query)
        if answer.status == 404 and error_code(answer) == "NoSuchUser":
            return True
        if answer.status == 400 and error_code(answer) == "InvalidArgument":
            return False
        success(attempt, answer)
        return True

    def secondary_zone(self) -> str | None:
        """The gateway's zone if that is not the metadata master of a realm; None, too, if the admin may not see it.

        Such a gateway takes records and passes them to nobody, so that the zones differ from then on (seen on 14.2,
        16.2, 18.2 and 20.2). Raises ToolError.
        """
        attempt = self._question("the realm", "zone=read")
        period = self.request(attempt, "GET", "/admin/realm/period", {})
        if period.status != 200:
            return None  # 404: no realm; 403: no cap zone=read
        zone = success(attempt, self.request(attempt, "GET", "/admin/config", {"type": "zone"}))
        master, own = _json_object(period.body) or {}, _json_object(zone.body) or {}
        return str(own["name"]) if master.get("master_zone") and master["master_zone"] != own["id"] else None

    def owner_of_key(self, access_key: str) -> str | None:
        """Who has this access key; None if nobody has, or the admin may not see. Raises ToolError."""
        attempt = self._question(f"access key '{access_key}'", "users=read")
        answer = self.request(attempt, "GET", _USER, {"access-key": access_key, "format": "json"})
        user = _json_object(answer.body) if answer.status == 200 else None
        if user is None:
            return None
        return f"{user['tenant']}${user['user_id']}" if user.get("tenant") else str(user["user_id"])

    def address_is_taken(self, email: str) -> bool:
        """Whether some user has this e-mail address; False, too, if the admin may not ask. Raises ToolError.

        A user that does not exist is told to take it. The gateway finds the owner by the address and says that the two
        do not match, or else that there is no such user (the same on 14.2, 16.2, 18.2 and 20.2).
        """
        attempt = self._question(f"e-mail address '{email}'", "users=write")
        query = {"uid": _nobody(), "email": email, "format": "json"}
        answer = self.request(attempt, "POST", _USER, query)
        return answer.status == 400 and error_code(answer) == "InvalidArgument"

    def remove_user(self, uid: str, purge_data: bool = False) -> bool:
        """Remove a user, with purge_data its buckets, too; return False if it was not there. Raises ToolError.

        The gateway answers when all objects are gone.
        """
        attempt = self._attempt("remove", uid, "users=write")
        query = {"uid": uid, **({"purge-data": "true"} if purge_data else {})}
        answer = self.request(attempt, "DELETE", _USER, query, repeat=False)
        if answer.status == 404 and error_code(answer) == "NoSuchUser" and _is_json(answer):
            return False
        if answer.status == 409 and error_code(answer) == "BucketAlreadyExists":
            hint = (
                f"The user owns {self._count_buckets(uid)}. Remove them first, give them to another user, or set "
                "purge_data to remove them with all that is in them."
            )
            raise ToolError(attempt.operation, attempt.target, "UserHasBuckets", hint, status=409)
        success(attempt, answer)
        return True

    def remove_subuser(self, uid: str, name: str) -> None:
        """Remove a subuser and its keys, if it is there. Raises ToolError.

        On Ceph 14 a subuser or key that is left out of a metadata document stays in the gateway's index, where it
        keeps others from having it. So these are removed one by one.
        """
        query = {"subuser": f"{uid}:{name}", "purge-keys": "true"}
        self._remove_part(f"remove subuser '{name}' of", uid, query, "NoSuchSubUser")

    def remove_key(self, uid: str, access_key: str) -> None:
        """Remove an S3 key, if it is there. Raises ToolError."""
        query = {"key": "", "access-key": access_key, "key-type": "s3"}
        self._remove_part(f"remove access key '{access_key}' of", uid, query, "InvalidAccessKeyId")

    def remove_swift_key(self, uid: str, name: str) -> None:
        """Remove a swift key whose subuser is gone, if it is there. Raises ToolError."""
        query = {"key": "", "subuser": f"{uid}:{name}", "key-type": "swift"}
        self._remove_part(f"remove swift key '{name}' of", uid, query, "InvalidAccessKeyId")

    def _remove_part(self, operation: str, uid: str, query: Mapping[str, str], absent: str) -> None:
        attempt = self._attempt(operation, uid, "users=write")
        answer = self.request(attempt, "DELETE", _USER, {"uid": uid, **query})
        # Gone already, perhaps by a first try whose answer was lost. For keys the gateway has the same word for
        # credentials that it does not know; the read that follows then says so.
        if error_code(answer) != absent:
            success(attempt, answer)

    def _count_buckets(self, uid: str) -> str:
        attempt = self._attempt("list the buckets of", uid, "buckets=read")
        try:
            buckets = loads(success(attempt, self.request(attempt, "GET", _BUCKET, {"uid": uid})).body)
            return f"{len(buckets)} bucket{'' if len(buckets) == 1 else 's'}"
        except (ToolError, ValueError, TypeError):
            # The removal has failed already; that is what the caller must hear of.
            return "buckets (their number could not be read)"

    def _attempt(self, operation: str, uid: str, caps: str) -> Attempt:
        return Attempt(operation, f"user '{uid}' at {self.endpoint}", caps, self.credentials.user)

    def _question(self, about: str, caps: str) -> Attempt:
        return Attempt("ask for", f"{about} at {self.endpoint}", caps, self.credentials.user)


def _nobody() -> str:
    """A uid that nobody has."""
    return f"nobody-{secrets.token_hex(16)}"


def _is_json(answer: Answer) -> bool:
    return (answer.header("content-type") or "").startswith("application/json")


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        value = loads(from_bytes(body))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
