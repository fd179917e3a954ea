# SPDX-License-Identifier: Apache-2.0
"""The report as one page for people: no script, no request, nothing but HTML, a style sheet and drawings in it."""

from __future__ import annotations

from typing import Any, Mapping, Sequence
from xml.etree.ElementTree import Element

from ...base.words import FAIL, PASS, SKIP, WARN, plural
from .markup import element, to_html
from .page.matrix import matrix
from .page.overview import Placed, overview
from .page.parts import CLASSES, kind_of, link, mark, moment, shape
from .page.run import run_section
from .page.style import STYLE
from .releases import AS_OF, SOURCE
from .text import failed_first, headline

# Even if something hostile found a way into the markup, a browser would neither run nor load anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_LEGEND = {
    FAIL: "breaks a registry or loses data",
    WARN: "affects some clients or setups only",
    PASS: "answered as expected",
    SKIP: "not asked, for the reason given",
}


def to_page(report: Mapping[str, Any]) -> str:
    """The document as an HTML page."""
    return to_html(page(report))


def page(report: Mapping[str, Any]) -> Element:
    """The page's root."""
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("title", {}, headline(report)),
        element("style", {}, STYLE),
    )
    numbers = {id(run): number for number, run in enumerate(failed_first(report["runs"]), 1)}
    # Tables keep the inventory's order, in which people look for their hosts.
    listed = [Placed(numbers[id(run)], run) for run in report["runs"]]
    body = element(
        "body",
        {},
        element("a", {"class": "skip-link", "href": "#content"}, "Skip to the content"),
        _header(report),
        element("main", {"id": "content"}, *_content(listed)),
        _footer(),
    )
    return element("html", {"lang": "en"}, head, body)


def _content(listed: Sequence[Placed]) -> list[Element]:
    alone = len(listed) == 1
    sections = [run_section(number, run, alone) for number, run in sorted(listed, key=lambda placed: placed.number)]
    return sections if len(listed) < 2 else [*overview(listed), matrix(listed), *sections]


def _header(report: Mapping[str, Any]) -> Element:
    kind = WARN if report["passed"] and WARN in map(kind_of, report["runs"]) else PASS if report["passed"] else FAIL
    title = element("h1", {}, shape(kind), headline(report))
    about = f"Gateway verification by rgwkit, {moment(report['when'])}, {plural(len(report['runs']), 'run')}"
    return element("header", {"class": CLASSES[kind]}, title, element("p", {"class": "quiet"}, about))


def _footer() -> Element:
    legend = [element("li", {}, mark(kind), f" {meaning}") for kind, meaning in _LEGEND.items()]
    told = "Ceph's releases and their end of life: "
    source = element("p", {"class": "quiet"}, told, link(SOURCE, SOURCE), f", as of {AS_OF}.")
    return element("footer", {}, element("ul", {"class": "legend"}, *legend), source)
