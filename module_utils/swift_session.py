# SPDX-License-Identifier: Apache-2.0
"""A swift user's session at one gateway: the token, a container of its own, and a record of what was exchanged."""

from __future__ import annotations

import re
import secrets
import time
from collections import deque
from typing import Sequence
from urllib.parse import quote

from .rgw_wire import Connection
from .rgw_wire_deadline import Deadline
from .rgw_wire_endpoint import Endpoint
from .rgw_wire_messages import Answer, Request
from .rgw_wire_words import BAD_HEADER, WRONG_STATUS, Advice
from .swift_checks import Finding, expect_header, expect_status

AUTH_PATH = "/auth/v1"
CONTAINER_PREFIX = "rgwkit-verify-"
MAX_EVIDENCE = 20
RETRY_SECONDS = 0.1

# RGW's answers to a wrong start, as 14 to 20 give them.
_AUTH_ADVICE = {
    401: Advice(
        "The swift key is not the one that the gateway knows for this subuser.",
        "Compare the secret with the subuser's swift key; a rotation makes the old one invalid at once.",
    ),
    403: Advice(
        "The gateway knows no such swift user, or its swift key is not active.",
        "Give the user as uid:subuser, and create the subuser and its swift key if they are missing.",
    ),
    404: Advice(
        "This is not a swift endpoint: it has no /auth/v1.",
        "Check host and port, and that rgw_enable_apis of the gateway holds swift and swift_auth.",
    ),
}
_ACCOUNT_ADVICE = {
    401: Advice(
        "The gateway gives this user a token and then refuses it: the user is suspended.",
        "Enable the user again, or use another one.",
    ),
    403: Advice(
        "The subuser may not read its account.",
        "Give the subuser the access readwrite or full.",
    ),
}
_NO_SWIFT = Advice("This is not a swift endpoint.", "Check host, port and path of the endpoint.")
_TOKEN = re.compile(r"[\x21-\x7e]+\Z")
_STORAGE_URL = re.compile(r"https?://[^/]+(?P<path>/[\x21-\x7e]*)\Z")


class SwiftSession:
    """Requests of one user over one keep-alive connection. `begin` sets the deadline of all requests that follow."""

    def __init__(self, endpoint: Endpoint, user: str, secret: str) -> None:
        self.container = CONTAINER_PREFIX + secrets.token_hex(8)
        self.evidence: deque[str] = deque(maxlen=MAX_EVIDENCE)
        self._endpoint = endpoint
        self._credentials = (("X-Auth-User", _utf8(user)), ("X-Auth-Key", _utf8(secret)))
        self._connection = Connection(endpoint)
        self._deadline = Deadline(0)
        self._token = ""
        self._storage_path = ""
        self._container_asked = False
        self._container_made = False

    def begin(self, seconds: float) -> None:
        """Give what follows `seconds` in all, and start a new record of evidence."""
        self._deadline = Deadline(seconds)
        self.evidence.clear()

    def authenticate(self) -> None:
        """Get a token by TempAuth v1 and use it once, since a suspended user gets one too. Raises Finding."""
        answer = self._exchange(Request("GET", self._endpoint.path + AUTH_PATH, self._credentials))
        _expect_access(answer, _AUTH_ADVICE)
        self._token = _expect_from_auth(answer, "X-Auth-Token", _TOKEN)[0]
        # Only the path counts: the host can be out of reach from here, or another one behind a proxy.
        self._storage_path = _expect_from_auth(answer, "X-Storage-Url", _STORAGE_URL)["path"].rstrip("/")
        _expect_access(self.ask("HEAD", ""), _ACCOUNT_ADVICE)

    def ask(
        self,
        method: str,
        path: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        chunked: bool = False,
        expect_continue: bool = False,
    ) -> Answer:
        """One request below the storage URL; `path` is already quoted."""
        token = ("X-Auth-Token", self._token)
        return self._exchange(
            Request(method, self._storage_path + path, [token, *headers], body, chunked, expect_continue)
        )

    def put(self, name: str, content: bytes) -> Answer:
        """PUT an object with Content-Length."""
        return self.ask("PUT", self._object_path(name), body=content)

    def put_manifest(self, name: str, segments: str) -> Answer:
        """PUT the manifest of a dynamic large object as the registry does: empty, chunked, after 100-continue."""
        manifest = ("X-Object-Manifest", f"{self.container}/{quote(segments)}")
        return self.ask("PUT", self._object_path(name), [manifest], b"", chunked=True, expect_continue=True)

    def head(self, name: str) -> Answer:
        """HEAD an object."""
        return self.ask("HEAD", self._object_path(name))

    def get(self, name: str) -> Answer:
        """GET an object."""
        return self.ask("GET", self._object_path(name))

    def delete(self, name: str) -> Answer:
        """DELETE an object."""
        return self.ask("DELETE", self._object_path(name))

    def make_container(self) -> None:
        """PUT the session's own container, unless it has been made. Raises Finding."""
        if self._container_made:
            return
        asked_before = self._container_asked
        # Noted first: an interrupted PUT can still make the container.
        self._container_asked = True
        answer = self.ask("PUT", f"/{self.container}", body=b"")
        if answer.status == 202 and not asked_before:
            self._container_asked = False  # It was there before, so it is not ours to remove.
        expect_status(answer, 201, *([202] if asked_before else []))
        self._container_made = True

    def remove_container(self, seconds: float) -> bool:
        """Remove the session's own container and all in it; False when it is still there after `seconds`."""
        self.begin(seconds)
        while self._container_asked and self._deadline.left():
            answer = self.ask("DELETE", f"/{self.container}")
            if answer.status in (204, 404):
                self._container_asked = self._container_made = False
            elif answer.status != 409 or not self._remove_objects():
                time.sleep(RETRY_SECONDS)
        return not self._container_asked

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _remove_objects(self) -> int:
        """Remove what a listing of the container shows; the number of objects in it."""
        listing = self.ask("GET", f"/{self.container}?limit=1000")
        names = [name for name in listing.body.split(b"\n") if name] if listing.status == 200 else []
        for name in names:
            self.ask("DELETE", f"/{self.container}/{quote(name)}")
        return len(names)

    def _object_path(self, name: str) -> str:
        return f"/{self.container}/{quote(name)}"

    def _exchange(self, request: Request) -> Answer:
        answer = self._connection.exchange(request, self._deadline.left())
        self.evidence.append(answer.evidence)
        return answer


def _expect_access(answer: Answer, advice: dict[int, Advice]) -> None:
    try:
        expect_status(answer, 200, 204)
    except Finding as finding:
        if finding.word == WRONG_STATUS and answer.status is not None and answer.status < 500:
            finding.advice = advice.get(answer.status, _NO_SWIFT)
        raise


def _expect_from_auth(answer: Answer, name: str, form: re.Pattern[str]) -> re.Match[str]:
    try:
        value = expect_header(answer, name)
    except Finding as finding:
        finding.advice = _NO_SWIFT
        raise
    match = form.match(value)
    if match is None:
        raise Finding(BAD_HEADER, f"{name} in its proper form", f"{name} with something else", _NO_SWIFT)
    return match


def _utf8(text: str) -> str:
    """`text` as header fields carry it: each byte of its UTF-8 form as one character."""
    return text.encode("utf-8").decode("latin-1")
