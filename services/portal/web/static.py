# SPDX-License-Identifier: Apache-2.0
"""The files beside the pages. A file's address has a digest of its content, so that browsers may keep it for ever."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from ..problems import NotFound

PATH = "/web/static"
_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_NAMES = ("style.css", "upload.js", "icon.svg")


def _address(name: str, content: bytes) -> str:
    stem, _dot, kind = name.rpartition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}.{kind}"


_CONTENTS = {name: (files("services.portal") / "templates" / "web" / name).read_bytes() for name in _NAMES}
_FILES = {_address(name, content): content for name, content in _CONTENTS.items()}
# The addresses by the names of the files.
ADDRESSES = {name: f"{PATH}/{_address(name, content)}" for name, content in _CONTENTS.items()}

router = APIRouter(prefix=PATH, include_in_schema=False)


@router.get("/{name}")
def get_file(name: str) -> Response:
    """A file."""
    if name not in _FILES:
        raise NotFound("There is no such file. Reload the page.")
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(_FILES[name], media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})
