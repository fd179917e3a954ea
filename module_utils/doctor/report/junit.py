# SPDX-License-Identifier: Apache-2.0
"""The report as JUnit XML, in the dialect that Jenkins' xunit plugin checks and GitLab, GitHub and Gitea actions show.

A suite is a run (one gateway as seen from one host), a case a probe. A warning is a case that passed, with its text as
output. CI systems tell cases apart by class and name, so the class names the run.
"""

from __future__ import annotations

from typing import Any, Mapping
from xml.etree.ElementTree import Element

from ...base.words import FAIL, SKIP, WARN, wrong
from .fitness import YES, driver_name
from .markup import element, to_xml
from .text import failed_first, outcome, view, worst_first


def to_junit(report: Mapping[str, Any]) -> str:
    """The document as JUnit XML."""
    suites = [_suite(run) for run in failed_first(report["runs"])]
    total = {name: sum(int(suite.attrib[name]) for suite in suites) for name in ("tests", "failures", "errors")}
    seconds = sum(run["seconds"] for run in report["runs"])
    return to_xml(element("testsuites", {"name": "rgw_verify", **total, "time": _seconds(seconds)}, *suites))


def _suite(run: Mapping[str, Any]) -> Element:
    name = view(run)
    cases = [_case(verdict, name) for verdict in worst_first(run["verdicts"])]
    if run["error"]:
        cases.append(_finding_case(name, "run", "error", "not-verified", run["error"], ""))
    for finding in (run["load"] or {}).get("findings", []):
        message = f"{finding['count']} times: {wrong(finding)}"
        cases.append(_finding_case(name, "load", "failure", finding["verdict"], message, _evidence(finding)))
    known = {**run["facts"], **_judged(run), **{name: run[name] for name in ("endpoint", "user", "leftover")}}
    properties = [element("property", {"name": key, "value": value}) for key, value in known.items() if value]
    attributes = {
        "name": name,
        "tests": len(cases),
        "failures": _with(cases, "failure"),
        "errors": _with(cases, "error"),
        "skipped": _with(cases, "skipped"),
        "time": _seconds(run["seconds"]),
        **({"timestamp": run["when"].rstrip("Z")} if run["when"] else {}),
        "hostname": run["host"],
    }
    return element("testsuite", attributes, element("properties", {}, *properties) if properties else None, *cases)


def _judged(run: Mapping[str, Any]) -> dict[str, str]:
    """What follows from the facts and from the verdicts."""
    fit = "; ".join(driver_name(entry) for entry in run["fit"] if entry["fit"] == YES)
    return {"fit_for": fit, "end_of_life": (run["release"] or {}).get("end_of_life", "")}


def _case(verdict: Mapping[str, Any], suite: str) -> Element:
    kind = outcome(verdict)
    attributes = {
        "name": verdict["probe"],
        "classname": f"{suite}.{verdict['group']}",
        "time": _seconds(verdict["seconds"]),
    }
    if kind == FAIL:
        told = element("failure", {"type": verdict["verdict"], "message": wrong(verdict)}, _details(verdict))
    elif kind == SKIP:
        told = element("skipped", {"message": verdict["got"]})
    elif kind == WARN:
        told = element("system-out", {}, f"warning: {wrong(verdict)}\n{_details(verdict)}")
    else:
        return element("testcase", attributes)
    return element("testcase", attributes, told)


def _finding_case(suite: str, name: str, tag: str, kind: str, message: str, details: str) -> Element:
    found = element(tag, {"type": kind, "message": message}, details)
    return element("testcase", {"name": name, "classname": f"{suite}.{name}", "time": _seconds(0)}, found)


def _details(verdict: Mapping[str, Any]) -> str:
    told = [f"{name}: {verdict[name]}" for name in ("cause", "remedy", "affected", "reference") if verdict[name]]
    return "\n".join([*told, "", _evidence(verdict)])


def _evidence(finding: Mapping[str, Any]) -> str:
    return "\n\n".join(finding["evidence"])


def _with(cases: list[Element], tag: str) -> int:
    return sum(case.find(tag) is not None for case in cases)


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
