# SPDX-License-Identifier: Apache-2.0
"""The requests of a load, and which answers to them are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from ..http.messages import Answer, Request
from ..http.outcomes import WrongAnswer
from .checks import expect_etag, expect_length, expect_status, md5_of

_HEAD_END = b"\r\n\r\n"


class StoredObject:
    """An object of known content. `path` is quoted, below the endpoint."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content
        self.md5 = md5_of(content)


@dataclass(frozen=True)
class Operation:
    """One kind of request. Its answer has `status`, and with `describes` the object's length and ETag."""

    name: str
    method: str
    status: int
    describes: bool = False

    def request(self, stored: StoredObject, token: str) -> Request:
        """The request for an object."""
        body = stored.content if self.method == "PUT" else None
        return Request(self.method, stored.path, (("X-Auth-Token", token),), body)

    def right_answer(self, stored: StoredObject) -> Callable[[bytes], bool]:
        """A quick look whether bytes are a whole and right answer. It may say no to one that is written unusually."""
        status = b"HTTP/1.1 %d " % self.status
        fields = [b"\r\ncontent-length: %d\r\n" % len(stored.content), b"\r\netag: %s\r\n" % stored.md5.encode()]

        def is_right(data: bytes) -> bool:
            if not data.startswith(status) or data.find(_HEAD_END) != len(data) - len(_HEAD_END):
                return False
            head = data.lower()
            if b"\r\nconnection: close" in head or (self.method == "PUT" and b"\r\ncontent-length: 0\r\n" not in head):
                return False
            return not self.describes or all(field in head for field in fields)

        return is_right

    def finding(self, answer: Answer, stored: StoredObject) -> WrongAnswer | None:
        """What is wrong with an answer that was read strictly, if anything is."""
        try:
            expect_status(answer, self.status, stored=self.method != "PUT")
            if self.describes:
                expect_length(answer, len(stored.content))
                expect_etag(answer, stored.md5)
        except WrongAnswer as finding:
            return finding
        return None


PUT = Operation("put", "PUT", 201)
HEAD_AFTER_PUT = Operation("head_after_put", "HEAD", 200, describes=True)
HEAD = Operation("head", "HEAD", 200, describes=True)
DELETE = Operation("delete", "DELETE", 204)
