# SPDX-License-Identifier: Apache-2.0
"""A page of a bucket's listing by S3 (ListObjects), with the owner of each object."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from ...base.errors import ToolError
from ...s3 import markup

_HINT = "Does something in between answer in the gateway's place?"


class Listed(NamedTuple):
    """An object: its key, and the uid of its owner."""

    key: str
    owner: str


class Listing(NamedTuple):
    """A page: its objects, and what their keys begin with up to a delimiter."""

    objects: Sequence[Listed]
    folders: Sequence[str]


def read_listing(body: bytes) -> Listing:
    """The page in an answer. Raises ToolError for what is no listing."""
    try:
        root = markup.parse(body)
    except ValueError as error:
        raise ToolError("understand", "a listing of a bucket", str(error), _HINT, status=200) from None
    if root.tag != "ListBucketResult":
        raise ToolError("understand", "a listing of a bucket", f"a {root.tag}", _HINT, status=200)
    found = [
        Listed(markup.text_of(entry, "Key") or "", markup.text_of(entry, "Owner/ID") or "")
        for entry in root.findall("Contents")
    ]
    return Listing(found, markup.texts_of(root, "CommonPrefixes/Prefix"))
