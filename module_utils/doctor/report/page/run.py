# SPDX-License-Identifier: Apache-2.0
"""A run on the page: what is known of the gateway, the findings, the load, then all probes by their groups."""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from ....base.words import FAIL, PASS, SKIP, WARN, plural
from ...catalogue import GROUP_TITLES
from ...container import LEFTOVER_ADVICE
from ..markup import element
from ..text import MOST_ALIKE, outcome, tally, view
from .facts import glance
from .load import load_figures
from .parts import kind_of, mark, names, shape
from .probe import finding, place_of, row, skipped_row

Verdict = Mapping[str, Any]


def run_section(number: int, run: Mapping[str, Any], alone: bool) -> Element:
    """The section of the run with this number in the page's order. One of several has its groups a click away."""
    name = f"run-{number}"
    places = {verdict["probe"]: place_of(number, index) for index, verdict in enumerate(run["verdicts"])}
    alike = _skipped_alike(run["verdicts"])
    groups = [*_folded(run["verdicts"], alike), *_groups(run["verdicts"], places, alike)]
    if groups and not alone:
        title = element("summary", {}, f"All {plural(len(run['verdicts']), 'probe')} of this run")
        groups = [element("details", {"class": "all"}, title, *groups)]
    return element(
        "section",
        {"id": name, "class": "run", "aria-labelledby": f"{name}-title"},
        element("h2", {"id": f"{name}-title"}, shape(kind_of(run)), view(run)),
        element("p", {"class": "error"}, mark(FAIL, "not verified"), " ", run["error"]) if run["error"] else None,
        glance(run, places),
        element("p", {"class": "error"}, mark(WARN), " ", _leftover(run)) if run["leftover"] else None,
        *_findings(run, places),
        *(load_figures(run["load"], view(run)) if run["load"] else ()),
        *groups,
    )


def _leftover(run: Mapping[str, Any]) -> str:
    return f"The container {run['leftover']} could not be removed. {LEFTOVER_ADVICE}"


def _findings(run: Mapping[str, Any], places: Mapping[str, str]) -> Iterator[Element]:
    for kind, title in ((FAIL, "Failed"), (WARN, "Warnings")):
        found = [verdict for verdict in run["verdicts"] if outcome(verdict) == kind]
        if found:
            yield element("h3", {}, f"{title} ", _count(plural(len(found), "probe")))
            yield from (finding(verdict, places[verdict["probe"]], run) for verdict in found)


def _skipped_alike(verdicts: Sequence[Verdict]) -> Counter[str]:
    """The reasons for which so many probes were skipped that they share a line, as behind a gate that failed."""
    reasons = Counter(verdict["got"] for verdict in verdicts if outcome(verdict) == SKIP)
    return Counter({why: number for why, number in reasons.items() if number > MOST_ALIKE})


def _folded(verdicts: Sequence[Verdict], alike: Counter[str]) -> Iterator[Element]:
    if not alike:
        return
    yield element("h3", {}, "Skipped ", _count(plural(sum(alike.values()), "probe")))
    for why, number in alike.items():
        listed = [verdict["probe"] for verdict in verdicts if outcome(verdict) == SKIP and verdict["got"] == why]
        title = element("summary", {}, mark(SKIP), f" {plural(number, 'probe')}: {why}")
        yield element("details", {"class": "folded"}, title, element("p", {"class": "body"}, *names(listed)))


def _groups(verdicts: Sequence[Verdict], places: Mapping[str, str], alike: Counter[str]) -> Iterator[Element]:
    """The groups in the order of their probes, each with how its probes ended."""
    for group in dict.fromkeys(verdict["group"] for verdict in verdicts):
        members = [verdict for verdict in verdicts if verdict["group"] == group]
        rows = [*_asked(members, places), *_skipped(members, alike)]
        if rows:
            yield element("h3", {}, f"{GROUP_TITLES.get(group, group)} ", _count(tally(members)))
            yield element("ul", {"class": "probes"}, *rows)


def _asked(members: Sequence[Verdict], places: Mapping[str, str]) -> Iterator[Element]:
    for kind in (FAIL, WARN, PASS):
        yield from (row(verdict, places[verdict["probe"]]) for verdict in members if outcome(verdict) == kind)


def _skipped(members: Sequence[Verdict], alike: Counter[str]) -> Iterator[Element]:
    skipped = [verdict for verdict in members if outcome(verdict) == SKIP and verdict["got"] not in alike]
    for why in dict.fromkeys(verdict["got"] for verdict in skipped):
        yield skipped_row([verdict for verdict in skipped if verdict["got"] == why])


def _count(text: str) -> Element:
    return element("span", {"class": "count"}, text)
