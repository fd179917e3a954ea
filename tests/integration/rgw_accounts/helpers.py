# SPDX-License-Identifier: Apache-2.0
"""A gateway and its accounts as an operator sees them, and requests of users."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.sigv4 import signed_request
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3 import markup

from tests.ceph import RELEASE
from tests.integration.gateway import Gateway

NEEDS_19 = pytest.mark.skipif(RELEASE < 19, reason="accounts came with Ceph 19; test_releases.py has the refusals")
CANARY = "canary-" + secrets.token_hex(16)
HOME = "the-tests"


@dataclass(frozen=True)
class Session:
    """Temporary credentials of STS."""

    login: Login = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class AccountsGateway:
    """A gateway whose administrator may manage accounts."""

    demo: Gateway

    @property
    def admin(self) -> dict:
        """The connection options of modules."""
        demo = self.demo
        return {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}

    def radosgw_admin(self, *arguments: str) -> str:
        return self.demo.run("radosgw-admin", *arguments)

    def account(self, identifier: str) -> dict:
        return json.loads(self.radosgw_admin("account", "get", f"--account-id={identifier}"))

    def user_info(self, uid: str) -> dict:
        return json.loads(self.radosgw_admin("user", "info", f"--uid={uid}"))

    def s3(
        self, login: Login, method: str, path: str, query: dict | None = None, body: bytes = b"", token: str = ""
    ) -> requests.Response:
        """A request of S3, with the token of a session if there is one."""
        return self._send(method, path, query, {"x-amz-security-token": token} if token else {}, body, login, "s3")

    def act(self, login: Login, action: str, service: str = "iam", **parameters: str) -> requests.Response:
        """An action of IAM or STS."""
        body = requests.models.RequestEncodingMixin._encode_params({"Action": action, **parameters}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self._send("POST", "/", {}, headers, body, login, service)

    def asked(self, login: Login, action: str, **parameters: str) -> Element:
        """The document that a good answer to an action of IAM is."""
        answer = self.act(login, action, **parameters)
        assert answer.status_code == 200, answer.text
        return markup.parse(answer.content)

    def _send(self, method, path, query, headers, body, login, service) -> requests.Response:
        host = f"{self.demo.host}:{self.demo.port}"
        target, fields = signed_request(method, path, query or {}, headers, body, host, login, service)
        return requests.request(method, f"http://{host}{target}", data=body, headers=dict(fields), timeout=30)
