# SPDX-License-Identifier: Apache-2.0
"""What the parts of the page are made of: marks of outcomes, texts with links, lists of facts, tables."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping, Optional, Sequence, Union
from xml.etree.ElementTree import Element

from ....base.words import FAIL, PASS, SKIP, WARN, plural
from ..markup import element
from ..references import pieces
from ..text import WORDS, outcome
from .style import SHAPES

Content = Union[Element, str, None]

CLASSES = {FAIL: "fail", WARN: "warn", PASS: "ok", SKIP: "skip"}
NOT_VERIFIED = "not verified"
_BREAKS = re.compile(r"(?<=[./])(?=[a-z])|(?=:[0-9])")
_CODE = re.compile(r"`([^`]+)`")


def kind_of(run: Mapping[str, Any]) -> str:
    """A run's outcome: it failed, passed with warnings, or passed."""
    if not run["passed"]:
        return FAIL
    return WARN if WARN in map(outcome, run["verdicts"]) else PASS


def word_of(run: Mapping[str, Any]) -> str:
    """A run's outcome in a word or two."""
    if run["error"]:
        return NOT_VERIFIED
    kind = kind_of(run)
    number = [outcome(verdict) for verdict in run["verdicts"]].count(kind)
    if kind == WARN:
        return plural(number, "warning")
    return "passed" if kind == PASS else f"{number} failed" if number else "failed"


def mark(kind: str, word: str = "") -> Element:
    """Shape and word of an outcome."""
    return element("span", {"class": f"mark {CLASSES[kind]}"}, shape(kind), word or WORDS[kind])


def shape(kind: str) -> Element:
    """The shape of an outcome, which nobody needs who hears the word beside it."""
    attributes = {"class": "shape", "viewBox": "0 0 16 16", "aria-hidden": "true"}
    return element("svg", attributes, element("path", {"fill-rule": "evenodd", "d": SHAPES[CLASSES[kind]]}))


def prose(text: str, linked: bool = True) -> list[Content]:
    """A text of the catalogue: what stands between backticks is code, and each reference is a link."""
    parts: list[Content] = []
    for number, part in enumerate(_CODE.split(text)):
        if number % 2:
            parts.append(element("code", {}, part))
        elif not linked:
            parts.append(part)
        else:
            parts += [link(piece.text, piece.address) if piece.address else piece.text for piece in pieces(part)]
    return parts


def link(text: str, address: str) -> Element:
    """A link that leads out of the page."""
    return element("a", {"href": address, "rel": "noreferrer"}, text)


def pairs(told: Iterable[tuple[str, Sequence[Content]]]) -> Content:
    """Names and what they stand for; what has no content is left out, and None is what remains of nothing."""
    listed = []
    for name, content in told:
        if any(part not in (None, "") for part in content):
            listed += [element("dt", {}, name), element("dd", {}, *content)]
    return element("dl", {}, *listed) if listed else None


def listing(items: Sequence[Sequence[Content]]) -> Content:
    """A list, None for one without items."""
    return element("ul", {"class": "plain"}, *(element("li", {}, *item) for item in items)) if items else None


def names(some: Sequence[str], places: Optional[Mapping[str, str]] = None) -> list[Content]:
    """Names of probes, in a row; those that have a place on the page are links to it."""
    row: list[Content] = []
    for name in some:
        shown = element("code", {}, name)
        if places and name in places:
            shown = element("a", {"href": f"#{places[name]}"}, shown)
        row += [", ", shown] if row else [shown]
    return row


def moment(when: Optional[str]) -> str:
    """A moment of a report, for a reader."""
    return f"{when.replace('T', ' ').rstrip('Z')} UTC" if when else "at an unknown time"


def head_cell(scope: str, *content: Content, **attributes: Any) -> Element:
    """A cell that names its row or column. Its texts, often addresses, are broken after dots and slashes only."""
    parts: list[Content] = []
    for piece in content:
        texts = _BREAKS.split(piece) if isinstance(piece, str) else []
        parts += [element("span", {"class": "part"}, text) for text in texts] if len(texts) > 1 else [piece]
    return element("th", {"scope": scope, **attributes}, *parts)


def table(title: str, head: Sequence[Element], bodies: Sequence[Element], kind: str = "") -> Element:
    """A table that scrolls on its own where it is wider than the screen; `title` names it to who cannot see it."""
    whole = element("table", {}, element("caption", {"class": "unseen"}, title), element("thead", {}, *head), *bodies)
    return element(
        "div", {"class": f"wide {kind}".strip(), "role": "region", "aria-label": title, "tabindex": "0"}, whole
    )
