# SPDX-License-Identifier: Apache-2.0
"""The keys of an issuer, by OpenID Connect Discovery 1.0, over the toolkit's own connection."""

from __future__ import annotations

import threading
import time
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from module_utils.base import remote_json
from module_utils.base.errors import InputError
from module_utils.http.endpoint import Endpoint
from module_utils.http.messages import Request
from module_utils.http.prober import Connection

from ..config import OidcSettings
from ..log import LOG, one_line
from ..problems import Unavailable

_DISCOVERY = "/.well-known/openid-configuration"
_KEPT_S = 600.0
# Tokens with made-up key ids must not make the portal ask the issuer as often as they come.
_PAUSE_S = 10.0
_TIMEOUT_S = 5.0
_TURN_S = 0.5
_MOST_BYTES = 1024 * 1024


class Issuer:
    """The keys of one issuer, kept for ten minutes, and longer while the issuer is down."""

    def __init__(self, settings: OidcSettings) -> None:
        """Raises InputError for an address that is none."""
        self._settings = settings
        self._endpoint = Endpoint.parse(settings.issuer, settings.ca_file)
        self._reader = threading.Lock()
        self._keys: KeySet | None = None
        self._document: dict[str, Any] = {}
        self._asked_at = float("-inf")
        self._read_at = float("-inf")

    def keys(self, key_id: str | None) -> KeySet:
        """The keys, read again if they are old or lack this one. Raises Unavailable if there are none.

        One request reads at a time. Others wait for a moment, and then go by the keys that there are.
        """
        if self._is_due(key_id) and self._reader.acquire(timeout=_TURN_S):
            try:
                if self._is_due(key_id):
                    self._read()
                    self._asked_at = time.monotonic()
            finally:
                self._reader.release()
        keys = self._keys
        if keys is None:
            raise Unavailable("The issuer of tokens does not answer.")
        return keys

    def _is_due(self, key_id: str | None) -> bool:
        now, keys = time.monotonic(), self._keys
        lacks = key_id is not None and (keys is None or key_id not in {key.kid for key in keys.keys})
        return (now - self._read_at > _KEPT_S or lacks) and now - self._asked_at > _PAUSE_S

    def address(self, name: str) -> str:
        """An endpoint of the issuer by its name in the discovery document. Raises Unavailable without one."""
        self.keys(None)
        found = self._document.get(name)
        if not isinstance(found, str):
            raise Unavailable(f"The issuer names no {name}.")
        return found

    def _read(self) -> None:
        try:
            found = _get(self._endpoint, f"{self._endpoint.path}{_DISCOVERY}")
            if found.get("issuer") != self._settings.issuer:
                raise ValueError(f"its discovery document is of another issuer, {found.get('issuer')!r}")
            address = self._endpoint.elsewhere(str(found.get("jwks_uri")))
            self._keys = KeySet(
                [import_key(key) for key in _get(address, address.path)["keys"] if _is_for_signatures(key)]
            )
            self._document = found
            self._read_at = time.monotonic()
        except (InputError, JoseError, ValueError, KeyError, TypeError) as error:
            LOG.error("The keys of issuer %s cannot be read: %s", self._settings.issuer, one_line(error))


def _is_for_signatures(key: dict[str, Any]) -> bool:
    return key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"


def _get(endpoint: Endpoint, path: str) -> dict[str, Any]:
    """A JSON document. Raises ValueError."""
    connection = Connection(endpoint)
    try:
        answer = connection.exchange(Request("GET", path, [("Accept", "application/json")]), _TIMEOUT_S, _MOST_BYTES)
    finally:
        connection.close()
    if answer.fault or answer.status != 200:
        raise ValueError(f"{endpoint}: {answer.fault or answer.status} {answer.detail}")
    document = remote_json.loads(answer.body)
    if not isinstance(document, dict):
        raise ValueError(f"{endpoint}: no JSON object")
    return document
