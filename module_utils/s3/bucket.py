# SPDX-License-Identifier: Apache-2.0
"""One bucket by the S3 API: its keys, and its objects as streams. A swift container of RGW is a bucket, too.

RGW joins the segments of a large object of swift for a GET and a HEAD by S3, and lists it with a size of 0 (seen on
16.2.15).
"""

from __future__ import annotations

import hashlib
import html
import re
import time
from contextlib import suppress
from typing import Callable, Iterator, Mapping, NamedTuple
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from ..base.errors import ToolError
from ..base.login import Login
from ..http.deadline import Deadline
from ..http.endpoint import Broken, Endpoint
from ..http.sigv4 import signed_request
from ..http.stream import Answer, Call, Sink, Wire
from .markup import parse, text_of, texts_of

# A walk over a registry takes hours; one lost connection or one restart of the gateway is not to end it.
PAUSES_SECONDS = (0.5, 2.0, 5.0)
# A hundred million objects of a thousand a page: a registry of some ten million blobs.
MAX_PAGES = 100_000
# An object may take the timeout, and what its size takes at this rate.
SLOWEST_BYTES_A_SECOND = 1024 * 1024

_KEY = re.compile(r"<Key>([^<]+)</Key>")
_SIZE = re.compile(r"<Size>([0-9]{1,19})</Size>")
_NEXT = re.compile(r"<NextMarker>([^<]+)</NextMarker>")
# With encoding-type, RGW encodes keys and not these, which are no XML then for a key with a control character (seen on
# 18.2.7). A page goes on after its last entry.
_MARKERS = re.compile(rb"<(Marker|NextMarker)>.*?</\1>", re.DOTALL)
_CODE = re.compile(rb"<Code>([A-Za-z]+)</Code>")
_HINTS = {
    403: "Check the access key, its secret key, and that their user owns the bucket.",
    404: "Check the name of the bucket, and that its owner has the same tenant as the user.",
}
_NOT_OURS = (
    "The bucket belongs to another user of this gateway: choose another one (registry_s3_bucket), or take the keys of "
    "its owner."
)
_HINT = "Look at the gateway's log and run the gateway verification (rgw_verify, group s3); then run again."


class Entry(NamedTuple):
    """An object as a listing shows it."""

    key: str
    size: int


class Stored(NamedTuple):
    """An object as a listing shows it to people. modified: ISO 8601, UTC."""

    key: str
    size: int
    modified: str


class Page(NamedTuple):
    """A part of a listing. folders: what keys begin with up to the next "/". following: the next marker."""

    folders: list[str]
    objects: list[Stored]
    following: str


class S3Bucket:
    """Requests of one user over one keep-alive connection, each in `timeout` seconds. All methods raise ToolError."""

    def __init__(self, endpoint: Endpoint, login: Login, name: str, timeout: float) -> None:
        self.name = name
        self._endpoint = endpoint
        self._login = login
        self._timeout = timeout
        self._wire = Wire(endpoint)

    def another(self, name: str = "") -> S3Bucket:
        """The same over a connection of its own, or another bucket of the same user."""
        return S3Bucket(self._endpoint, self._login, name or self.name, self._timeout)

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def exists(self) -> bool:
        """Whether there is such a bucket that the user may read."""
        answer = self._ask("HEAD")
        return answer.status != 404 and bool(self._expect("read", "HEAD", "", answer, 200))

    def make(self) -> None:
        """Make the bucket."""
        self._expect("make", "PUT", "", self._ask("PUT", body=b""), 200)

    def entries(self, prefix: str = "") -> Iterator[Entry]:
        """All objects whose keys begin with `prefix`, in the order of their keys.

        The gateway says whether there is more: how full a page is says nothing (tracker 44554).
        """
        marker = ""
        for _number in range(MAX_PAGES):
            answer = self._ask("GET", query={"prefix": prefix, "marker": marker, "max-keys": "1000"})
            page = self._expect("list", "GET", "", answer, 200).body.decode("utf-8", "replace")
            before = marker
            found = _entries(page)
            if found is None:
                raise ToolError("list", self._target(""), "an answer that is no listing", _HINT, status=200)
            for entry in found:
                marker = entry.key
                yield entry
            following = _NEXT.search(page)
            if following:
                marker = html.unescape(following[1])
            if "<IsTruncated>true<" not in page:
                return
            # Keys are listed in the order of their bytes (S3 API, ListObjects), so that markers only grow.
            if marker.encode() <= before.encode():
                raise ToolError("list", self._target(""), "a page that leads nowhere", _HINT, status=answer.status)
        raise ToolError("list", self._target(""), f"more than {MAX_PAGES} pages", _HINT, status=200)

    def page(self, prefix: str, marker: str, most: int) -> Page:
        """Objects and folders right below a prefix, which ends with "/" or is empty, after a marker."""
        query = {"prefix": prefix, "marker": marker, "max-keys": str(most), "delimiter": "/", "encoding-type": "url"}
        answer = self._expect("list", "GET", "", self._ask("GET", query=query), 200)
        try:
            return _page(parse(_MARKERS.sub(b"", answer.body)))
        except ValueError:
            raise ToolError("list", self._target(""), "an answer that is no listing", _HINT, status=200) from None

    def size(self, key: str) -> int:
        """Bytes of an object, those of its segments included."""
        answer = self._expect("read", "HEAD", key, self._ask("HEAD", key), 200)
        return int(answer.header("Content-Length") or 0)

    def read(self, key: str) -> bytes | None:
        """A small object, None where there is none. At most 4 MiB."""
        answer = self._ask("GET", key)
        return None if answer.status == 404 else self._expect("read", "GET", key, answer, 200).body

    def digest(self, key: str, algorithm: str, size: int) -> str:
        """The digest of an object of about `size` bytes, as registries write it. It is streamed, never held."""
        found = hashlib.new(algorithm)

        def send() -> Answer:
            nonlocal found
            found = hashlib.new(algorithm)
            return self._send("GET", key, {}, None, found.update, size / SLOWEST_BYTES_A_SECOND)

        self._expect("read", "GET", key, self._again(key, send), 200)
        return f"{algorithm}:{found.hexdigest()}"

    def write(self, key: str, content: bytes) -> None:
        """Store a small object."""
        self._expect("write", "PUT", key, self._ask("PUT", key, body=content), 200)

    def remove(self, key: str) -> None:
        """Remove an object, which need not be there."""
        self._expect("remove", "DELETE", key, self._ask("DELETE", key), 200, 204, 404)

    def remove_bucket(self) -> None:
        """Remove the bucket, which has to be empty."""
        self._expect("remove", "DELETE", "", self._ask("DELETE"), 204, 404)

    def _ask(
        self, method: str, key: str = "", query: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request with a small answer."""
        return self._again(key, lambda: self._send(method, key, query or {}, body))

    def _again(self, key: str, send: Callable[[], Answer]) -> Answer:
        """The answer to a request that is sent again where none came or the gateway has a fault that may pass."""
        for pause in PAUSES_SECONDS:
            with suppress(Broken):
                answer = send()
                if answer.status < 500:
                    return answer
            time.sleep(pause)
        try:
            return send()
        except Broken as broken:
            raise self._error("ask for", key, None, ": ".join(broken.args)) from None

    def _send(
        self,
        method: str,
        key: str,
        query: Mapping[str, str],
        body: bytes | None,
        sink: Sink | None = None,
        more_seconds: float = 0.0,
    ) -> Answer:
        path = "/" + "/".join(part for part in (self.name, key) if part)
        target, fields = signed_request(method, path, query, {}, body or b"", self._endpoint.authority, self._login)
        call = Call(method, target, fields, [body or b""], None if body is None else len(body))
        return self._wire.exchange(call, Deadline(self._timeout + more_seconds), sink)

    def _expect(self, verb: str, method: str, key: str, answer: Answer, *statuses: int) -> Answer:
        if answer.status not in statuses:
            raise self._error(verb, key, answer.status, _code(answer) if method != "HEAD" else answer.reason)
        return answer

    def _error(self, verb: str, key: str, status: int | None, code: str) -> ToolError:
        # A wrong key has codes of its own.
        hint = _NOT_OURS if (status, code) == (403, "AccessDenied") else _HINTS.get(status or 0, _HINT)
        return ToolError(verb, self._target(key), code, hint, status=status)

    def _target(self, key: str) -> str:
        what = f"object {key} of bucket {self.name}" if key else f"bucket {self.name}"
        return f"{what} at {self._endpoint.authority}"


def _entries(page: str) -> list[Entry] | None:
    """The objects of a page of a listing, None where it is something else.

    Each is looked at by itself, so that no page takes longer than its length asks for.
    """
    root, *objects = page.split("<Contents>")
    found = [(_KEY.search(part), _SIZE.search(part)) for part in objects]
    if "<ListBucketResult" not in root:
        return None
    entries = [Entry(html.unescape(key[1]), int(size[1])) for key, size in found if key and size]
    return entries if len(entries) == len(objects) else None


def _page(root: Element) -> Page:
    """The page of a listing. Raises ValueError for something else."""
    if root.tag != "ListBucketResult":
        raise ValueError(root.tag)
    folders = [unquote(text) for text in texts_of(root, "CommonPrefixes/Prefix")]
    objects = []
    for found in root.findall("Contents"):
        key, size, modified = (text_of(found, name) or "" for name in ("Key", "Size", "LastModified"))
        objects.append(Stored(unquote(key), int(size), modified))
    if text_of(root, "IsTruncated") != "true":
        return Page(folders, objects, "")
    return Page(folders, objects, max([*folders, *(one.key for one in objects)], key=str.encode, default=""))


def _code(answer: Answer) -> str:
    found = _CODE.search(answer.body)
    return found[1].decode("latin-1") if found else answer.reason
