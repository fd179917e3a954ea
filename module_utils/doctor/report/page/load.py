# SPDX-License-Identifier: Apache-2.0
"""A load on the page: wrong answers, a table of waiting times, and how they are spread."""

from __future__ import annotations

from typing import Any, Iterator, Mapping
from xml.etree.ElementTree import Element

from ....base.words import FAIL
from ..markup import element
from ..numbers import count, milliseconds, rate
from ..text import LOAD_OPERATIONS
from .parts import head_cell, mark, pairs, table
from .plot import latency_figure
from .probe import evidence

_COLUMNS = (("p50", "p50_ms"), ("p95", "p95_ms"), ("p99", "p99_ms"), ("longest", "max_ms"))


def load_figures(load: Mapping[str, Any], whose: str) -> Iterator[Element]:
    """What many objects over many connections showed; `whose` tells the table from that of another run."""
    yield element("h3", {}, "Under load ", element("span", {"class": "count"}, count(load["objects"], "object")))
    for found in load["findings"]:
        times = count(found["count"], "wrong answer")
        told_in_short = f"{times} to {LOAD_OPERATIONS[found['operation']]}"
        title = element("h4", {}, mark(FAIL), element("span", {"class": "name"}, told_in_short))
        told = pairs([(name.capitalize(), [str(found[name])]) for name in ("verdict", "expected", "got")])
        yield element("article", {"class": "finding fail"}, title, told, evidence(found["evidence"]))
    rows = [_row(title, load[name]) for name, title in LOAD_OPERATIONS.items()]
    yield table(f"Waiting times under load, {whose}", [_head()], [element("tbody", {}, *rows)], "numbers")
    figures = [latency_figure(title, load[name]) for name, title in LOAD_OPERATIONS.items()]
    yield element("div", {"class": "figures"}, *figures)


def _head() -> Element:
    titles = ("Request", "Answers", "Rate", *(title for title, _key in _COLUMNS))
    return element("tr", {}, *(head_cell("col", title) for title in titles))


def _row(title: str, latency: Mapping[str, Any]) -> Element:
    cells = [f"{latency['count']:,}", rate(latency["rate"]), *(milliseconds(latency[key]) for _title, key in _COLUMNS)]
    return element("tr", {}, head_cell("row", title), *(element("td", {}, cell) for cell in cells))
