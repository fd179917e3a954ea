# SPDX-License-Identifier: Apache-2.0
"""What a subresource of a bucket holds, as data with one canonical form.

    operator's data ── wanted ──► canonical form ── requests ──► what is sent
                                        ▲
    gateway's answer ── answered ───────┘

A canonical form is made of dict, list, str, int and bool. Two settled ones are equal if, and only if, they mean the
same to the gateway. A form is also data that an operator may write, so that what a gateway has can be exported.
"""

from __future__ import annotations

import base64
import copy
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, ClassVar, List, Mapping, NamedTuple, Tuple
from xml.etree.ElementTree import Element

from ...base.checksum import md5
from ...base.errors import ToolError
from .. import markup

Canonical = Any

_HINT = "Look at the gateway's log, and read the same subresource with another S3 client."


class Setting(NamedTuple):
    """Where a document is: what its short forms stand for.

    bucket: its name. owner: his uid with his tenant ("tenant$uid"). zonegroup: its API name, the region of ARNs.
    """

    bucket: str
    owner: str
    zonegroup: str = "default"

    @property
    def tenant(self) -> str:
        """The tenant of owner and bucket; empty without one."""
        return self.owner.rpartition("$")[0]


@dataclass(frozen=True)
class DocumentRequest:
    """What to send to the bucket's path. headers: those beside what every signed request has."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


class UnknownSubresource(ToolError):
    """The gateway does not know the subresource, or has it switched off: its GET is answered by something else."""


class Document(ABC):
    """One subresource.

    name: of the option of rgw_buckets. query: of the URL. root: of the answer's XML; empty where that is JSON.
    former_root: its name in older releases.
    none_codes: the error codes with which a GET says that there is nothing. as_new: the canonical form of what a new
    bucket has, which is what null stands for. removable: whether DELETE brings that back; otherwise a PUT does.
    off_hint: how an operator switches on a subresource that a gateway may have switched off.
    """

    name: str
    query: str
    root: str = ""
    former_root: str = ""
    none_codes: Tuple[str, ...] = ()
    as_new: ClassVar[Canonical]
    removable: bool = True
    content_type: str = "application/xml"
    off_hint: str = ""

    def wanted(self, data: Any, place: str) -> Canonical:
        """The canonical form of the operator's data; None is what a new bucket has.

        place: of the data, for errors ("buckets[3].lifecycle"). Raises InputError.
        """
        return copy.deepcopy(self.as_new) if data is None else self._wanted(data, place)

    def settled(self, canonical: Canonical, setting: Setting) -> Canonical:
        """The form with short forms written out, for a bucket. Both sides of a comparison are to be settled."""
        return canonical

    def stored(self, body: bytes, target: str) -> Canonical:
        """The canonical form of the body of a GET that was answered with 200.

        target: "bucket 'b' at host:port", for errors. Raises ToolError, UnknownSubresource.
        """
        try:
            return self._stored(self._parsed(body, target))
        except ValueError as error:
            raise ToolError("understand", f"{self.name} of {target}", str(error), _HINT, status=200) from None

    def answered(self, status: int, body: bytes, target: str) -> Canonical:
        """The canonical form of what the answer to a GET says. Raises ToolError, UnknownSubresource."""
        if status == 200:
            return self.stored(body, target)
        code = error_code(body)
        if code in self.none_codes:
            return copy.deepcopy(self.as_new)
        if status in (405, 501):
            raise self._unknown(target, code or "an error", status)
        raise ToolError("read", f"{self.name} of {target}", code, _HINT, status=status)

    def requests(self, wanted: Canonical, stored: Canonical) -> List[DocumentRequest]:
        """What makes one settled form of another, in this order: a PUT, or a DELETE for what a new bucket has.

        Only for a gateway whose GET was answered with the document: to one that does not know the subresource, the
        DELETE is one of the bucket, which is gone if empty (?encryption, 16.2.15), and a PUT is one that makes it.
        """
        if self.removable and wanted == self.as_new:
            return [DocumentRequest("DELETE", {self.query: ""})]
        return [self._put(self.body(wanted))]

    def _put(self, body: bytes) -> DocumentRequest:
        headers = {"content-type": self.content_type, "content-md5": _md5(body)}
        return DocumentRequest("PUT", {self.query: ""}, headers, body)

    @abstractmethod
    def body(self, canonical: Canonical) -> bytes:
        """The body of a PUT: equal bytes for equal settled forms."""

    @abstractmethod
    def _wanted(self, data: Any, place: str) -> Canonical:
        """As `wanted`, for data that is not None."""

    @abstractmethod
    def _stored(self, parsed: Any) -> Canonical:
        """The canonical form of the root element, or of JSON. Raises ValueError for what cannot be understood."""

    def _parsed(self, body: bytes, target: str) -> Any:
        root = markup.parse(body)
        if root.tag not in (self.root, self.former_root):
            # RGW answers the GET of a subresource that it does not know with a listing of the bucket.
            raise self._unknown(target, f"a {root.tag} instead of a {self.root}", 200)
        return root

    def _unknown(self, target: str, code: str, status: int) -> UnknownSubresource:
        hint = f"The gateway does not know ?{self.query}: {self.off_hint or 'its release of Ceph is older than that'}."
        return UnknownSubresource("read", f"{self.name} of {target}", code, hint, status=status)


def error_code(body: bytes) -> str:
    """The code of S3's error document; empty where there is none."""
    try:
        root: Element = markup.parse(body)
    except ValueError:
        return ""
    return markup.text_of(root, "Code") or ""


def _md5(body: bytes) -> str:
    """Content-MD5 (RFC 1864), which S3 asks for (API reference, PutBucketLifecycleConfiguration) and RGW checks."""
    return base64.b64encode(md5(body).digest()).decode()
