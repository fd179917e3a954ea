# SPDX-License-Identifier: Apache-2.0
"""The report as one page for people: no script, no request, nothing but HTML, a style sheet and drawings in it."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping
from xml.etree.ElementTree import Element

from ...base.words import FAIL, PASS, SKIP, WARN, plural
from .markup import element, to_html
from .plot import latency_figure
from .style import SHAPES, STYLE
from .text import LOAD_OPERATIONS, counts, failed_first, headline, outcome, view, worst_first

_WORDS = {FAIL: "failed", WARN: "warning", PASS: "ok", SKIP: "skipped"}
_CLASSES = {FAIL: "fail", WARN: "warn", PASS: "ok", SKIP: "skip"}
_TOLD = ("expected", "got", "cause", "remedy", "affected", "reference")
_FACTS = ("version", "zone", "frontend", "server")
_URL = re.compile(r"https?://\S+\Z")
# Even if something hostile found a way into the markup, a browser would neither run nor load anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def to_page(report: Mapping[str, Any]) -> str:
    """The document as an HTML page."""
    head = element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        element("title", {}, headline(report)),
        element("style", {}, STYLE),
    )
    runs = failed_first(report["runs"])
    sections = [_section(number, run) for number, run in enumerate(runs, 1)]
    body = element("body", {}, _header(report, runs), element("main", {}, *sections))
    return to_html(element("html", {"lang": "en"}, head, body))


def _header(report: Mapping[str, Any], runs: list[Mapping[str, Any]]) -> Element:
    kind = PASS if report["passed"] else FAIL
    title = element("h1", {"class": _CLASSES[kind]}, _shape(kind), headline(report))
    about = element("p", {"class": "quiet"}, f"Gateway verification, {_moment(report)}, {plural(len(runs), 'run')}")
    return element("header", {}, title, about, _overview(runs) if len(runs) > 1 else None)


def _overview(runs: list[Mapping[str, Any]]) -> Element:
    rows = [
        element(
            "li", {}, _mark(_kind(run)), " ", element("a", {"href": f"#run-{number}"}, view(run)), f": {counts(run)}"
        )
        for number, run in enumerate(runs, 1)
    ]
    return element("nav", {"aria-label": "Runs"}, element("ul", {"class": "overview"}, *rows))


def _section(number: int, run: Mapping[str, Any]) -> Element:
    name = f"run-{number}"
    title = element("h2", {"id": f"{name}-title", "class": _CLASSES[_kind(run)]}, _shape(_kind(run)), view(run))
    took = f"{_moment(run)}, {run['seconds']:.3g} s, {counts(run)}"
    probes = [_probe(verdict) for verdict in worst_first(run["verdicts"])]
    return element(
        "section",
        {"id": name, "aria-labelledby": f"{name}-title"},
        title,
        element("p", {}, f"Not verified: {run['error']}") if run["error"] else element("p", {"class": "quiet"}, took),
        _facts(run["facts"]),
        element("p", {"class": "warn"}, f"Left behind: container {run['leftover']}") if run["leftover"] else None,
        element("ul", {"class": "probes"}, *probes) if probes else None,
        *(_load(run["load"]) if run["load"] else ()),
    )


def _facts(facts: Mapping[str, Any]) -> Element | None:
    """What is known of the gateway; the usual facts first."""
    names = [name for name in _FACTS if name in facts] + sorted(facts.keys() - set(_FACTS))
    return _pairs({name: str(facts[name]) for name in names}) if names else None


def _probe(verdict: Mapping[str, Any]) -> Element:
    kind = outcome(verdict)
    row = element(
        "span",
        {"class": "row"},
        _mark(kind),
        element("span", {"class": "name"}, verdict["probe"], element("span", {"class": "quiet"}, verdict["group"])),
        element("span", {"class": "quiet"}, "" if kind == SKIP else f"{verdict['seconds']:.3f} s"),
    )
    latency = verdict["latency"]
    body = [latency_figure("Latency", latency)] if latency else []
    if kind == SKIP:
        body.append(element("p", {}, verdict["got"]))
    elif kind == PASS:
        body += _exchanges(verdict["evidence"])
    else:
        body.insert(0, _pairs({"verdict": verdict["verdict"], **{name: verdict[name] for name in _TOLD}}))
        body.append(_evidence(verdict["evidence"]))
    # What is wrong is in sight at once; the bytes are a click away.
    opened = {"open": "open"} if kind in (FAIL, WARN) else {}
    details = element("details", opened, element("summary", {}, row), element("div", {"class": "body"}, *body))
    return element("li", {"class": "probe", "data-outcome": _CLASSES[kind]}, details)


def _evidence(evidence: list[str]) -> Element:
    title = f"Evidence: {plural(len(evidence), 'exchange')} on the wire"
    return element("details", {"class": "evidence"}, element("summary", {}, title), *_exchanges(evidence))


def _exchanges(evidence: list[str]) -> list[Element]:
    return [element("pre", {}, exchange) for exchange in evidence] or [element("p", {}, "Nothing was exchanged.")]


def _load(load: Mapping[str, Any]) -> Iterator[Element]:
    """What many objects over many connections showed."""
    yield element("h3", {}, "Under load")
    size = f"{plural(load['objects'], 'object')} over {plural(load['connections'], 'connection')}"
    yield element("p", {}, f"{size} in {load['seconds']:.3g} s; wrong answers: {load['wrong']}")
    for name, title in LOAD_OPERATIONS.items():
        yield latency_figure(f"{title}, {load[name]['rate']:.4g} a second", load[name])
    for finding in load["findings"]:
        told = {name: str(finding[name]) for name in ("operation", "verdict", "expected", "got", "count")}
        yield element("div", {"class": "finding"}, _pairs(told), _evidence(finding["evidence"]))


def _moment(of: Mapping[str, Any]) -> str:
    """When it began, for a reader."""
    return f"{of['when'].replace('T', ' ').rstrip('Z')} UTC" if of["when"] else "at an unknown time"


def _pairs(told: Mapping[str, str]) -> Element:
    """Names and texts; what is empty is left out."""
    pairs = []
    for name, text in told.items():
        if text:
            shown = element("a", {"href": text, "rel": "noreferrer"}, text) if _URL.match(text) else text
            pairs += [element("dt", {}, name.capitalize()), element("dd", {}, shown)]
    return element("dl", {}, *pairs)


def _kind(run: Mapping[str, Any]) -> str:
    """A run's outcome: it failed, passed with warnings, or passed."""
    if not run["passed"]:
        return FAIL
    return WARN if WARN in map(outcome, run["verdicts"]) else PASS


def _mark(kind: str) -> Element:
    """Shape and word of an outcome."""
    return element("span", {"class": f"mark {_CLASSES[kind]}"}, _shape(kind), _WORDS[kind])


def _shape(kind: str) -> Element:
    attributes = {"class": "shape", "viewBox": "0 0 16 16", "aria-hidden": "true"}
    return element("svg", attributes, element("path", {"fill-rule": "evenodd", "d": SHAPES[_CLASSES[kind]]}))
