# SPDX-License-Identifier: Apache-2.0
"""Several runs at a glance: the gateways, and what each host saw of each gateway."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, NamedTuple, Sequence
from xml.etree.ElementTree import Element

from ....base.words import FAIL, PASS, SKIP, WARN, plural
from ..fitness import DRIVERS, combined, driver_name
from ..markup import element
from .facts import FIT_WORDS, KINDS, end_of_life
from .parts import CLASSES, Content, head_cell, kind_of, listing, mark, table, word_of

_WORST_FIRST = (FAIL, WARN, PASS)


class Placed(NamedTuple):
    """A run and its number in the page's order."""

    number: int
    run: Mapping[str, Any]


def overview(runs: Sequence[Placed]) -> Iterator[Element]:
    """The tables of a report with several runs."""
    gateways = by_gateway(runs)
    hosts = list(dict.fromkeys(placed.run["host"] for placed in runs))
    if gateways:
        yield _section("gateways", "Gateways", _gateways(gateways))
    if len(hosts) > 1:
        yield _section("hosts", "Hosts and gateways", _hosts(hosts, gateways, runs))


def by_gateway(runs: Sequence[Placed]) -> dict[str, list[Placed]]:
    """The runs by the gateway that they looked at, without those of hosts that looked at none."""
    gateways: dict[str, list[Placed]] = {}
    for placed in runs:
        if placed.run["endpoint"]:
            gateways.setdefault(placed.run["endpoint"], []).append(placed)
    return gateways


def _section(name: str, title: str, content: Element) -> Element:
    heading = element("h2", {"id": f"{name}-title"}, title)
    return element("nav", {"id": name, "class": "overview", "aria-labelledby": f"{name}-title"}, heading, content)


def _gateways(gateways: Mapping[str, Sequence[Placed]]) -> Element:
    drivers = [driver_name(driver._asdict()) for driver in DRIVERS]
    compared = any(placed.run["changes"] for seen in gateways.values() for placed in seen)
    titles = ["Gateway", "Result", "Ceph", *(f"{name[0].upper()}{name[1:]}" for name in drivers)]
    titles += ["Since the last run"] if compared else []
    head = element("tr", {}, *(head_cell("col", title) for title in titles))
    rows = [_gateway(endpoint, seen, compared) for endpoint, seen in gateways.items()]
    return table("Gateways: result, release, fitness and changes", [head], [element("tbody", {}, *rows)])


def _gateway(endpoint: str, seen: Sequence[Placed], compared: bool) -> Element:
    worst = min(seen, key=lambda placed: _WORST_FIRST.index(kind_of(placed.run)))
    passed = sum(1 for placed in seen if placed.run["passed"])
    of_all = f"{passed} of {plural(len(seen), 'host')} passed" if len(seen) > 1 else ""
    fits = []
    for index in range(len(DRIVERS)):
        fit = combined([placed.run["fit"][index]["fit"] for placed in seen if not placed.run["error"]])
        fits.append(element("td", {"class": CLASSES[KINDS[fit]]}, mark(KINDS[fit], FIT_WORDS[fit])))
    return element(
        "tr",
        {},
        head_cell("row", endpoint),
        element("td", {"class": CLASSES[kind_of(worst.run)]}, _to(worst), *_small(of_all)),
        element("td", {}, *_ceph(seen)),
        *fits,
        element("td", {}, *_changes(seen)) if compared else None,
    )


def _to(placed: Placed) -> Element:
    """A link to a run, with its outcome."""
    return element("a", {"href": f"#run-{placed.number}"}, mark(kind_of(placed.run), word_of(placed.run)))


def _small(text: str) -> list[Content]:
    return [element("span", {"class": "small"}, text)] if text else []


def _ceph(seen: Sequence[Placed]) -> list[Content]:
    """Version and release; hosts that could not look at the gateway know neither."""
    for _number, run in seen:
        version, release = run["facts"].get("version"), run["release"]
        if version and release:
            return [f"{version} ({release['name']})", element("span", {"class": "small"}, *end_of_life(release))]
        if version:
            return [version]
    return [mark(SKIP, "unknown")]


def _changes(seen: Sequence[Placed]) -> list[Content]:
    told = [placed.run["changes"] for placed in seen if placed.run["changes"]]
    if not told:
        return ["no earlier run"]
    numbers = {key: sum(len(changes[key]) for changes in told) for key in ("failed", "warned", "mended", "unasked")}
    words = {
        "failed": plural(numbers["failed"], "new failure"),
        "warned": plural(numbers["warned"], "new warning"),
        "mended": f"{numbers['mended']} mended",
        "unasked": f"{numbers['unasked']} not asked",
    }
    return [listing([[words[key]] for key, number in numbers.items() if number]) or "nothing changed"]


def _hosts(hosts: Sequence[str], gateways: Mapping[str, Sequence[Placed]], runs: Sequence[Placed]) -> Element:
    head = element("tr", {}, head_cell("col", "Host"), *(head_cell("col", endpoint) for endpoint in gateways))
    rows = [_host(host, gateways, [placed for placed in runs if placed.run["host"] == host]) for host in hosts]
    return table("What each host saw of each gateway", [head], [element("tbody", {}, *rows)])


def _host(host: str, gateways: Mapping[str, Sequence[Placed]], runs: Sequence[Placed]) -> Element:
    lost = [placed for placed in runs if not placed.run["endpoint"]]
    if lost:
        cell = element("td", {"class": "fail", "colspan": max(1, len(gateways))}, _to(lost[0]))
        return element("tr", {}, head_cell("row", host), cell)
    cells = [_cell([placed for placed in runs if placed.run["endpoint"] == endpoint]) for endpoint in gateways]
    return element("tr", {}, head_cell("row", host), *cells)


def _cell(runs: Sequence[Placed]) -> Element:
    if not runs:
        return element("td", {"class": "skip"}, "not looked at")
    worst = min(runs, key=lambda placed: _WORST_FIRST.index(kind_of(placed.run)))
    return element("td", {"class": CLASSES[kind_of(worst.run)]}, _to(worst))
