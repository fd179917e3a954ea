# SPDX-License-Identifier: Apache-2.0
"""A gateway with TLS, its users and their buckets, and second opinions on topics by radosgw-admin."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import signed_request

from tests.ceph import RELEASE
from tests.integration.gateway import Gateway

NEEDS_16 = pytest.mark.skipif(RELEASE < 16, reason="Ceph 14 takes no topics by requests that are signed with version 4")
CANARY = "canary-" + secrets.token_hex(16)
# RGW looks for new queues twice a minute (seen: 4 to 27 s on 16.2.15 and 18.2.7, idle).
FIRST_EVENT_SECONDS = 90
EVENT_SECONDS = 20


@dataclass(frozen=True)
class Owner:
    """A user with a key."""

    uid: str
    login: Login = field(repr=False)

    @property
    def tenant(self) -> str:
        return self.uid.rpartition("$")[0]


@dataclass(frozen=True)
class TopicsGateway:
    """The published port speaks TLS. Plain HTTP is at the container's own address."""

    demo: Gateway
    certificate: Path

    @property
    def plain_url(self) -> str:
        return f"http://{self.demo.run('hostname', '-i').split()[0]}:8081"

    def wait_until_ready(self, seconds: float = 60) -> None:
        endpoint = Endpoint.parse(self.demo.url, ca_file=str(self.certificate))
        ready = wait_ready(endpoint, Login(self.demo.user, self.demo.secret), seconds)
        assert ready.ok, f"{ready}\n{self.demo.logs()[-4000:]}"

    def new_owner(self, tenant: str = "", with_key: bool = True) -> Owner:
        """Create a user that no other test has."""
        name = f"u{secrets.token_hex(4)}"
        uid = f"{tenant}${name}" if tenant else name
        self.demo.run("radosgw-admin", "user", "create", f"--uid={uid}", f"--display-name={name}")
        for key in self.user_info(uid)["keys"]:
            self.demo.run("radosgw-admin", "key", "rm", f"--uid={uid}", f"--access-key={key['access_key']}")
        login = Login(f"AK{name.upper()}", f"{CANARY}-{name}")
        if with_key:
            keys = [f"--access-key={login.user}", f"--secret-key={login.secret}"]
            self.demo.run("radosgw-admin", "key", "create", f"--uid={uid}", *keys)
        return Owner(uid, login)

    def user_info(self, uid: str) -> dict:
        return json.loads(self.demo.run("radosgw-admin", "user", "info", f"--uid={uid}"))

    def topic(self, owner: Owner, name: str) -> dict:
        """What radosgw-admin says of a topic."""
        scope = [f"--uid={owner.uid}", *([f"--tenant={owner.tenant}"] if owner.tenant else [])]
        said = json.loads(self.demo.run("radosgw-admin", "topic", "get", f"--topic={name}", *scope))
        return said.get("topic", said)  # 16 has it one level deeper

    def s3(
        self, owner: Owner, method: str, path: str, query: dict[str, str] | None = None, body: bytes = b""
    ) -> requests.Response:
        """A request of an owner."""
        host = f"{self.demo.host}:{self.demo.port}"
        target, fields = signed_request(method, path, query or {}, {}, body, host, owner.login)
        url = f"https://{host}{target}"
        return requests.request(method, url, data=body, headers=dict(fields), verify=str(self.certificate), timeout=60)

    def new_bucket(self, owner: Owner) -> str:
        name = f"b{secrets.token_hex(6)}"
        assert self.s3(owner, "PUT", f"/{name}").status_code == 200
        return name

    def put(self, owner: Owner, bucket: str, key: str) -> int:
        return self.s3(owner, "PUT", f"/{bucket}/{key}", body=b"content").status_code

    def notify(self, owner: Owner, bucket: str, topic: str, identifier: str = "all") -> int:
        """Have the bucket send the events of new objects to a topic."""
        arn = f"arn:aws:sns:default:{owner.tenant}:{topic}"
        one = f"<Id>{identifier}</Id><Topic>{arn}</Topic><Event>s3:ObjectCreated:*</Event>"
        document = (
            f"<NotificationConfiguration><TopicConfiguration>{one}</TopicConfiguration></NotificationConfiguration>"
        )
        return self.s3(owner, "PUT", f"/{bucket}", {"notification": ""}, document.encode()).status_code

    def notifications(self, owner: Owner, bucket: str) -> str:
        return self.s3(owner, "GET", f"/{bucket}", {"notification": ""}).text

    def silence(self, owner: Owner, bucket: str) -> None:
        """Remove the bucket's notifications."""
        assert self.s3(owner, "DELETE", f"/{bucket}", {"notification": ""}).status_code in (200, 204)
