# SPDX-License-Identifier: Apache-2.0
"""How each probe ended in each of several runs: a row for a probe, a column for what a host saw of a gateway."""

from __future__ import annotations

from typing import Iterator, Mapping, NamedTuple, Optional, Sequence
from xml.etree.ElementTree import Element

from ....base.words import FAIL, PASS, SKIP, WARN, plural
from ...catalogue import GROUP_TITLES
from ..markup import element
from ..text import WORDS, outcome
from .overview import Placed, by_gateway
from .parts import CLASSES, Content, head_cell, mark, names, shape, table
from .probe import place_of, question

_WORST_FIRST = (FAIL, WARN, None, SKIP, PASS)
Columns = Mapping[str, Sequence[Placed]]


class Ended(NamedTuple):
    """How a probe ended in a run, None for a run without it, and where that stands on the page."""

    kind: Optional[str]
    place: str


def matrix(runs: Sequence[Placed]) -> Element:
    """The probes that did not end alike and well in all runs, by group; the names of the others are a click away."""
    columns = by_gateway(runs)
    seen = [placed for some in columns.values() for placed in some]
    groups = {verdict["probe"]: verdict["group"] for placed in seen for verdict in placed.run["verdicts"]}
    rows = {name: [_ended(name, placed) for placed in seen] for name in groups}
    found = {name: row for name, row in rows.items() if _rank(row) <= _WORST_FIRST.index(WARN)}
    alike = {kind: [name for name, row in rows.items() if _all(kind, row)] for kind in (PASS, SKIP)}
    mixed = {name: row for name, row in rows.items() if name not in [*found, *alike[PASS], *alike[SKIP]]}
    heading = element("h2", {"id": "probes-title"}, "Probes")
    grid = _table("Probes that failed or warned in some run", columns, found, groups)
    attributes = {"id": "probes", "class": "matrix", "aria-labelledby": "probes-title"}
    folded = [
        _folded(kind, f"{plural(len(some), 'probe')} {WORDS[kind]} in every run", [element("p", {}, *names(some))])
        for kind, some in alike.items()
        if some
    ]
    if mixed:
        told = f"{plural(len(mixed), 'probe')} ok in some runs, and skipped or not run in others"
        folded.insert(0, _folded(PASS, told, [_table("Probes ok in some runs only", columns, mixed, groups)]))
    return element("section", attributes, heading, grid, *folded)


def _table(title: str, columns: Columns, rows: Mapping[str, Sequence[Ended]], groups: Mapping[str, str]) -> Content:
    """The rows by their groups, the worst first; None without rows."""
    ordered = sorted(rows, key=lambda name: _rank(rows[name]))
    width = sum(len(seen) for seen in columns.values())
    bodies = [
        _group(group, {name: rows[name] for name in ordered if groups[name] == group}, width)
        for group in dict.fromkeys(groups[name] for name in ordered)
    ]
    return table(title, list(_head(columns)), bodies) if bodies else None


def _ended(name: str, placed: Placed) -> Ended:
    for index, verdict in enumerate(placed.run["verdicts"]):
        if verdict["probe"] == name:
            return Ended(outcome(verdict), place_of(placed.number, index))
    return Ended(None, f"run-{placed.number}")


def _all(kind: str, row: Sequence[Ended]) -> bool:
    """Whether a probe ended so wherever it was run, and was run somewhere."""
    return {ended.kind for ended in row} - {None} == {kind}


def _rank(row: Sequence[Ended]) -> int:
    return min(_WORST_FIRST.index(ended.kind) for ended in row)


def _head(columns: Columns) -> Iterator[Element]:
    """A row of gateways above a row of hosts."""
    gateways = [head_cell("colgroup", endpoint, colspan=len(seen)) for endpoint, seen in columns.items()]
    yield element("tr", {}, head_cell("col", "Probe", rowspan=2), *gateways)
    yield element("tr", {}, *(head_cell("col", placed.run["host"]) for seen in columns.values() for placed in seen))


def _group(group: str, rows: Mapping[str, Sequence[Ended]], width: int) -> Element:
    name_of_group = element("span", {}, GROUP_TITLES.get(group, group))
    title = head_cell("rowgroup", name_of_group, colspan=width + 1)
    lines = [element("tr", {}, _probe(name), *map(_cell, row)) for name, row in rows.items()]
    return element("tbody", {}, element("tr", {"class": "group"}, title), *lines)


def _probe(name: str) -> Element:
    asked = question(name)
    shown = element("span", {"class": "name"}, name)
    return head_cell("row", shown, element("span", {"class": "question"}, *asked) if asked else None)


def _cell(ended: Ended) -> Element:
    if ended.kind is None:
        return element("td", {"class": "skip"}, "not run")
    shown: Content = mark(ended.kind)
    if ended.kind in (FAIL, WARN):
        shown = element("a", {"href": f"#{ended.place}"}, shown)
    return element("td", {"class": CLASSES[ended.kind]}, shown)


def _folded(kind: str, told: str, content: Sequence[Content]) -> Element:
    title = element("summary", {}, shape(kind), told)
    return element("details", {"class": "folded"}, title, element("div", {"class": "body"}, *content))
