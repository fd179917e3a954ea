# SPDX-License-Identifier: Apache-2.0
"""What a run says at a glance: result, Ceph's release, fitness, what changed, load, and what the gateway tells."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional, Sequence

from ....base.words import FAIL, PASS, SKIP, WARN
from ...facts import INFO_PATH
from ..fitness import NO, UNKNOWN, YES, driver_name
from ..markup import element
from ..numbers import count, duration
from ..releases import AS_OF, SOURCE
from ..text import outcome, tally
from .parts import Content, link, listing, mark, moment, names, pairs

KINDS = {YES: PASS, NO: FAIL, UNKNOWN: SKIP}
FIT_WORDS = {YES: "fit", NO: "not fit", UNKNOWN: "unknown"}
_SHOWN_NAMES = 8
_USUAL_FACTS = ("zone", "frontend", "server")


def glance(run: Mapping[str, Any], places: Mapping[str, str]) -> Content:
    """Names and facts; `places` leads from a probe's name to where it stands on the page."""
    facts = run["facts"]
    further = [name for name in _USUAL_FACTS if name in facts]
    further += sorted(facts.keys() - {*_USUAL_FACTS, "version"})
    took = f", took {duration(run['seconds'])}" if not run["error"] else ""
    return pairs(
        [
            ("Result", [] if run["error"] else [tally(run["verdicts"])]),
            ("Began", [moment(run["when"]) + took] if run["when"] else []),
            ("Ceph", [] if run["error"] else ceph(run)),
            ("Fit for", [] if run["error"] else [listing([_fit(entry, run) for entry in run["fit"]])]),
            ("Changes", [listing(list(_changed(run, places)))] if run["changes"] else []),
            ("Load", [_load(run["load"])] if run["load"] else []),
            *((name.capitalize(), [str(facts[name])]) for name in further),
            ("Removed", [f"left by an earlier run: {', '.join(run['removed'])}"] if run["removed"] else []),
        ]
    )


def ceph(run: Mapping[str, Any]) -> list[Content]:
    """Ceph's version and release with its end of life, as far as the gateway tells."""
    version, release = run["facts"].get("version"), run["release"]
    if not version:
        return [mark(SKIP, "unknown"), f": the gateway does not tell its version (GET {INFO_PATH})"]
    if release is None:
        return [f"{version}: ", mark(SKIP, "unknown"), " end of life, not in the list of ", link(AS_OF, SOURCE)]
    return [f"{version} ({release['name']}): ", *end_of_life(release)]


def end_of_life(release: Mapping[str, Any]) -> list[Content]:
    """Whether the Ceph project maintains a release, and until when."""
    date = element("span", {"class": "date"}, link(release["end_of_life"], SOURCE))
    if release["ended"] is None:
        return ["end of life ", date]
    if release["ended"]:
        return [mark(WARN, "past its end of life"), ", ", date]
    return [mark(PASS, "maintained"), " until its end of life, ", date, " (estimated)" if release["estimated"] else ""]


def _fit(entry: Mapping[str, Any], run: Mapping[str, Any]) -> list[Content]:
    return [f"{driver_name(entry)}: ", mark(KINDS[entry["fit"]], FIT_WORDS[entry["fit"]]), *_because(entry, run)]


def _because(entry: Mapping[str, Any], run: Mapping[str, Any]) -> list[Content]:
    if entry["fit"] == YES:
        return []
    if entry["fit"] == NO:
        return [" (", *_some(entry["failed"]), " failed)"]
    said = {verdict["probe"]: verdict["got"] for verdict in run["verdicts"] if outcome(verdict) == SKIP}
    whys = list(dict.fromkeys(said.get(name, "not asked") for name in entry["unproven"]))
    return [" (", *_some(entry["unproven"]), f": {'; '.join(whys)})"]


def _changed(run: Mapping[str, Any], places: Mapping[str, str]) -> Iterator[Sequence[Content]]:
    """What changed since the last run, one line each."""
    changes = run["changes"]
    yield [f"Since the run of {moment(changes['since'])}:" if changes["since"] else "Since the last run:"]
    version = run["facts"].get("version")
    if changes["version"] and version and changes["version"] != version:
        yield [f"Ceph {version}, before {changes['version']}"]
    for key, kind, word in (
        ("failed", FAIL, "new failure"),
        ("warned", WARN, "new warning"),
        ("mended", PASS, "mended"),
        ("proven", PASS, "ok, not asked before"),
        ("unasked", SKIP, "not asked this time"),
    ):
        if changes[key]:
            yield [mark(kind, word), " ", *_some(changes[key], places if kind in (FAIL, WARN) else None)]
    yield [f"unchanged: {count(changes['unchanged'], 'probe')}"]


def _some(listed: Sequence[str], places: Optional[Mapping[str, str]] = None) -> list[Content]:
    """Names, or their number where there are many."""
    return [count(len(listed), "probe")] if len(listed) > _SHOWN_NAMES else names(listed, places)


def _load(load: Mapping[str, Any]) -> str:
    wrong = count(load["wrong"], "wrong answer") if load["wrong"] else "no wrong answer"
    connections = count(load["connections"], "connection")
    return f"{count(load['objects'], 'object')} over {connections} in {duration(load['seconds'])}: {wrong}"
