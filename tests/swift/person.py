# SPDX-License-Identifier: Apache-2.0
"""Somebody who has a key of the portal, and uses Swift with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from tests.keystone.identity import Identity
from tests.swift.service import Swift


@dataclass(frozen=True)
class Person:
    """url: the storage URL of the person's project."""

    url: str
    token: str = field(repr=False)

    def ask(self, method: str, path: str = "", body: bytes | None = None, **fields: str) -> requests.Response:
        """A request for the account, a container or an object."""
        headers = {"X-Auth-Token": self.token, **{name.replace("_", "-"): value for name, value in fields.items()}}
        return requests.request(method, f"{self.url}/{path}".rstrip("/"), data=body, headers=headers, timeout=30)

    def status(self, method: str, path: str = "", body: bytes | None = None, **fields: str) -> int:
        """The status of such a request."""
        return self.ask(method, path, body, **fields).status_code


def log_in(swift: Swift, settings: Mapping[str, str], secret: str) -> Person:
    """Log in with what the portal tells. Raises HTTPError if Keystone refuses."""
    domain = settings["OS_USER_DOMAIN_NAME"]
    assert settings["OS_PROJECT_DOMAIN_NAME"] == domain
    issued = Identity.issued(
        settings["OS_AUTH_URL"],
        (settings["OS_USERNAME"], secret, domain),
        {"project": {"name": settings["OS_PROJECT_NAME"], "domain": {"name": domain}}},
        str(swift.keystone.ca_file),
    )
    issued.raise_for_status()
    (store,) = [one for one in issued.json()["token"]["catalog"] if one["type"] == "object-store"]
    (public,) = [one for one in store["endpoints"] if one["interface"] == "public"]
    return Person(public["url"], issued.headers["X-Subject-Token"])
