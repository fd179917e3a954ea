# SPDX-License-Identifier: Apache-2.0
"""Elements of XML and HTML whose text can be anything: what is written is escaped, and free of control characters."""

from __future__ import annotations

from typing import Any, Mapping
from xml.etree.ElementTree import Element, tostring

from ...base.words import escaped


def clean(text: str) -> str:
    """`text` with line ends kept and every other character that is not printable written out.

    XML 1.0, section 2.2, has no place for most of them, and marks of writing direction could disguise what was sent.
    """
    return "".join(
        character if character == "\n" or character.isprintable() else escaped(character) for character in text
    )


def element(tag: str, attributes: Mapping[str, Any] | None = None, *children: Element | str | None) -> Element:
    """An element with attributes and children; strings become its text, None is left out."""
    made = Element(tag, {name: clean(str(value)) for name, value in (attributes or {}).items()})
    last = None
    for child in children:
        if child is None:
            continue
        if isinstance(child, str):
            _append_text(made, last, clean(child))
        else:
            made.append(child)
            last = child
    return made


def to_xml(root: Element) -> str:
    """The element as an XML document."""
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, "unicode") + "\n"


def to_html(root: Element) -> str:
    """The element as an HTML document."""
    return "<!doctype html>\n" + tostring(root, "unicode", method="html") + "\n"


def _append_text(parent: Element, last: Element | None, text: str) -> None:
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
