# SPDX-License-Identifier: Apache-2.0
"""Requests for a token, and for its end (OpenStack Identity API v3, "Authentication and token management")."""

from __future__ import annotations

import json
from typing import Any

from ..base.keystone_login import KeystoneLogin
from ..http.messages import Request

TOKENS_PATH = "/v3/auth/tokens"


def token_request(login: KeystoneLogin, path: str, scoped: bool = True) -> Request:
    """POST for a token, and the catalogue with it.

    path: that of Keystone's URL. Without `scoped`, the token is for no project, and only Keystone takes it.
    """
    auth: dict[str, Any]
    if login.application_credential:
        credential = {"id": login.login.user, "secret": login.login.secret}
        auth = {"identity": {"methods": ["application_credential"], "application_credential": credential}}
    else:
        user = {"name": login.login.user, "domain": {"name": login.user_domain}, "password": login.login.secret}
        scope: dict[str, Any] = {"project": {"name": login.project, "domain": {"name": login.project_domain}}}
        if login.domain:
            scope = {"domain": {"name": login.domain}}
        auth = {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": scope if scoped else {"unscoped": {}},
        }
    body = json.dumps({"auth": auth}).encode()
    return Request("POST", path + TOKENS_PATH, [("Content-Type", "application/json")], body)


def revoke_request(token: str, path: str) -> Request:
    """DELETE of a token, by itself."""
    return Request("DELETE", path + TOKENS_PATH, [("X-Auth-Token", token), ("X-Subject-Token", token)])
