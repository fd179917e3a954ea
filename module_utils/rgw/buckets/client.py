# SPDX-License-Identifier: Apache-2.0
"""The requests about buckets: by the admin API, and by S3 in the name of a bucket's owner, over one connection.

Sources: Ceph documentation "Admin Operations" (radosgw/adminops) and "Ceph Object Gateway S3 API"; codes and bodies as
answered by Ceph 16.2.15 and 18.2.7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ...base.errors import ToolError
from ...base.login import Login
from ...base.text import json_text, to_bytes
from ...http.messages import Answer
from ...s3 import markup
from ...s3.documents.document import Canonical, Document
from ..admin_errors import NOT_A_GATEWAY, Attempt, error_code
from ..admin_session import json_of, success
from ..topics.client import TopicClient
from ..user_ratelimit import LIMITS
from .errors import owner_success
from .listing import Listing, read_listing
from .names import bare_name
from .placement import Placements

_BUCKET = "/admin/bucket"
_USER = "/admin/user"
_RATE_LIMIT = "/admin/ratelimit"
_INSTANCE = "/admin/metadata/bucket.instance"
_TOPIC = "/admin/metadata/topic"
# S3 leaves the name of its first region out (API reference, GetBucketLocation).
_DEFAULT_ZONEGROUP = "default"
_NOT_EMPTY = (
    "It holds delete markers, which its record does not count, or objects that came in since it was read. Remove them, "
    "or set remove_objects to remove the bucket with all that is in it."
)


class Stored(NamedTuple):
    """What buckets hold."""

    bytes: int
    objects: int


class BucketClient(TopicClient):
    """The operations on buckets, and on the topics that their notifications name.

    key: "name" or "tenant/name"; login: the owner's. All operations raise ToolError.
    """

    def read_bucket(self, key: str) -> dict[str, Any] | None:
        """A bucket's record with its usage, None if there is no such bucket."""
        attempt = self._about("read", key, "buckets=read")
        answer = self.request(attempt, "GET", _BUCKET, {"bucket": key, "stats": "true"})
        if answer.status == 404 and error_code(answer) == "NoSuchBucket":
            return None
        record = json_of(success(attempt, answer))
        if not isinstance(record, dict) or "owner" not in record:
            raise ToolError("read", attempt.target, "without a bucket's record", NOT_A_GATEWAY, status=answer.status)
        return record

    def list_buckets(self) -> list[str]:
        """The keys of all buckets, in no order."""
        return list(self._list_keys("bucket"))

    def buckets_of(self, uid: str) -> list[str]:
        """The keys of a user's buckets."""
        attempt = self._ask_for(f"buckets of user '{uid}'", "buckets=read")
        answer = success(attempt, self.request(attempt, "GET", _BUCKET, {"uid": uid}))
        found = json_of(answer)
        if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
            raise ToolError("list", attempt.target, "without a list of buckets", NOT_A_GATEWAY, status=answer.status)
        tenant = uid.rpartition("$")[0]
        return [f"{tenant}/{name}" if tenant and "/" not in name else name for name in found]

    def usage_of(self, uid: str, fresh: bool) -> Stored:
        """What all buckets of a user hold, as the gateway has summed up.

        Parts of uploads that nobody has completed count as objects. fresh: whether the gateway reads all of the buckets
        before; else the sum may lag by rgw_user_quota_bucket_sync_interval (180 s).
        """
        attempt = self._ask_for(f"usage of user '{uid}'", "users=read")
        query = {"uid": uid, "stats": "true", "sync": _word(fresh)}
        answer = success(attempt, self.request(attempt, "GET", _USER, query))
        found = json_of(answer)
        stats = found.get("stats") if isinstance(found, dict) else None
        if not isinstance(stats, dict) or "size" not in stats or "num_objects" not in stats:
            raise ToolError(attempt.operation, attempt.target, "without a usage", NOT_A_GATEWAY, status=answer.status)
        return Stored(int(stats["size"]), int(stats["num_objects"]))

    def set_quota(self, key: str, uid: str, quota: Mapping[str, Any]) -> None:
        """Set a bucket's quota; max_size in bytes, of which whole KiB are stored, -1 for no limit.

        In KiB, since of max-size in bytes Ceph 16.2.15 makes 0, and then refuses every PUT.
        """
        size = quota["max_size"]
        query = {
            "quota": "",
            "uid": uid,
            "bucket": bare_name(key),  # with its tenant, which uid has, it would not be found
            "max-size-kb": str(size // 1024 if size >= 0 else -1),
            "max-objects": str(quota["max_objects"]),
            "enabled": _word(quota["enabled"]),
        }
        attempt = self._about("set the quota of", key, "buckets=write")
        success(attempt, self.request(attempt, "PUT", _BUCKET, query))

    def read_rate_limit(self, key: str) -> dict[str, Any] | None:
        """A bucket's rate limit: operations or bytes per minute and gateway. None before Ceph 17."""
        attempt = self._about("read the rate limit of", key, "ratelimit=read")
        answer = self.request(attempt, "GET", _RATE_LIMIT, {"ratelimit-scope": "bucket", "bucket": key})
        if answer.status == 405:
            return None
        found = json_of(success(attempt, answer))
        limit = found.get("bucket_ratelimit") if isinstance(found, dict) else None
        if not isinstance(limit, dict):
            raise ToolError(attempt.operation, attempt.target, "without a limit", NOT_A_GATEWAY, status=answer.status)
        return {name: limit[name] for name in (*LIMITS, "enabled")}

    def set_rate_limit(self, key: str, limit: Mapping[str, Any]) -> None:
        """Set a bucket's rate limit."""
        query = {name.replace("_", "-"): str(limit[name]) for name in LIMITS}
        query.update({"ratelimit-scope": "bucket", "bucket": key, "enabled": _word(limit["enabled"])})
        attempt = self._about("set the rate limit of", key, "ratelimit=write")
        success(attempt, self.request(attempt, "POST", _RATE_LIMIT, query))

    def link(self, key: str, bucket_id: str, uid: str) -> None:
        """Give a bucket to a user; its ACL becomes private, and its objects stay the old owner's."""
        attempt = self._about(f"give user '{uid}'", key, "buckets=write")
        query = {"bucket": key, "bucket-id": bucket_id, "uid": uid}
        success(attempt, self.request(attempt, "PUT", _BUCKET, query))

    def remove_bucket(self, key: str, with_objects: bool) -> None:
        """Remove a bucket, with all that is in it if so asked. The gateway answers when all is gone."""
        attempt = self._about("remove", key, "buckets=write")
        query = {"bucket": key, **({"purge-objects": "true"} if with_objects else {})}
        answer = self.request(attempt, "DELETE", _BUCKET, query, repeat=False)
        if answer.status == 404 and error_code(answer) == "NoSuchBucket":
            return
        if answer.status == 409 and error_code(answer) == "BucketNotEmpty":
            raise ToolError("remove", attempt.target, "BucketNotEmpty", _NOT_EMPTY, status=409)
        success(attempt, answer)

    def placements(self) -> Placements | None:
        """The placement targets and storage classes of the gateway's zone; None without the cap zone=read."""
        attempt = self._ask_for("the zone", "zone=read")
        answer = self.request(attempt, "GET", "/admin/config", {"type": "zone"})
        if answer.status == 403:
            return None
        found = json_of(success(attempt, answer))
        return Placements(found) if isinstance(found, dict) else None

    def create_bucket(
        self, key: str, login: Login, placement: str = "", storage_class: str = "", object_lock: bool = False
    ) -> None:
        """Create a bucket; nothing happens if the owner has it already."""
        headers = {"x-amz-bucket-object-lock-enabled": "true"} if object_lock else {}
        if storage_class:
            headers["x-amz-storage-class"] = storage_class
        body = b""
        if placement:
            # Before the colon the zone group's API name, which may be left out.
            location = markup.element("LocationConstraint", f":{placement}")
            body = markup.to_bytes(markup.element("CreateBucketConfiguration", location))
        self._by_owner("create", key, login, "PUT", {}, headers, body)

    def read_document(self, key: str, login: Login, document: Document) -> Canonical:
        """The canonical form of a document of a bucket."""
        attempt = self._of_owner(f"read {document.name} of", key, login)
        answer = self.request(attempt, "GET", f"/{bare_name(key)}", {document.query: ""}, login=login)
        if answer.status in (401, 403):
            owner_success(attempt, answer)
        return document.answered(answer.status or 0, answer.body, self._target(key))

    def zonegroup(self, key: str, login: Login) -> str:
        """The API name of a bucket's zone group, which is the region in the ARNs of its topics."""
        body = self._by_owner("read the location of", key, login, "GET", {"location": ""}).body
        try:
            return markup.parse(body).text or _DEFAULT_ZONEGROUP
        except ValueError:
            return _DEFAULT_ZONEGROUP

    def serves_document(self, key: str, login: Login, document: Document) -> bool:
        """Whether the gateway serves the subresource at all, asked of a bucket that need not exist."""
        attempt = self._of_owner(f"ask for {document.name} of", key, login)
        answer = self.request(attempt, "GET", f"/{bare_name(key)}", {document.query: ""}, login=login)
        return answer.status not in (405, 501)

    def write_document(self, key: str, login: Login, document: Document, wanted: Canonical, stored: Canonical) -> None:
        """Make one settled form of a document of another."""
        for request in document.requests(wanted, stored):
            verb = f"{'remove' if request.method == 'DELETE' else 'write'} {document.name} of"
            self._by_owner(verb, key, login, request.method, request.query, request.headers, request.body or b"")

    def read_instance(self, key: str, bucket_id: str) -> dict[str, Any]:
        """The metadata document of a bucket's instance, with the attributes in which RGW keeps most documents."""
        attempt = self._about("read the metadata of", key, "metadata=read")
        found = json_of(success(attempt, self.request(attempt, "GET", _INSTANCE, {"key": f"{key}:{bucket_id}"})))
        if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
            raise ToolError(attempt.operation, attempt.target, "without a document", NOT_A_GATEWAY, status=200)
        return found

    def write_instance(self, key: str, bucket_id: str, instance: Mapping[str, Any]) -> None:
        """Store the metadata document of a bucket's instance."""
        attempt = self._about("write the metadata of", key, "metadata=*")
        query = {"key": f"{key}:{bucket_id}"}
        success(attempt, self.request(attempt, "PUT", _INSTANCE, query, to_bytes(json_text(instance))))

    def has_topic(self, arn: str) -> bool:
        """Whether there is such a topic of any user, from Ceph 19 on (20.2.4)."""
        tenant, name = arn.split(":")[4:6]
        attempt = self._ask_for(f"topic '{name}'", "metadata=read")
        answer = self.request(attempt, "GET", _TOPIC, {"key": f"{tenant}:{name}"})
        if answer.status == 404:
            return False
        success(attempt, answer)
        return True

    def create_object(self, key: str, name: str, headers: Mapping[str, str]) -> bool:
        """Whether the gateway takes an object of the administrator's with these fields; False for a 400 or 501."""
        attempt = self._about(f"write object '{name}' of", key, "")
        answer = self.request(attempt, "PUT", f"/{bare_name(key)}/{name}", {}, b"rgwkit", headers=headers)
        if answer.status in (400, 501):
            return False
        owner_success(attempt, answer)
        return True

    def list_objects(self, key: str, login: Login, prefix: str = "", most: int = 1, delimiter: str = "") -> Listing:
        """The first objects whose keys begin with `prefix`, and who owns them; with a delimiter, folders, too."""
        query = {"prefix": prefix, "max-keys": str(most), **({"delimiter": delimiter} if delimiter else {})}
        return read_listing(self._by_owner("list", key, login, "GET", query).body)

    def read_first_byte(self, key: str, login: Login, name: str) -> None:
        """Read an object, to prove that the owner may."""
        attempt = self._of_owner(f"read object '{name}' of", key, login)
        path = f"/{bare_name(key)}/{name}"
        answer = self.request(attempt, "GET", path, {}, headers={"range": "bytes=0-0"}, login=login)
        if answer.status != 416:  # an empty object has no first byte
            owner_success(attempt, answer)

    def _by_owner(
        self,
        verb: str,
        key: str,
        login: Login,
        method: str,
        query: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        attempt = self._of_owner(verb, key, login)
        path = f"/{bare_name(key)}"
        return owner_success(
            attempt, self.request(attempt, method, path, query, body, headers=headers or {}, login=login)
        )

    def _of_owner(self, verb: str, key: str, login: Login) -> Attempt:
        return Attempt(verb, self._target(key), "", login.user)

    def _about(self, verb: str, key: str, caps: str) -> Attempt:
        return Attempt(verb, self._target(key), caps, self.credentials.user)

    def _ask_for(self, what: str, caps: str) -> Attempt:
        return Attempt("ask for", f"{what} at {self.endpoint}", caps, self.credentials.user)

    def _target(self, key: str) -> str:
        return f"bucket '{key}' at {self.endpoint}"


def _word(value: bool) -> str:
    return "true" if value else "false"
