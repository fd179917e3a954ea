# SPDX-License-Identifier: Apache-2.0
"""OpenStack Swift as a back-end, with Keystone. A project is a project of Keystone, and a key one of its users.

The portal's account creates both in a domain of the portal's own, and has Swift's role ResellerAdmin. A key's role is
none of Swift's operator_roles: containers grant access to their project (X-Container-Read, -Write), so that keys read,
write and delete objects, and cannot create containers or change quotas and restrictions.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from typing import Any

from typing_extensions import override

from module_utils.base.errors import ToolError
from module_utils.base.keystone_login import KeystoneLogin
from module_utils.base.login import Login
from module_utils.http.endpoint import Endpoint
from module_utils.http.messages import Answer
from module_utils.keystone.address import keystone_endpoint
from module_utils.keystone.client import Keystone
from module_utils.rgw.bulk import all_of, clients_for
from module_utils.swift.client import MOST_ENTRIES, SwiftClient, is_container_name

from ..config import SwiftSettings, secret_in
from ..problems import BackendRefused, LimitReached, NotEmpty, NotFound, Taken, Unavailable, Unusable
from .access import Access, connections
from .backend import AccountLimits, Backend, Bucket, KeyPair, ObjectPage, Quota, StoredObject, UploadForm, Usage
from .openstack import OpenStack, SharedToken
from .swift_fields import access_fields, bucket_of, buckets_in, limits_fields, limits_of, quota_fields, usage_of
from .swift_projects import KeystoneProjects
from .swift_signing import SwiftSigning

# Connections for many containers or objects at once.
_AT_ONCE = 8
_CONFLICT = 409
_FORBIDDEN, _NOT_ALLOWED = 403, 405
# What Swift has to offer for limits to hold.
_QUOTAS = ("account_quotas", "container_quotas")
_TAKEN = "The project has a bucket of this name."
_NO_BUCKET = "There is no bucket of this name in the project."


class SwiftBackend(Backend):
    """Projects on one Swift. Keeps connections for the requests that come."""

    kind = "swift"
    limits_objects = False
    shares_names = False

    def __init__(self, settings: SwiftSettings) -> None:
        self._settings = own = settings
        self._swift = Endpoint.parse(own.endpoint, own.ca_file)
        self._signing = SwiftSigning(Endpoint.parse(own.public_endpoint or own.endpoint, own.ca_file))
        self._keystone = keystone_endpoint(own.keystone_url, own.ca_file, own.allow_cleartext_secrets)
        login = Login(own.user, secret_in(own.password_file).value)
        at = str(self._keystone)
        of_domain = KeystoneLogin(at, login, user_domain=own.user_domain, domain=own.domain)
        of_project = KeystoneLogin(at, login, own.project, own.project_domain, own.user_domain)
        self._tokens = [SharedToken(one, own.timeout_s) for one in (of_domain, of_project)]
        self._projects = KeystoneProjects(own.project_prefix, own.home, own.key_role)
        self._access = Access(self._connect, "The storage")
        self._ask = self._access.ask
        self._offered: dict[str, Any] | None = None
        self._role_is_harmless = False

    @override
    def check(self) -> None:
        def work(stack: OpenStack) -> None:
            self._require_quotas(stack)
            self._projects.role_id(stack)
            stack.swift(lambda swift: swift.account(self._account("check")))

        self._ask(work)

    @override
    def limits(self, project: str) -> AccountLimits | None:
        def work(stack: OpenStack) -> AccountLimits | None:
            project_id = self._projects.find(stack, project)
            return None if project_id is None else limits_of(self._read_account(stack, project_id))

        return self._ask(work)

    @override
    def set_limits(self, project: str, limits: AccountLimits) -> AccountLimits:
        self.require_offered(limits)

        def work(stack: OpenStack) -> AccountLimits:
            self._require_quotas(stack)
            project_id = self._projects.find(stack, project) or self._projects.create(stack, project)
            stack.swift(lambda swift: swift.change(self._account(project_id), fields=limits_fields(limits)))
            kept = limits_of(self._read_account(stack, project_id))
            if kept != limits:
                raise BackendRefused("Swift took the project's limits and keeps others.")
            return kept

        return self._ask(work)

    @override
    def remove_account(self, project: str) -> None:
        def work(stack: OpenStack) -> None:
            project_id = self._projects.require(stack, project)
            account = self._account(project_id)
            if stack.swift(lambda swift: swift.entries(account, limit="1")):
                raise NotEmpty("The project has buckets.")
            try:
                stack.swift(lambda swift: swift.remove(account))
            except ToolError as error:
                # Without allow_account_management, Swift keeps an empty account, which nobody has a token for.
                if error.status not in (_FORBIDDEN, _NOT_ALLOWED):
                    raise
            self._projects.remove(stack, project, project_id)

        self._ask(work)

    @override
    def bucket_names(self, project: str) -> list[str]:
        def work(stack: OpenStack) -> list[str]:
            account = self._account(self._projects.require(stack, project))
            names: list[str] = []

            def page(swift: SwiftClient) -> list[dict[str, Any]] | None:
                return swift.entries(account, limit=str(MOST_ENTRIES), marker=names[-1] if names else "")

            while found := stack.swift(page):
                names += [str(one["name"]) for one in found]
                if len(found) < MOST_ENTRIES:
                    break
            return sorted(names)

        return self._ask(work)

    @override
    def bucket(self, project: str, name: str) -> Bucket:
        return self._ask(lambda stack: bucket_of(name, self._container(stack, project, name)[1]))

    @override
    def buckets(self, project: str, names: list[str]) -> list[Bucket]:
        def work(stack: OpenStack) -> list[Bucket]:
            account = self._account(self._projects.require(stack, project))
            wanted = [name for name in names if is_container_name(name)]
            with self._connections() as connect:
                stacks = clients_for(connect, wanted, _AT_ONCE)
                read = all_of(stacks, wanted, lambda one, name: one.swift(lambda swift: swift.container(account, name)))
            return [bucket_of(name, found) for name, found in zip(wanted, read, strict=True) if found is not None]

        return self._ask(work)

    @override
    def create_bucket(self, project: str, name: str, quota: Quota) -> Bucket:
        if not is_container_name(name):
            raise Unusable("Swift's containers have names of 1 to 256 bytes without a slash.")

        def work(stack: OpenStack) -> Bucket:
            project_id = self._projects.require(stack, project)
            account = self._account(project_id)
            if stack.swift(lambda swift: swift.container(account, name)) is not None:
                raise Taken(_TAKEN)
            found = self._read_account(stack, project_id)
            limits = limits_of(found)
            if limits is None or buckets_in(found) >= limits.max_buckets:
                raise LimitReached(f"The project may have {limits.max_buckets if limits else 0} buckets.")
            fields = {**access_fields(project_id), **quota_fields(quota, restricted=False)}
            if not stack.swift(lambda swift: swift.create(account, name, fields)):
                raise Taken(_TAKEN)
            return bucket_of(name, self._container(stack, project, name)[1])

        return self._ask(work)

    @override
    def change_bucket(self, project: str, name: str, quota: Quota, restricted: bool) -> Bucket:
        fields = quota_fields(quota, restricted)

        def work(stack: OpenStack) -> Bucket:
            account, _found = self._container(stack, project, name)
            stack.swift(lambda swift: swift.change(account, name, fields=fields))
            _account, found = self._container(stack, project, name)
            if any((found.header(field) or "") != value for field, value in fields.items()):
                raise BackendRefused("Swift took the bucket's quota and keeps another one.")
            return bucket_of(name, found)

        return self._ask(work)

    @override
    def delete_bucket(self, project: str, name: str, with_objects: bool) -> None:
        def work(stack: OpenStack) -> None:
            account, found = self._container(stack, project, name)
            if not (with_objects or bucket_of(name, found).usage.is_nothing):
                raise NotEmpty("The bucket is not empty.")
            if with_objects:
                self._purge(stack, account, name)
            try:
                stack.swift(lambda swift: swift.remove(account, name))
            except ToolError as error:
                if error.status != _CONFLICT:
                    raise
                raise NotEmpty("Somebody has stored an object in the bucket meanwhile.") from None

        self._ask(work)

    @override
    def usage(self, project: str) -> Usage:
        """As Swift counts for the account's quota, which is minutes behind the containers (container-updater)."""

        def work(stack: OpenStack) -> Usage:
            return usage_of(self._read_account(stack, self._projects.require(stack, project)))

        return self._ask(work)

    @override
    def key_ids(self, project: str) -> list[str]:
        return self._ask(lambda stack: self._projects.key_ids(stack, project))

    @override
    def create_key(self, project: str, key_id: str) -> KeyPair:
        def work(stack: OpenStack) -> KeyPair:
            made = self._projects.create_key(stack, project, key_id)
            try:
                self._require_harmless(stack, project, made)
            except BaseException:
                self._projects.remove_key(stack, project, key_id)
                raise
            return made

        return self._ask(work)

    @override
    def remove_key(self, project: str, key_id: str) -> None:
        self._ask(lambda stack: self._projects.remove_key(stack, project, key_id))

    @override
    def client_settings(self, project: str, key_id: str) -> dict[str, str]:
        own = self._settings
        return {
            "OS_AUTH_URL": f"{own.public_keystone_url or own.keystone_url}".removesuffix("/v3").rstrip("/") + "/v3",
            "OS_IDENTITY_API_VERSION": "3",
            "OS_PROJECT_NAME": self._projects.name(project),
            "OS_PROJECT_DOMAIN_NAME": own.domain,
            "OS_USERNAME": key_id,
            "OS_USER_DOMAIN_NAME": own.domain,
        }

    @override
    def objects(self, project: str, bucket: str, prefix: str, after: str, most: int) -> ObjectPage:
        query = {"prefix": prefix, "marker": after, "delimiter": "/", "limit": str(most + 1)}

        def work(stack: OpenStack) -> ObjectPage:
            account, _found = self._container(stack, project, bucket)
            found = stack.swift(lambda swift: swift.entries(account, bucket, **query))
            if found is None:
                raise NotFound(_NO_BUCKET)
            shown = found[:most]
            folders = [str(one["subdir"]) for one in shown if "subdir" in one]
            # Swift's times are in UTC and do not say so.
            stored = [
                StoredObject(str(one["name"]), int(one["bytes"]), f"{one['last_modified']}Z")
                for one in shown
                if "subdir" not in one
            ]
            following = str(shown[-1].get("subdir") or shown[-1]["name"]) if len(found) > most else ""
            return ObjectPage(folders, stored, following)

        return self._ask(work)

    @override
    def download_url(self, project: str, bucket: str, key: str, seconds: int) -> str:
        def work(stack: OpenStack) -> str:
            account, _found = self._container(stack, project, bucket)
            return self._signing.download_url(stack, self._offers(stack), (account, bucket, key), seconds)

        return self._ask(work)

    @override
    def upload_form(self, project: str, bucket: str, prefix: str, back: str, seconds: int) -> UploadForm:
        def work(stack: OpenStack) -> UploadForm:
            account, found = self._container(stack, project, bucket)
            path = (account, bucket, prefix)
            return self._signing.upload_form(stack, self._offers(stack), path, found, back, seconds)

        return self._ask(work)

    @override
    def close(self) -> None:
        self._access.close()

    def _account(self, project_id: str) -> str:
        return self._settings.account_prefix + project_id

    def _read_account(self, stack: OpenStack, project_id: str) -> Answer:
        return stack.swift(lambda swift: swift.account(self._account(project_id)))

    def _container(self, stack: OpenStack, project: str, name: str) -> tuple[str, Answer]:
        """A container's account, and its header fields. Raises NotFound."""
        account = self._account(self._projects.require(stack, project))
        found = stack.swift(lambda swift: swift.container(account, name)) if is_container_name(name) else None
        if found is None:
            raise NotFound(_NO_BUCKET)
        return account, found

    def _purge(self, stack: OpenStack, account: str, name: str) -> None:
        """Remove all objects of a container. Raises Unavailable when the time is over; what has gone stays gone."""
        until = time.monotonic() + self._settings.purge_timeout_s
        with self._connections() as connect:
            stacks = [connect() for _number in range(_AT_ONCE)]
            while found := stack.swift(lambda swift: swift.entries(account, name, limit=str(MOST_ENTRIES))):
                if time.monotonic() > until:
                    raise Unavailable("The bucket has more objects than could be deleted in time. Repeat the request.")
                keys = [str(one["name"]) for one in found]
                all_of(stacks, keys, lambda one, key: one.swift(lambda swift: swift.remove(account, name, key)))

    def _offers(self, stack: OpenStack) -> dict[str, Any]:
        """What Swift offers, which is asked once: it changes with a restart of Swift's proxies."""
        if self._offered is None:
            self._offered = stack.swift(SwiftClient.info)
        return self._offered

    def _require_quotas(self, stack: OpenStack) -> None:
        missing = [name for name in _QUOTAS if name not in self._offers(stack)]
        if missing:
            self._offered = None
            hint = "Add them to the pipeline in proxy-server.conf, after keystoneauth."
            raise ToolError("find", f"{' and '.join(missing)} in the pipeline of Swift {self._swift}", "missing", hint)

    def _require_harmless(self, stack: OpenStack, project: str, made: KeyPair) -> None:
        """Prove with the first key that its role does not administer accounts. Raises ToolError.

        Nobody but Swift's operators may change an account's metadata, and none is changed here.
        """
        if self._role_is_harmless:
            return
        own = self._settings
        login = Login(made.id, made.secret.value)
        scope = KeystoneLogin(
            str(self._keystone), login, self._projects.name(project), own.domain, user_domain=own.domain
        )
        with closing(Keystone(self._keystone, own.timeout_s)) as keystone:
            token = keystone.log_in(scope)
        try:
            with closing(SwiftClient(self._swift, own.timeout_s)) as swift:
                swift.use(token.value)
                swift.change(self._account(token.project_id), fields={})
        except ToolError as error:
            if error.status != _FORBIDDEN:
                raise
            self._role_is_harmless = True
        else:
            raise ToolError(
                "use",
                f"the role '{own.key_role}' for keys at Swift {self._swift}",
                "it is one of operator_roles, so that a key could lift every limit",
                "Name another role in key_role.",
            )

    def _connect(self) -> OpenStack:
        seconds = self._settings.timeout_s
        return OpenStack(Keystone(self._keystone, seconds), SwiftClient(self._swift, seconds), *self._tokens)

    def _connections(self) -> AbstractContextManager[Callable[[], OpenStack]]:
        return connections(self._connect)
