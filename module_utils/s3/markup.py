# SPDX-License-Identifier: Apache-2.0
"""XML of the S3 API and of its relatives, as elements without namespaces.

RGW gives some answers a namespace and others none, and takes requests either way (seen on 16.2.15 and 18.2.7). A
document type is refused, so that no entity is ever expanded and nothing else is read: XML 1.0, section 4.1, knows no
entities beside five fixed ones without one.
"""

from __future__ import annotations

import re
from typing import Any, Dict
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
# What S3 and SNS say is nested less than ten deep.
MAX_DEPTH = 64

# What XML 1.0, section 2.2, has no place for, and the line ends that a parser replaces (section 2.11).
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse(content: bytes) -> Element:
    """The root element. Raises ValueError for what is no XML, has a document type or is nested too deep."""
    return _Reader().read(content)


def writable(text: str) -> bool:
    """Whether XML can carry a text unchanged."""
    return not _UNWRITABLE.search(text)


def element(tag: str, *children: Element | str | None) -> Element:
    """An element with a text or with children; None is left out."""
    made = Element(tag)
    for child in children:
        if isinstance(child, str):
            made.text = child
        elif child is not None:
            made.append(child)
    return made


def to_bytes(root: Element) -> bytes:
    """The document, in the namespace of S3."""
    root.set("xmlns", NAMESPACE)
    return bytes(tostring(root, "utf-8"))


def text_of(parent: Element, path: str) -> str | None:
    """The text of the first element at `path`; None where there is no such element."""
    found = parent.find(path)
    return None if found is None else found.text or ""


def texts_of(parent: Element, path: str) -> list[str]:
    """The texts of all elements at `path`."""
    return [found.text or "" for found in parent.findall(path)]


class _Reader:
    """Expat's events as a tree. (ElementTree's own XMLParser takes no handler for a document type.)"""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._depth = 0

    def read(self, content: bytes) -> Element:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._tree.data
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise ValueError(f"no XML: {error}") from None
        return self._tree.close()

    def _start(self, name: str, attributes: Dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"XML nested more than {MAX_DEPTH} deep")
        self._tree.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(_local(name))

    def _refuse(self, *_declaration: Any) -> None:
        raise ValueError("XML with a document type")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
