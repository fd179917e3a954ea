# SPDX-License-Identifier: Apache-2.0
"""The same report as JSON, JUnit XML and HTML: it keeps to its schema, and text stays text."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.html import to_page
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import (
    NOT_REACHED,
    SCHEMA,
    document,
    now,
    run_of,
    to_json,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.junit import to_junit
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.page.plot import latency_figure
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.text import LOAD_OPERATIONS
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from junitparser import JUnitXml

from tests.playbooks import PROJECT
from tests.report_sample import HOSTILE, LATENCY, asked, healthy, sample, verdict

SCHEMA_FILE = PROJECT / "docs" / "verify-report.schema.json"


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def with_text(text: str) -> dict[str, Any]:
    """A report that has `text` wherever text from outside can be."""
    places = dict.fromkeys(("probe", "group", "expected", "got", "cause", "remedy", "affected", "reference"), text)
    found = [verdict(word="bad-header", **{**places, "evidence": [text]}), verdict("x", "skipped", got=text)]
    load = {**LATENCY, "rate": 1.0}
    findings = [{"operation": "head", "verdict": text, "expected": text, "got": text, "count": 1, "evidence": [text]}]
    under_load = {"objects": 1, "connections": 1, "seconds": 1.0, "wrong": 1, **dict.fromkeys(LOAD_OPERATIONS, load)}
    whole = healthy(
        passed=False,
        endpoint=text,
        user=text,
        leftover=text,
        facts={"version": text, text: text},
        verdicts=found,
        load={**under_load, "findings": findings},
    )
    return document([run_of(text, whole), run_of("h", {"msg": text, "item": text})])


def test_the_schema_is_of_this_version(schema: Draft202012Validator) -> None:
    assert schema.schema["properties"]["schema"] == {**schema.schema["properties"]["schema"], "const": SCHEMA}


@pytest.mark.parametrize("report", [sample(), document([]), with_text(HOSTILE)])
def test_the_json_keeps_to_its_schema(schema: Draft202012Validator, report: dict[str, Any]) -> None:
    assert not list(schema.iter_errors(json.loads(to_json(report))))


def test_the_schema_refuses_what_is_not_a_report(schema: Draft202012Validator) -> None:
    for place, value in (("schema", 1), ("when", "yesterday"), ("runs", [{}]), ("more", 1)):
        assert list(schema.iter_errors({**sample(), place: value}))


def test_now_is_a_moment_of_the_schema(schema: Draft202012Validator) -> None:
    assert not list(schema.iter_errors({**sample(), "when": now()}))


def test_the_first_run_dates_the_report() -> None:
    runs = [run_of("a", healthy()), run_of("b", healthy(when="2026-11-20T08:00:00Z")), run_of("c", {})]
    assert document(runs)["when"] == "2026-11-20T08:00:00Z"


def test_a_run_that_did_not_take_place_says_why() -> None:
    assert run_of("a", {})["error"] == NOT_REACHED
    assert run_of("a", {"msg": "no route"})["error"] == "no route"
    assert run_of("a", healthy())["error"] is None


def test_no_password_in_a_url_gets_into_a_report() -> None:
    run = run_of("a", {"item": "http://demo:hunter2@gw.example", "msg": "was not started"})
    assert run["endpoint"] == "http://***@gw.example"


def test_a_ci_system_sees_suites_cases_and_reasons() -> None:
    suites = list(JUnitXml.fromstring(to_junit(sample()).encode()))
    assert [(suite.tests, suite.failures, suite.errors, suite.skipped) for suite in suites] == [
        (6, 3, 0, 1),
        (1, 0, 1, 0),
        (3, 0, 0, 0),
    ]
    cases = {case.name: case for case in suites[0]}
    failure = cases["head-empty-manifest"].result[0]
    assert failure.type == "no-status-line"
    assert failure.message == "no-status-line: expected status 200; got nothing"
    assert "remedy: Upgrade." in failure.text and "< Content-Length: 0" in failure.text
    assert cases["slow-head"].is_passed and "warning: slow" in cases["slow-head"].system_out
    assert cases["later"].is_skipped and cases["later"].result[0].message == "check mode only reads"
    assert cases["auth"].time == 0.008
    properties = {entry.name: entry.value for entry in suites[2].properties()}
    assert (properties["version"], suites[2].timestamp) == ("20.2.4", "2026-11-20T08:01:20")
    assert properties["end_of_life"] == "2027-06-01" and "fit_for" not in properties


@given(st.text())
@settings(max_examples=25)
def test_any_text_makes_well_formed_xml_that_says_it(text: str) -> None:
    root = ElementTree.fromstring(to_junit(with_text(text)))
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    if text.isprintable():
        assert failure.attrib["message"] == f"bad-header: expected {text}; got {text}"


class Tags(HTMLParser):
    """What a browser would take for markup, and what for text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text())
@settings(max_examples=25)
def test_any_text_stays_text_on_the_page(text: str) -> None:
    plain, page = Tags(to_page(with_text("plain"))), Tags(to_page(with_text(text)))
    assert page.tags <= plain.tags | {"a", "code"}
    assert page.attributes <= plain.attributes | {"href", "rel"}
    if text.isprintable():
        assert text in page.text


def test_hostile_text_is_text_in_every_form() -> None:
    page, junit = to_page(with_text(HOSTILE)), to_junit(with_text(HOSTILE))
    assert not {"script", "img"} & Tags(page).tags
    for form in (page, junit, to_json(with_text(HOSTILE))):
        assert not {"\x1b", "\x00", "\u202e"} & set(form)
    ElementTree.fromstring(junit)


@pytest.mark.parametrize("reference", ["javascript:alert(1)", "data:text/html,x", "//x.example", "ftp://x.example"])
def test_only_addresses_of_pages_become_links(reference: str) -> None:
    def links(text: str) -> int:
        run = healthy(passed=False, verdicts=[verdict("x", "closed", reference=text)])
        return to_page(document([run_of("reg1", run)])).count("<a ")

    assert links(reference) == links("") == links("https://x.example") - 1


@pytest.mark.parametrize("text", ["tracker 1", "https://x.example", "ceph/ceph#1", "`x`"])
def test_what_a_gateway_says_is_no_link_and_no_code(text: str) -> None:
    def page(got: str) -> str:
        run = healthy(passed=False, verdicts=[verdict("x", "closed", got=got)])
        return to_page(document([run_of("reg1", run)]))

    for tag in ("<a ", "<code"):
        assert page(text).count(tag) == page("nothing").count(tag)


def test_a_gateway_that_is_fit_says_so_to_a_ci_system() -> None:
    suite = next(iter(JUnitXml.fromstring(to_junit(document([run_of("reg1", healthy(verdicts=asked()))])).encode())))
    properties = {entry.name: entry.value for entry in suite.properties()}
    assert properties["fit_for"] == (
        "registry 2.8, swift driver; registry 2.8, s3 driver; registry 3.0 and 3.1, s3 driver"
    )


STEPS = st.lists(
    st.tuples(st.floats(0.001, 1e6), st.integers(0, 10**6)).map(list), max_size=40, unique_by=lambda step: step[0]
).map(sorted)
TIMES = st.fixed_dictionaries(dict.fromkeys(("p50_ms", "p95_ms", "p99_ms", "max_ms"), st.floats(0, 1e7)))


@given(STEPS, TIMES, st.booleans())
def test_any_histogram_is_drawn_within_its_frame(steps: list[Any], times: dict[str, float], open_end: bool) -> None:
    histogram = [*steps, [None, 1]] if open_end else steps
    figure = latency_figure("HEAD", {"count": 1, "histogram": histogram, **times})
    bars = figure.findall("svg/rect")
    filled = sum(1 for _, count in histogram if count)
    assert len(bars) == (filled if filled >= 3 else 0)
    for bar in bars:
        x, y, width, height = (float(bar.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0 and x + width <= 360 and y > 0 and height > 0 and y + height < 146
    for text in figure.findall("svg/text"):
        assert 0 <= float(text.attrib["x"]) <= 360
    assert figure.findtext("figcaption", "").startswith("HEAD: p50 ")
