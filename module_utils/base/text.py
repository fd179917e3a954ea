# SPDX-License-Identifier: Apache-2.0
"""Text of records, as the bytes that a gateway keeps and as something that may be shown.

RGW looks at no encoding: a name is the bytes that somebody's terminal sent. Bytes that are no UTF-8 are read as lone
surrogates (PEP 383) and written as the same bytes again. Ansible refuses such text in a result.
"""

from __future__ import annotations

import json
import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def from_bytes(content: bytes) -> str:
    """Text of which to_bytes makes the same bytes again."""
    return content.decode("utf-8", "surrogateescape")


def to_bytes(text: str) -> bytes:
    """The bytes that from_bytes has read."""
    return text.encode("utf-8", "surrogateescape")


def json_text(document: Any) -> str:
    r"""A document as JSON, for to_bytes.

    With no more escapes than JSON asks for: of a surrogate pair (\ud83d\ude80) RGW 16 makes six bytes, not UTF-8.
    """
    return json.dumps(document, ensure_ascii=False)


def is_unicode(text: str) -> bool:
    """Whether a text holds characters only, and nothing that stands for other bytes."""
    return not _SURROGATE.search(text)


def presentable(value: Any) -> Any:
    r"""The same with stand-ins for bytes spelled out: "Z\xfcrich". Results and messages have to be Unicode."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub(_spelled, value)
    if isinstance(value, dict):
        return {presentable(name): presentable(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [presentable(item) for item in value]
    return value


def holds_template(value: Any) -> bool:
    """Whether a text, or any in a list or mapping, would be a template of Jinja if it stood in an inventory."""
    if isinstance(value, str):
        return any(mark in value for mark in ("{{", "{%", "{#"))
    if isinstance(value, dict):
        return any(holds_template(part) for pair in value.items() for part in pair)
    return isinstance(value, (list, tuple)) and any(holds_template(item) for item in value)


def _spelled(surrogate: re.Match[str]) -> str:
    number = ord(surrogate[0])
    return f"\\x{number - 0xDC00:02x}" if 0xDC80 <= number <= 0xDCFF else f"\\u{number:04x}"
