# SPDX-License-Identifier: Apache-2.0
"""Second opinions on what the module did: S3 requests of the owner and of others, radosgw-admin, stored documents."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Mapping

import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import signed_request

from tests.integration.gateway import Gateway

CANARY = "canary-" + secrets.token_hex(16)


@dataclass(frozen=True)
class BucketsGateway:
    """A gateway with buckets, as its operator sees it."""

    demo: Gateway

    def wait_until_ready(self, seconds: float = 60) -> None:
        ready = wait_ready(Endpoint.parse(self.demo.url), Login(self.demo.user, self.demo.secret), seconds)
        assert ready.ok, f"{ready}\n{self.demo.logs()[-4000:]}"

    def radosgw_admin(self, *arguments: str) -> str:
        return self.demo.run("radosgw-admin", *arguments)

    def add_user(self, name: str, *arguments: str) -> S3:
        """Make a user with a key, and act for the user."""
        uid = f"{name}{secrets.token_hex(4)}"
        made = json.loads(self.radosgw_admin("user", "create", f"--uid={uid}", f"--display-name={uid}", *arguments))
        key = made["keys"][0]
        return S3(self.demo.url, made["user_id"], Login(key["access_key"], key["secret_key"]))

    def keys(self, uid: str) -> list[str]:
        return [key["access_key"] for key in json.loads(self.radosgw_admin("user", "info", f"--uid={uid}"))["keys"]]

    def stats(self, bucket: str) -> dict:
        return json.loads(self.radosgw_admin("bucket", "stats", f"--bucket={bucket}"))

    def process_lifecycle(self) -> None:
        """Run every rule of the demo now, each day a second (Ceph 16 takes no notice of --bucket)."""
        self.radosgw_admin("lc", "process", "--rgw-lc-debug-interval=1")

    def process_lifecycle_until_gone(self, owner: S3, bucket: str, key: str, seconds: float = 30) -> None:
        """The same until an object that a rule names is gone, so that what is still there has been spared."""
        until = time.monotonic() + seconds
        self.process_lifecycle()
        while owner.get(bucket, key) == 200 and time.monotonic() < until:
            time.sleep(1)
            self.process_lifecycle()
        assert owner.get(bucket, key) == 404


@dataclass(frozen=True)
class S3:
    """A user's requests. Without a login they are anonymous."""

    url: str
    uid: str = ""
    login: Login | None = None

    def __call__(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        authority = self.url.partition("://")[2]
        given = dict(headers or {})
        if self.login is None:
            return requests.request(method, self.url + path, params=query, data=body, headers=given, timeout=30)
        target, fields = signed_request(method, path, query or {}, given, body, authority, self.login)
        return requests.request(method, self.url + target, data=body, headers=dict(fields), timeout=30)

    def put_version(self, bucket: str, key: str, body: bytes) -> str:
        """Write an object into a bucket with versions; the version."""
        answer = self("PUT", f"/{bucket}/{key}", body=body)
        assert answer.status_code == 200, answer.text
        return answer.headers["x-amz-version-id"]

    def put(self, bucket: str, key: str, body: bytes = b"x") -> int:
        return self("PUT", f"/{bucket}/{key}", body=body).status_code

    def get(self, bucket: str, key: str) -> int:
        return self("GET", f"/{bucket}/{key}").status_code
