# SPDX-License-Identifier: Apache-2.0
"""The report as data: the one document that every other form of it is made from (docs/verify-report.schema.json)."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Iterable, Mapping, Optional

from ...http.evidence import without_login
from ..runner import Report
from .changes import baseline, changes
from .fitness import fitness
from .releases import maintenance

SCHEMA = 2
NOT_REACHED = "nothing came back from this host: it could not be reached, or failed before it could look"

_RUN_DEFAULTS: dict[str, Any] = {
    "endpoint": "",
    "user": "",
    "when": None,
    "seconds": 0.0,
    "leftover": None,
    "removed": [],
    "facts": {},
    "load": None,
}
_VERDICT_DEFAULTS: dict[str, Any] = {
    "probe": "",
    "group": "",
    "verdict": "",
    "ok": False,
    "severity": "error",
    "seconds": 0.0,
    "expected": "",
    "got": "",
    "cause": "",
    "remedy": "",
    "affected": "",
    "reference": "",
    "latency": None,
    "evidence": [],
}


def now() -> str:
    """This moment as a report writes it: UTC, RFC 3339, whole seconds."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def result_of(report: Report, endpoint: str, user: str, when: str, facts: Mapping[str, str]) -> dict[str, Any]:
    """A run of the probes as plain data: what they found, where, as whom and when."""
    return {
        **report.as_dict(),
        "endpoint": endpoint,
        "user": user,
        "when": when,
        "leftover": report.leftover,
        "facts": dict(facts),
    }


def run_of(host: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """One entry of the document: `host` looked at a gateway and `result` is what the module rgw_verify returned.

    A result without verdicts is that of a run which did not take place; its `error` says why.
    """
    given = {**result, "endpoint": without_login(str(result.get("endpoint") or result.get("item") or ""))}
    run = {name: given.get(name, default) for name, default in _RUN_DEFAULTS.items()}
    verdicts = [
        {name: verdict.get(name, default) for name, default in _VERDICT_DEFAULTS.items()}
        for verdict in result.get("verdicts") or []
    ]
    error = None if verdicts else str(result.get("msg") or NOT_REACHED)
    whole = {
        "host": host,
        **run,
        "passed": bool(verdicts and result.get("passed")),
        "error": error,
        "verdicts": verdicts,
    }
    release = maintenance(str(run["facts"].get("version", "")), run["when"])
    return {**whole, "release": release, "fit": fitness(whole), "changes": None}


def document(runs: Iterable[Mapping[str, Any]], previous: Optional[str] = None) -> dict[str, Any]:
    """The whole report of the given runs, compared with the text of the `previous` one, if there is any."""
    listed = list(runs)
    before = baseline(previous, listed)
    compared = [{**run, "changes": changes(run, before)} for run in listed]
    moments = [run["when"] for run in compared if run["when"]]
    return {
        "schema": SCHEMA,
        "when": min(moments, default=None),
        "passed": bool(compared) and all(run["passed"] for run in compared),
        "runs": compared,
        "before": before,
    }


def to_json(report: Mapping[str, Any]) -> str:
    """The document as text, ASCII only, so that nothing in it depends on an encoding."""
    return json.dumps(report, indent=2) + "\n"
