# SPDX-License-Identifier: Apache-2.0
"""Second opinions on what the module did: radosgw-admin, raw records, and a swift client's view."""

from __future__ import annotations

import base64
import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import signed_request
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient

from tests.integration.gateway import Gateway

CANARY = "canary-" + secrets.token_hex(16)


@dataclass(frozen=True)
class UsersGateway:
    """A gateway, its users as an operator sees them."""

    demo: Gateway

    def client(self, access_key: str | None = None, secret: str | None = None, **options) -> AdminClient:
        credentials = Login(access_key or self.demo.access_key, secret or self.demo.secret)
        return AdminClient(self.demo.url, credentials, **options)

    def wait_until_ready(self, seconds: float = 60) -> None:
        """The gateway listens, and its user is there: on a busy machine it listens well before that."""
        ready = wait_ready(Endpoint.parse(self.demo.url), Login(self.demo.user, self.demo.secret), seconds)
        assert ready.ok, f"{ready}\n{self.demo.logs()[-4000:]}"

    def radosgw_admin(self, *arguments: str) -> str:
        return self.demo.run("radosgw-admin", *arguments)

    def user_info(self, uid: str) -> dict:
        return json.loads(self.radosgw_admin("user", "info", f"--uid={uid}"))

    def record(self, uid: str) -> dict | None:
        client = self.client()
        try:
            return client.read_user(uid)
        finally:
            client.close()

    def knows(self, uid: str) -> bool:
        return self.record(uid) is not None

    def swift_login(self, user: str, key: str) -> tuple[int, SwiftSession | None]:
        """Authenticate as a subuser; returns the status, and a session if it is 204."""
        login = {"X-Auth-User": user, "X-Auth-Key": key}
        status, headers = swift_request("GET", f"{self.demo.url}/auth/v1.0", login)
        return status, SwiftSession(headers["X-Storage-Url"], headers["X-Auth-Token"]) if status == 204 else None


@dataclass(frozen=True)
class SwiftSession:
    url: str
    token: str

    def __call__(self, method: str, path: str = "", body: bytes | None = None) -> int:
        return swift_request(method, self.url + path, {"X-Auth-Token": self.token}, body)[0]


def swift_request(method: str, url: str, headers: dict[str, str], body: bytes | None = None):
    """One request of a swift client; returns status and headers."""
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def spellings(secret: str) -> list[bytes]:
    """How a secret could hide in a file or log: as it is, and in base64 at any alignment."""
    found = [secret.encode()]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode())
        found.append(encoded[4 if shift else 0 : -4])
    return found


def s3_status(gateway: UsersGateway, login: Login, method: str, path: str, query=None, body=b"", headers=None) -> int:
    """The status that a request of S3 is answered with."""
    host = f"{gateway.demo.host}:{gateway.demo.port}"
    # urllib would say that a body is a form, and Ceph 20 takes no form whose type is not signed.
    every = {"content-type": "application/octet-stream", **(headers or {})}
    target, fields = signed_request(method, path, query or {}, every, body, host, login)
    return swift_request(method, f"{gateway.demo.url}{target}", dict(fields), body or None)[0]
