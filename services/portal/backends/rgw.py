# SPDX-License-Identifier: Apache-2.0
"""A Ceph object gateway as a back-end, on the toolkit's engine: users and buckets are data and a plan here, too.

A project's account is a user of the gateway whose display name carries the portal's mark; any other user of that name
is left alone. A restricted bucket has a quota of no objects: that, unlike a policy, its owner's keys cannot lift.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timezone
from typing import Any

from typing_extensions import override

from module_utils.base.errors import InputError
from module_utils.base.login import Login
from module_utils.base.secret import Secret
from module_utils.http.endpoint import Endpoint
from module_utils.http.presigned import presigned_target, upload_fields
from module_utils.rgw import reconcile as users
from module_utils.rgw.acting import RUN_KEY, make_key, user_info
from module_utils.rgw.buckets import reconcile as buckets
from module_utils.rgw.buckets.client import BucketClient
from module_utils.rgw.buckets.record import Record, objects, read_record, uploads
from module_utils.rgw.buckets.spec import parse_buckets
from module_utils.rgw.bulk import all_of, clients_for
from module_utils.rgw.user_record import State, read_state
from module_utils.rgw.user_spec import parse_users
from module_utils.s3.bucket import S3Bucket
from module_utils.s3.documents.catalogue import DOCUMENTS

from ..config import RgwSettings, secret_in
from ..problems import BackendRefused, LimitReached, NotEmpty, NotFound, Problem, Taken
from .access import Access, connections
from .backend import (
    AccountLimits,
    Backend,
    Bucket,
    KeyPair,
    ObjectPage,
    Quota,
    StoredObject,
    Summary,
    UploadForm,
    Usage,
)

_NO_LIMIT = -1
# What the name of the key begins with by which the portal shows a project's objects and signs URLs.
_WEB_KEY = "RGWKITWEB"
# Buckets that are read at once for a list.
_AT_ONCE = 8
# Of so many buckets, the gateway sums up anew what they hold; of more, that takes too long for a page.
_SUMMED_UP_AT_ONCE = 100
_CORS = DOCUMENTS["cors"]
_NO_BUCKET = "There is no bucket of this name in the project."
_TAKEN = "Another bucket has this name."
_NO_ACCOUNT = "The project has no storage here."
# What the gateway says, and what that is here.
_CODES: dict[str, tuple[type[Problem], str]] = {
    "BucketAlreadyExists": (Taken, _TAKEN),
    "BucketAlreadyOwnedByYou": (Taken, _TAKEN),
    "TooManyBuckets": (LimitReached, "The project has as many buckets as it may."),
    "BucketNotEmpty": (NotEmpty, "The bucket is not empty."),
    "UserHasBuckets": (NotEmpty, "The project has buckets."),
}


class RgwBackend(Backend):
    """Projects on one gateway. Keeps connections for the requests that come."""

    kind = "rgw"
    takes_scripts = True

    def __init__(self, settings: RgwSettings) -> None:
        self._settings = settings
        self._login = Login(settings.access_key, secret_in(settings.secret_key_file).value)
        self._endpoint = Endpoint.parse(settings.endpoint, settings.ca_file)
        self._public = Endpoint.parse(settings.public_endpoint or settings.endpoint, settings.ca_file)
        self._making_key = threading.Lock()
        self._mark = f"rgwkit portal {settings.home}: "
        self._access = Access(self._connect, "The gateway", _CODES)
        self._ask = self._access.ask
        self._connect().close()  # a wrong address or certificate file is found now

    @override
    def check(self) -> None:
        self._ask(lambda client: client.read_user(self._uid("check")))

    @override
    def limits(self, project: str) -> AccountLimits | None:
        state = self._ask(lambda client: self._account(client, project))
        return None if state is None else _limits_of(state)

    @override
    def set_limits(self, project: str, limits: AccountLimits) -> AccountLimits:
        entry = {
            "uid": self._uid(project),
            "display_name": self._mark + project,
            "max_buckets": limits.max_buckets,
            "user_quota": _quota_entry(limits.quota),
        }

        def work(client: BucketClient) -> AccountLimits:
            self._account(client, project)  # somebody else's is refused
            outcome = users.reconcile(lambda: client, parse_users([entry], allow_weak=False), check_mode=False)[0]
            return _limits_of(outcome.state)

        return self._ask(work)

    @override
    def remove_account(self, project: str) -> None:
        def work(client: BucketClient) -> None:
            self._require(client, project)
            client.remove_user(self._uid(project))

        self._ask(work)

    @override
    def bucket_names(self, project: str) -> list[str]:
        def work(client: BucketClient) -> list[str]:
            self._require(client, project)
            return sorted(client.buckets_of(self._uid(project)))

        return self._ask(work)

    @override
    def bucket(self, project: str, name: str) -> Bucket:
        return self._ask(lambda client: _bucket(name, self._record(client, project, name)))

    @override
    def buckets(self, project: str, names: list[str]) -> list[Bucket]:
        def work(client: BucketClient) -> list[Bucket]:
            self._require(client, project)
            found = zip(names, self._records(names), strict=True)
            own = self._uid(project)
            return [_bucket(name, record) for name, record in found if record is not None and record["owner"] == own]

        return self._ask(work)

    @override
    def create_bucket(self, project: str, name: str, quota: Quota) -> Bucket:
        entry = {"name": name, "owner": self._uid(project), "quota": _quota_entry(quota)}

        def work(client: BucketClient) -> Bucket:
            state = self._require(client, project)
            if client.read_bucket(name) is not None:
                raise Taken(_TAKEN)
            # The gateway counts the buckets of an owner, too, but not while two are made at once. 0 is no limit there.
            most = state["max_buckets",]
            if 0 < most <= len(client.buckets_of(self._uid(project))):
                raise LimitReached(f"The project may have {most} buckets.")
            try:
                with self._connections() as connect:
                    buckets.reconcile(connect, parse_buckets([entry]), check_mode=False)
            except InputError:
                # Somebody else may have taken the name meanwhile.
                found = client.read_bucket(name)
                if found is None or found["owner"] == entry["owner"]:
                    raise
                raise Taken(_TAKEN) from None
            return _bucket(name, self._record(client, project, name))

        return self._ask(work)

    @override
    def change_bucket(self, project: str, name: str, quota: Quota, restricted: bool) -> Bucket:
        wanted = _quota_entry(quota)
        if restricted:
            wanted.update(max_objects=0, enabled=True)

        def work(client: BucketClient) -> Bucket:
            self._record(client, project, name)
            client.set_quota(name, self._uid(project), wanted)
            stored = self._record(client, project, name)
            if any(read_record(stored)["quota", option] != value for option, value in wanted.items()):
                raise BackendRefused("The gateway took the bucket's quota and keeps another one.")
            return _bucket(name, stored)

        return self._ask(work)

    @override
    def delete_bucket(self, project: str, name: str, with_objects: bool) -> None:
        def work(client: BucketClient) -> None:
            used = _usage(self._record(client, project, name))
            if not (with_objects or used.is_nothing):
                raise NotEmpty("The bucket is not empty.")
            if not with_objects:
                client.remove_bucket(name, with_objects)
                return
            # The gateway answers when all objects are gone.
            with self._connections(self._settings.purge_timeout_s) as connect:
                connect().remove_bucket(name, with_objects)

        self._ask(work)

    @override
    def usage(self, project: str) -> Usage:
        def work(client: BucketClient) -> Usage:
            self._require(client, project)
            return self._usage_of(client, project, len(client.buckets_of(self._uid(project))))

        return self._ask(work)

    @override
    def summary(self, project: str) -> Summary | None:
        def work(client: BucketClient) -> Summary | None:
            state = self._account(client, project)
            if state is None:
                return None
            count = len(client.buckets_of(self._uid(project)))
            return Summary(_limits_of(state), self._usage_of(client, project, count), count)

        return self._ask(work)

    @override
    def key_ids(self, project: str) -> list[str]:
        state = self._ask(lambda client: self._require(client, project))
        keys = {path[1] for path in state if path[0] == "s3_keys"}
        return sorted(key for key in keys if not key.startswith((RUN_KEY, _WEB_KEY)))

    @override
    def create_key(self, project: str, key_id: str) -> KeyPair:
        def work(client: BucketClient) -> KeyPair:
            self._require(client, project)
            # Of a key that is there, the gateway would replace the secret.
            if client.owner_of_key(key_id) is not None:
                raise Taken("Another key has this id.")
            return KeyPair(key_id, Secret(make_key(client, self._uid(project), key_id).secret))

        return self._ask(work)

    @override
    def remove_key(self, project: str, key_id: str) -> None:
        def work(client: BucketClient) -> None:
            self._require(client, project)
            client.remove_key(self._uid(project), key_id)

        self._ask(work)

    @override
    def client_settings(self, project: str, key_id: str) -> dict[str, str]:
        return {"AWS_ENDPOINT_URL": str(self._public)}

    @override
    def objects(self, project: str, bucket: str, prefix: str, after: str, most: int) -> ObjectPage:
        def work(client: BucketClient) -> ObjectPage:
            self._record(client, project, bucket)
            login = self._web_login(client, project)
            store = S3Bucket(self._endpoint, login, bucket, self._settings.timeout_s)
            try:
                page = store.page(prefix, after, most)
            finally:
                store.close()
            return ObjectPage(page.folders, [StoredObject(*one) for one in page.objects], page.following)

        return self._ask(work)

    @override
    def download_url(self, project: str, bucket: str, key: str, seconds: int) -> str:
        login = self._ask(lambda client: self._login_for(client, project, bucket))
        # A page among the objects must not run as one of the gateway's.
        query = {"response-content-disposition": "attachment"}
        public, now = self._public, datetime.now(timezone.utc)
        path = f"{public.path}/{bucket}/{key}"
        return f"{public.scheme}://{public.authority}" + presigned_target(
            "GET", path, query, public.authority, login, seconds, now
        )

    @override
    def upload_form(self, project: str, bucket: str, prefix: str, back: str, seconds: int) -> UploadForm:
        login = self._ask(lambda client: self._login_for(client, project, bucket))
        ends = {"success_action_redirect": back} if back else {"success_action_status": "201"}
        fields = {"key": f"{prefix}${{filename}}", **ends}
        below = ["starts-with", "$key", prefix]
        signed = upload_fields(bucket, [below], fields, login, seconds, datetime.now(timezone.utc))
        return UploadForm(f"{self._public}/{bucket}", signed)

    @override
    def allow_scripts(self, project: str, bucket: str, origin: str) -> None:
        rule = {"id": self._mark.rstrip(": "), "allowed_origins": [origin], "allowed_methods": ["POST"]}

        def work(client: BucketClient) -> None:
            login = self._login_for(client, project, bucket)
            stored = client.read_document(bucket, login, _CORS)
            # Of the rules for an origin, the gateway goes by the first, whatever its methods are (seen on 18.2.7).
            wanted = [rule, *(one for one in stored if one.get("id") != rule["id"])]
            if stored == wanted:
                return
            client.write_document(bucket, login, _CORS, wanted, stored)
            if client.read_document(bucket, login, _CORS) != wanted:
                raise BackendRefused("The gateway took the bucket's CORS rules and keeps other ones.")

        self._ask(work)

    @override
    def close(self) -> None:
        self._access.close()

    def _uid(self, project: str) -> str:
        return self._settings.uid_prefix + project

    def _account(self, client: BucketClient, project: str) -> State | None:
        document = client.read_user(self._uid(project))
        if document is None:
            return None
        state = read_state(document)
        if state["display_name",] != self._mark + project:
            raise Taken(f"The gateway has a user '{self._uid(project)}' that this portal did not create.")
        return state

    def _require(self, client: BucketClient, project: str) -> State:
        state = self._account(client, project)
        if state is None:
            raise NotFound(_NO_ACCOUNT)
        return state

    def _record(self, client: BucketClient, project: str, name: str) -> Record:
        self._require(client, project)
        record = client.read_bucket(name)
        if record is None or record["owner"] != self._uid(project):
            raise NotFound(_NO_BUCKET)
        return record

    def _usage_of(self, client: BucketClient, project: str, buckets: int) -> Usage:
        used = client.usage_of(self._uid(project), fresh=buckets <= _SUMMED_UP_AT_ONCE)
        return Usage(used.bytes, used.objects)

    def _records(self, names: list[str]) -> list[Record | None]:
        with self._connections() as connect:
            clients = clients_for(connect, names, _AT_ONCE)
            return all_of(clients, names, lambda one, name: one.read_bucket(name))

    def _login_for(self, client: BucketClient, project: str, bucket: str) -> Login:
        self._record(client, project, bucket)
        return self._web_login(client, project)

    def _web_login(self, client: BucketClient, project: str) -> Login:
        """The project's key for pages and signed URLs, made when it is missing. The gateway alone keeps its secret."""
        uid = self._uid(project)
        name = _WEB_KEY + hashlib.sha256(f"{self._mark}{uid}".encode()).hexdigest()[:11].upper()
        with self._making_key:  # a key that is made twice has another secret
            for key in (user_info(client, uid) or {}).get("keys") or ():
                if key.get("access_key") == name:
                    return Login(name, key["secret_key"])
            if client.owner_of_key(name) is not None:
                raise BackendRefused("The gateway's key for this page belongs to somebody else.")
            return make_key(client, uid, name)

    def _connect(self, timeout_s: float | None = None) -> BucketClient:
        own = self._settings
        return BucketClient(own.endpoint, self._login, own.ca_file, timeout=timeout_s or own.timeout_s, wait=own.wait_s)

    def _connections(self, timeout_s: float | None = None) -> AbstractContextManager[Callable[[], BucketClient]]:
        return connections(lambda: self._connect(timeout_s))


def _quota_entry(quota: Quota) -> dict[str, Any]:
    sizes = {"max_size": quota.max_bytes, "max_objects": quota.max_objects}
    given = {name: _NO_LIMIT if value is None else value for name, value in sizes.items()}
    return {**given, "enabled": any(value is not None for value in sizes.values())}


def _quota_of(state: State, group: str) -> Quota:
    def limit(name: str) -> int | None:
        value: int = state[group, name]
        return value if state[group, "enabled"] and value >= 0 else None

    return Quota(limit("max_size"), limit("max_objects"))


def _limits_of(state: State) -> AccountLimits:
    return AccountLimits(_quota_of(state, "user_quota"), state["max_buckets",])


def _bucket(name: str, record: Record) -> Bucket:
    quota = _quota_of(read_record(record), "quota")
    restricted = quota.max_objects == 0
    return Bucket(name, Quota(quota.max_bytes, None if restricted else quota.max_objects), restricted, _usage(record))


def _usage(record: Record) -> Usage:
    used = record.get("usage", {})
    return Usage(sum(int(part.get("size", 0)) for part in used.values()), objects(record), uploads(record))
