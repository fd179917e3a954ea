# SPDX-License-Identifier: Apache-2.0
"""Connections to Keystone and Swift as the portal's account, which logs in again when a token has ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from module_utils.base.errors import ToolError
from module_utils.base.keystone_login import KeystoneLogin
from module_utils.http.verdicts import TIMEOUT
from module_utils.keystone.client import Keystone
from module_utils.keystone.token import Token
from module_utils.swift.client import SwiftClient

_UNAUTHORIZED = 401

Result = TypeVar("Result")


class SharedToken:
    """A token that all connections of a back-end use. patience: seconds to wait for another one's login."""

    def __init__(self, login: KeystoneLogin, patience: float) -> None:
        self._login = login
        self._patience = patience
        self._token: Token | None = None
        self._logging_in = threading.Lock()

    def get(self, keystone: Keystone) -> Token:
        """The token; a new one if there is none. Raises ToolError."""
        if self._token is not None:
            return self._token
        # Those who wait for a Keystone that hangs give up together, and not one after the other.
        if not self._logging_in.acquire(timeout=self._patience):
            who = f"user '{self._login.user}' at Keystone {keystone.endpoint}"
            raise ToolError("authenticate", who, f"{TIMEOUT}: a login is under way", "Look into Keystone's log.")
        try:
            if self._token is None:
                self._token = keystone.log_in(self._login)
            return self._token
        finally:
            self._logging_in.release()

    def forget(self, token: Token) -> None:
        """Have the next one who asks log in, unless somebody has already."""
        if self._token is token:
            self._token = None


class OpenStack:
    """Two connections of one user. domain_token: for Keystone; swift_token: for all accounts of Swift."""

    def __init__(
        self, keystone: Keystone, swift: SwiftClient, domain_token: SharedToken, swift_token: SharedToken
    ) -> None:
        self._keystone = keystone
        self._swift = swift
        self._domain_token = domain_token
        self._swift_token = swift_token

    def domain_token(self) -> Token:
        """What Keystone says of the account in its domain. Raises ToolError."""
        return self._domain_token.get(self._keystone)

    def keystone(self, request: Callable[[Keystone], Result]) -> Result:
        """The result of one request to Keystone. Raises ToolError."""

        def send(token: Token) -> Result:
            self._keystone.use(token)
            return request(self._keystone)

        return self._in_time(self._domain_token, send)

    def swift(self, request: Callable[[SwiftClient], Result]) -> Result:
        """The result of one request to Swift. Raises ToolError."""

        def send(token: Token) -> Result:
            self._swift.use(token.value)
            return request(self._swift)

        return self._in_time(self._swift_token, send)

    def close(self) -> None:
        """Close both connections."""
        self._keystone.close()
        self._swift.close()

    def _in_time(self, shared: SharedToken, send: Callable[[Token], Result]) -> Result:
        """The result with a token that has not ended: a refused request has changed nothing, and is sent once more."""
        token = shared.get(self._keystone)
        try:
            return send(token)
        except ToolError as error:
            if error.status != _UNAUTHORIZED:
                raise
        shared.forget(token)
        return send(shared.get(self._keystone))
