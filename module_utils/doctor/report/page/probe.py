# SPDX-License-Identifier: Apache-2.0
"""A probe on the page: a finding with all that is known of it, or a row with its evidence a click away."""

from __future__ import annotations

from typing import Any, Mapping, Sequence
from xml.etree.ElementTree import Element

from ....base.words import PASS, SKIP, paragraph, plural
from ....http.verdicts import MEANINGS
from ...catalogue import PROBES, READY
from ..markup import element
from ..numbers import duration
from ..text import outcome
from .parts import CLASSES, Content, mark, pairs, prose
from .plot import latency_figure

_QUESTIONS = {probe.name: probe.question for probe in (*PROBES, READY)}
# Of a long exchange of like questions, so many are shown at once.
SHOWN_EXCHANGES = 4


def question(name: str) -> list[Content]:
    """What a probe of the catalogue asks, in one sentence; nothing for another one."""
    return prose(_QUESTIONS.get(name, ""))


def place_of(number: int, index: int) -> str:
    """The name within the page of the probe at `index` of the run with this number."""
    return f"run-{number}-probe-{index + 1}"


def finding(verdict: Mapping[str, Any], place: str, run: Mapping[str, Any]) -> Element:
    """A probe that failed or warned, at its `place`: open, with cause and remedy."""
    kind = outcome(verdict)
    title = element("h4", {"id": f"{place}-title"}, mark(kind), element("span", {"class": "name"}, verdict["probe"]))
    word, meaning = verdict["verdict"], MEANINGS.get(verdict["verdict"], "")
    told = pairs(
        [
            ("Verdict", [element("code", {}, word), f": {meaning}" if meaning else None]),
            ("Expected", [verdict["expected"]]),
            ("Got", [verdict["got"]]),
            ("Cause", prose(verdict["cause"])),
            ("Remedy", prose(verdict["remedy"])),
            ("Affected", prose(verdict["affected"])),
            ("Reference", prose(verdict["reference"])),
        ]
    )
    return element(
        "article",
        {"id": place, "class": f"finding {CLASSES[kind]}", "aria-labelledby": f"{place}-title"},
        title,
        element("p", {"class": "quiet"}, *question(verdict["probe"])),
        told,
        _latency(verdict),
        evidence(verdict["evidence"]),
        _message(verdict, run),
    )


def row(verdict: Mapping[str, Any], place: str) -> Element:
    """A probe in its group; one that failed or warned leads to its finding at `place`."""
    kind, name = outcome(verdict), verdict["probe"]
    title = element("span", {"class": "name"}, name if kind == PASS else element("a", {"href": f"#{place}"}, name))
    cells = _row(mark(kind), [title, *_asked(name)], duration(verdict["seconds"]))
    if kind != PASS:
        return _item(kind, cells)
    shown = [_latency(verdict), *exchanges(verdict["evidence"])]
    body = element("div", {"class": "body"}, *shown)
    return _item(kind, element("details", {}, element("summary", {}, cells), body))


def skipped_row(verdicts: Sequence[Mapping[str, Any]]) -> Element:
    """Probes that were skipped for one reason, and that reason in the open."""
    title = element("span", {"class": "name"}, ", ".join(verdict["probe"] for verdict in verdicts))
    asked = _asked(verdicts[0]["probe"]) if len(verdicts) == 1 else []
    why = element("span", {"class": "why"}, "Skipped: ", verdicts[0]["got"])
    return _item(SKIP, _row(mark(SKIP), [title, *asked, why], ""))


def evidence(shown: Sequence[str]) -> Element:
    """What was on the wire, a click away."""
    title = f"Evidence: {plural(len(shown), 'exchange')} on the wire"
    return element("details", {"class": "evidence"}, element("summary", {}, title), *exchanges(shown))


def exchanges(shown: Sequence[str]) -> list[Element]:
    """The exchanges, the later ones of many a click away."""
    if not shown:
        return [element("p", {}, "Nothing was exchanged.")]
    listed = [element("pre", {}, exchange) for exchange in shown]
    if len(listed) <= SHOWN_EXCHANGES + 1:
        return listed
    title = f"{len(listed) - SHOWN_EXCHANGES} more exchanges"
    more = element("details", {"class": "evidence"}, element("summary", {}, title), *listed[SHOWN_EXCHANGES:])
    return [*listed[:SHOWN_EXCHANGES], more]


def _asked(name: str) -> list[Content]:
    """The question beside a name. A row that opens cannot hold links: who clicks them would not open it."""
    asked = prose(_QUESTIONS.get(name, ""), linked=False)
    return [element("span", {"class": "question"}, *asked)] if asked else []


def _row(first: Element, middle: Sequence[Content], last: str) -> Element:
    return element(
        "span",
        {"class": "row"},
        first,
        element("span", {"class": "what"}, *middle),
        element("span", {"class": "time"}, last),
    )


def _item(kind: str, content: Element) -> Element:
    return element("li", {"class": "probe", "data-outcome": CLASSES[kind]}, content)


def _latency(verdict: Mapping[str, Any]) -> Content:
    return latency_figure("Latency", verdict["latency"]) if verdict["latency"] else None


def _message(verdict: Mapping[str, Any], run: Mapping[str, Any]) -> Element:
    """The finding as a text to copy into an issue or a message. A click selects all of it."""
    version = run["facts"].get("version")
    about = f"Gateway {run['endpoint']}" + (f", Ceph {version}" if version else "") + f", seen from {run['host']}"
    first = verdict["evidence"][:1]
    text = "\n\n".join([about, paragraph(verdict["probe"], verdict), *first])
    title = element("summary", {}, "Text for an issue or a message")
    return element("details", {"class": "evidence"}, title, element("pre", {"class": "copy"}, text))
