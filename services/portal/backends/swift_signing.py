# SPDX-License-Identifier: Apache-2.0
"""Downloads and uploads straight from Swift and to Swift, signed with a key that the account has for that."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from module_utils.base.secret import Secret, generate_secret
from module_utils.http.endpoint import Endpoint
from module_utils.http.messages import Answer
from module_utils.http.temp_url import form_fields, temp_url_query
from module_utils.swift.client import swift_path

from ..problems import LimitReached, NotOffered
from .backend import UploadForm
from .openstack import OpenStack
from .swift_fields import ACCOUNT_BYTES, ACCOUNT_QUOTA, CONTAINER_BYTES, CONTAINER_QUOTA, SIGNING_KEY, number

_DIGEST = "sha256"

Offers = Mapping[str, Any]


class SwiftSigning:
    """Signatures for one Swift. public: the proxy as browsers reach it."""

    def __init__(self, public: Endpoint) -> None:
        self._public = public
        self._making_key = threading.Lock()

    def download_url(self, stack: OpenStack, offers: Offers, path: tuple[str, str, str], seconds: int) -> str:
        """A URL for an object; path: account, container and object. Raises NotOffered."""
        _require(offers, "tempurl")
        _account, key = self._account(stack, path[0])
        signed = temp_url_query("GET", "/v1/" + "/".join(path), _until(seconds), key.value, _DIGEST)
        # A page among the objects must not run as one of Swift's: with a name, Swift answers "attachment".
        name = urlencode({"filename": path[2].rstrip("/").rpartition("/")[2] or "object"})
        return f"{self._public}{swift_path(*path)}?{signed}&{name}"

    def upload_form(
        self, stack: OpenStack, offers: Offers, path: tuple[str, str, str], container: Answer, back: str, seconds: int
    ) -> UploadForm:
        """A form for a file; path: account, container and prefix. Raises NotOffered, LimitReached.

        Swift does not know the length of a form's file beforehand, and would let the file exceed a quota, so that the
        form itself has a largest size.
        """
        _require(offers, "formpost")
        account, key = self._account(stack, path[0])
        bounds = [int(offers["swift"]["max_file_size"])]
        for found, quota, used in (
            (account, ACCOUNT_QUOTA, ACCOUNT_BYTES),
            (container, CONTAINER_QUOTA, CONTAINER_BYTES),
        ):
            most = number(found, quota)
            bounds += [] if most is None else [most - (number(found, used) or 0)]
        if min(bounds) <= 0:
            raise LimitReached("A quota is reached.")
        fields = form_fields("/v1/" + "/".join(path), back, min(bounds), _until(seconds), key.value, _DIGEST)
        return UploadForm(f"{self._public}{swift_path(*path)}", fields)

    def _account(self, stack: OpenStack, account: str) -> tuple[Answer, Secret]:
        """An account's header fields, and its key, which is made when it is missing. Swift alone keeps the key."""
        with self._making_key:  # a key that is made twice is another one
            found = stack.swift(lambda swift: swift.account(account))
            key = found.header(SIGNING_KEY)
            if not key:
                fields = {SIGNING_KEY: generate_secret().value}
                stack.swift(lambda swift: swift.change(account, fields=fields))
                key = fields[SIGNING_KEY]
        return found, Secret(key)


def _require(offers: Offers, middleware: str) -> None:
    if _DIGEST not in offers.get(middleware, {}).get("allowed_digests", ()):
        raise NotOffered(f"This Swift has no {middleware} with SHA-256.")


def _until(seconds: int) -> int:
    return int(time.time()) + seconds
