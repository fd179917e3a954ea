# SPDX-License-Identifier: Apache-2.0
"""Objects in rendered files, read by another YAML library than what wrote them."""

from __future__ import annotations

from base64 import b64decode
from typing import Any, Iterable

import yaml


def objects(files: Iterable[Any]) -> list[dict[str, Any]]:
    """All documents of the files."""
    return [document for file in files for document in yaml.safe_load_all(file.text)]


def of_kind(files: Iterable[Any], kind: str) -> dict[str, Any]:
    """The only object of a kind."""
    [found] = [document for document in objects(files) if document.get("kind") == kind]
    return found


def decoded(secret: dict[str, Any]) -> dict[str, str]:
    """What is in a Secret."""
    return {name: b64decode(value).decode() for name, value in secret["data"].items()}


def text_of(files: Iterable[Any], secret: bool) -> str:
    """The text of the files with secrets, or of the others."""
    return "".join(file.text for file in files if file.secret is secret)
