# SPDX-License-Identifier: Apache-2.0
"""What stands on the page and where; tests/integration/report_page looks at it in a browser."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Iterator
from xml.etree.ElementTree import Element

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import GROUP_TITLES, GROUPS, PROBES
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.html import page
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, run_of, to_json
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.page.style import STYLE

from tests.report_sample import asked, behind_a_gate, faulty, healthy, sample

NO_KEY = "no S3 access key was given"
NO_S3 = dict.fromkeys(("s3-object", "s3-list", "s3-copy", "s3-multipart", "s3-presigned"), NO_KEY)
BUG = {"head-empty-manifest": "no-status-line", "registry-push": "no-status-line", "no-content": "bad-header"}
TOMORROW = "2026-11-21T08:01:20Z"
GW1, GW2 = "http://gw1.example:8080", "http://gw2.example:8080"
GREEN = healthy(verdicts=asked(skipped=NO_S3))
FAULTY = healthy(verdicts=asked(BUG), passed=False, endpoint=GW2, facts={})
DEAD = healthy(verdicts=asked({"auth": "refused"}, behind_a_gate("auth")), passed=False, facts={}, endpoint=GW2)
EARLIER = to_json(document([run_of("reg1", {**GREEN, "when": "2026-11-19T08:01:20Z"})]))


def several() -> dict[str, Any]:
    runs = [run_of(host, result) for host in ("reg1", "reg2") for result in (GREEN, FAULTY)]
    lost = run_of("reg4", {"item": GW1, "msg": "no route"})
    return document([*runs, run_of("reg3", {}), lost, run_of("reg5", DEAD)], EARLIER)


STORIES = {
    "green": document([run_of("reg1", GREEN)]),
    "faulty": document([run_of("reg1", FAULTY)]),
    "dead": document([run_of("reg1", DEAD)]),
    "mended": document(
        [run_of("reg1", {**GREEN, "endpoint": GW2, "when": TOMORROW})], to_json(document([run_of("reg1", FAULTY)]))
    ),
    "load": document([run_of("reg1", {**GREEN, "load": {**faulty()["load"], "wrong": 0, "findings": []}})]),
    "several": several(),
    "sample": sample(),
    "nothing": document([]),
}


@pytest.fixture(params=STORIES)
def root(request: pytest.FixtureRequest) -> Element:
    return page(STORIES[request.param])


def text(element: Element | None) -> str:
    assert element is not None
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def with_class(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def facts(root: Element, section: str = "run-1") -> dict[str, Element]:
    listed = root.find(f".//section[@id='{section}']/dl")
    assert listed is not None
    return {text(name): value for name, value in zip(listed.findall("dt"), listed.findall("dd"))}


def outside_details(element: Element) -> Iterator[Element]:
    """What is in sight before anybody clicks."""
    for child in element:
        if child.tag == "details":
            yield from child.findall("summary")
        else:
            yield child
            yield from outside_details(child)


def rows(root: Element) -> list[str]:
    return [text(row) for row in with_class(root, "probe")]


def test_headings_go_down_one_level_at_a_time(root: Element) -> None:
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:]))


def test_the_page_has_a_language_and_landmarks(root: Element) -> None:
    assert root.get("lang") == "en"
    body = root.find("body")
    assert body is not None and [child.tag for child in body] == ["a", "header", "main", "footer"]
    assert body[0].get("href") == f"#{body[2].get('id')}"
    for part in body.iter():
        if part.tag in ("nav", "section", "article") and part.get("class") != "finding fail":
            assert part.get("aria-labelledby") or part.get("aria-label"), part.attrib


@pytest.mark.parametrize(
    ("result", "colour"),
    [(GREEN, "ok"), ({**GREEN, "verdicts": asked({"small-reads": "slow"})}, "warn"), (FAULTY, "fail"), ({}, "fail")],
)
def test_the_head_has_the_colour_of_the_verdict(result: dict[str, Any], colour: str) -> None:
    header = page(document([run_of("reg1", result)])).find("body/header")
    assert header is not None and header.get("class") == colour


def test_every_place_is_there_once_and_every_link_within_the_page_leads_to_one(root: Element) -> None:
    places = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert set(places.values()) <= {1}
    wanted = {link.get("href", "")[1:] for link in root.iter("a") if link.get("href", "").startswith("#")}
    labels = {element.get("aria-labelledby") for element in root.iter()} - {None}
    assert wanted | labels <= set(places)


def test_tables_have_a_caption_and_heads_with_a_scope(root: Element) -> None:
    for table in root.iter("table"):
        assert text(table.find("caption"))
        width = {sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iterfind("tbody/tr")}
        assert len(width) == 1, "rows of different width"
        for row in table.iterfind("tbody/tr"):
            assert row[0].tag == "th"
    assert {head.get("scope") for head in root.iter("th")} <= {"col", "row", "colgroup", "rowgroup"}


def test_no_outcome_is_told_by_colour_alone(root: Element) -> None:
    for cell in root.iter("td"):
        assert text(cell)
    for mark in with_class(root, "mark"):
        assert text(mark) and mark.find("svg") is not None
    for drawing in root.iter("svg"):
        assert drawing.get("aria-hidden") == "true" or (drawing.get("role"), bool(drawing.get("aria-label"))) == (
            "img",
            True,
        )


def test_nothing_runs_and_nothing_is_loaded(root: Element) -> None:
    assert not {"script", "img", "link", "iframe", "object", "form"} & {element.tag for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not {"src", "style"} & attributes and not any(name.startswith("on") for name in attributes)


def test_every_group_has_a_title() -> None:
    assert set(GROUPS) < set(GROUP_TITLES)


def test_the_question_stands_beside_the_name() -> None:
    shown = rows(page(document([run_of("reg1", healthy(verdicts=asked()))])))
    assert len(shown) == len(PROBES)
    for probe in PROBES:
        assert any(f" {probe.name}{probe.question}" in f" {row}".replace("ok", "ok ", 1) for row in shown), probe.name


def test_groups_have_headings_and_counts() -> None:
    titles = [text(title) for title in page(STORIES["faulty"]).iter("h3")]
    assert titles == [
        "Failed 2 probes",
        "Warnings 1 probe",
        "Login and tokens 12 probes: 12 ok",
        "Storage and its limits 6 probes: 6 ok",
        "HEAD, large objects and connections 16 probes: 1 failed, 1 warned, 14 ok",
        "What the registry's swift driver asks 7 probes: 1 failed, 6 ok",
        "Waiting times 1 probe: 1 ok",
        "S3, as the registry's s3 driver uses it 5 probes: 5 ok",
    ]


def test_a_finding_is_open_and_its_evidence_a_click_away() -> None:
    first = with_class(page(STORIES["faulty"]), "finding")[0]
    seen = " ".join(text(element) for element in outside_details(first))
    assert "no-status-line: The answer begins with a header field" in seen and "Upgrade Ceph to 0.94.4" in seen
    assert "< Content-Length: 0" not in seen and "< Content-Length: 0" in text(first)
    links = {link.get("href") for link in first.iter("a")}
    assert {"https://github.com/ceph/ceph/issues/5996", "https://tracker.ceph.com/issues/12780"} <= links
    assert [text(code) for code in first.iter("code")] == ["no-status-line", 'malformed HTTP status code "0"']


def test_a_finding_can_be_copied_into_an_issue() -> None:
    copied = with_class(page(STORIES["faulty"]), "copy")[0]
    assert (copied.text or "").startswith(f"Gateway {GW2}, seen from reg1\n\nhead-empty-manifest: no-status-line\n")
    assert "  remedy:   Upgrade Ceph" in (copied.text or "") and "< Content-Length: 0" in (copied.text or "")


def test_reasons_of_skips_are_in_the_open_and_told_once() -> None:
    root = page(STORIES["green"])
    skipped = [row for row in with_class(root, "probe") if row.get("data-outcome") == "skip"]
    assert [text(row) for row in skipped] == [
        f"skippeds3-object, s3-list, s3-copy, s3-multipart, s3-presignedSkipped: {NO_KEY}"
    ]
    assert not list(skipped[0].iter("details"))


def test_probes_behind_a_gate_that_failed_share_one_line() -> None:
    root = page(STORIES["dead"])
    assert [text(title) for title in root.iter("h3")] == [
        "Failed 1 probe",
        "Skipped 46 probes",
        "Login and tokens 12 probes: 1 failed, 11 skipped",
    ]
    folded = with_class(root, "folded")
    assert text(folded[0].find("summary")) == "skipped 46 probes: auth failed"
    assert [row.get("data-outcome") for row in with_class(root, "probe")] == ["fail"]


def test_many_exchanges_do_not_fill_the_page() -> None:
    long = [{**verdict, "evidence": [f"> GET /{number}" for number in range(20)]} for verdict in asked()[:1]]
    row = with_class(page(document([run_of("reg1", healthy(verdicts=long))])), "probe")[0]
    more = row.find(".//details/div/details")
    assert text(more.find("summary") if more is not None else None) == "16 more exchanges"
    assert len(list(row.iter("pre"))) == 20


@pytest.mark.parametrize(
    ("given", "when", "says"),
    [
        (
            {"version": "20.2.4"},
            "2026-11-20T08:01:20Z",
            "20.2.4 (Tentacle): maintained until its end of life, 2027-06-01 ",
        ),
        ({"version": "20.2.4"}, "2027-06-02T08:01:20Z", "20.2.4 (Tentacle): past its end of life, 2027-06-01"),
        ({"version": "20.2.4"}, None, "20.2.4 (Tentacle): end of life 2027-06-01"),
        ({"version": "99.2.0"}, "2026-11-20T08:01:20Z", "99.2.0: unknown end of life, not in the list of 2026-11-18"),
        ({}, "2026-11-20T08:01:20Z", "unknown: the gateway does not tell its version (GET /swift/info)"),
    ],
)
def test_the_release_has_its_end_of_life(given: dict[str, str], when: str | None, says: str) -> None:
    run = run_of("reg1", healthy(facts=given, when=when))
    assert text(facts(page(document([run])))["Ceph"]).startswith(says)


def test_what_the_gateway_is_fit_for_and_why_not() -> None:
    fit = [text(item) for item in facts(page(STORIES["faulty"]))["Fit for"].iter("li")]
    assert fit == [
        "registry 2.8, swift driver: not fit (head-empty-manifest, registry-push failed)",
        "registry 2.8, s3 driver: fit",
        "registry 3.0 and 3.1, s3 driver: fit",
    ]
    fit = [text(item) for item in facts(page(STORIES["green"]))["Fit for"].iter("li")]
    assert fit[0] == "registry 2.8, swift driver: fit"
    assert fit[2].endswith(f": unknown (s3-copy, s3-list, s3-multipart, s3-object: {NO_KEY})")


def test_what_changed_since_the_last_run() -> None:
    changed = facts(page(STORIES["mended"]))["Changes"]
    assert [text(item) for item in changed.iter("li")] == [
        "Since the run of 2026-11-20 08:01:20 UTC:",
        "mended no-content, head-empty-manifest, registry-push",
        "not asked this time s3-object, s3-list, s3-copy, s3-multipart, s3-presigned",
        "unchanged: 39 probes",
    ]
    before = to_json(document([run_of("reg1", healthy(verdicts=asked(), endpoint=GW2, facts={"version": "16.2.15"}))]))
    after = {**FAULTY, "facts": {"version": "18.2.8"}, "when": TOMORROW}
    changed = facts(page(document([run_of("reg1", after)], before)))["Changes"]
    lines = [text(item) for item in changed.iter("li")]
    assert lines[1:3] == ["Ceph 18.2.8, before 16.2.15", "new failure head-empty-manifest, registry-push"]
    assert [text(link) for link in changed.iter("a")] == ["head-empty-manifest", "registry-push", "no-content"]
    assert "Changes" not in facts(page(STORIES["green"]))


def test_a_load_is_in_the_headline_and_in_a_table() -> None:
    root = page(STORIES["load"])
    assert text(root.find("body/header/h1")).endswith("Under load: 10,000 objects, no wrong answer.")
    assert text(facts(root)["Load"]) == "10,000 objects over 8 connections in 4.2 s: no wrong answer"
    table = next(root.iter("table"))
    assert [text(cell) for cell in table.findall("tbody/tr")[2]] == [
        "HEAD",
        "1,000",
        "7,142 a second",
        "1.4 ms",
        "3.6 ms",
        "7.9 ms",
        "41 ms",
    ]


def tables(root: Element) -> dict[str, list[list[str]]]:
    return {
        text(table.find("caption")): [[text(cell) for cell in row] for row in table.iter("tr")]
        for table in root.iter("table")
    }


def test_several_gateways_are_compared() -> None:
    shown = tables(page(STORIES["several"]))["Gateways: result, release, fitness and changes"]
    maintained = "20.2.4 (Tentacle)maintained until its end of life, 2027-06-01 (estimated)"
    assert shown[1:] == [
        [GW1, "not verified2 of 3 hosts passed", maintained, "fit", "unknown", "unknown", "nothing changed"],
        [GW2, "2 failed0 of 3 hosts passed", "unknown", "not fit", "unknown", "unknown", "no earlier run"],
    ]


def test_hosts_and_gateways_are_a_matrix() -> None:
    root = page(STORIES["several"])
    assert tables(root)["What each host saw of each gateway"] == [
        ["Host", GW1, GW2],
        ["reg1", "passed", "2 failed"],
        ["reg2", "passed", "2 failed"],
        ["reg3", "not verified"],
        ["reg4", "not verified", "not looked at"],
        ["reg5", "not looked at", "1 failed"],
    ]
    hosts = next(part for part in root.iter("nav") if part.get("id") == "hosts")
    titles = {section.get("id"): text(section.find("h2")) for section in root.iter("section") if section.get("id")}
    for row, host in zip(hosts.findall(".//tbody/tr"), ("reg1", "reg2", "reg3", "reg4", "reg5")):
        for link in row.iter("a"):
            assert titles[link.get("href", "")[1:]].endswith(host)


def test_probes_and_runs_are_a_matrix_of_what_was_found() -> None:
    root = page(STORIES["several"])
    shown = tables(root)["Probes that failed or warned in some run"]
    assert shown[0] == ["Probe", GW1, GW2]
    assert shown[1] == ["reg1", "reg2", "reg4", "reg1", "reg2", "reg5"]
    found = {row[0]: row[1:] for row in shown[2:] if len(row) > 1}
    assert shown[2] == ["Login and tokens"]
    bug = next(cells for name, cells in found.items() if name.startswith("head-empty-manifest"))
    assert bug == ["ok", "ok", "not run", "failed", "failed", "skipped"]
    matrix = next(part for part in root.iter("section") if part.get("id") == "probes")
    targets = {link.get("href", "")[1:] for link in matrix.iter("a") if link.get("href", "").startswith("#")}
    assert targets == {part.get("id") for part in root.iter("article") if part.get("id")}


def test_probes_that_ended_alike_are_folded() -> None:
    both = document([run_of("reg1", healthy(verdicts=asked(skipped=NO_S3), endpoint=url)) for url in (GW1, GW2)])
    folded = [text(part.find("summary")) for part in with_class(page(both), "folded")]
    assert folded == ["42 probes ok in every run", "5 probes skipped in every run"]
    assert "Probes that failed or warned in some run" not in tables(page(both))


def test_one_run_of_several_has_its_groups_a_click_away() -> None:
    assert [text(part.find("summary")) for part in with_class(page(STORIES["several"]), "all")] == 5 * [
        "All 47 probes of this run"
    ]
    assert not with_class(page(STORIES["green"]), "all")


def test_a_host_that_could_not_look_says_why() -> None:
    errors = [text(part) for part in with_class(page(STORIES["several"]), "error")]
    assert errors[1] == "not verified no route" and errors[0].startswith(
        "not verified nothing came back from this host"
    )


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("block", re.findall(r"color-scheme: light dark;([^}]*)|dark\) { :root {([^}]*)", STYLE))
def test_colours_are_told_apart_on_every_ground(block: tuple[str, str]) -> None:
    """axe does not judge text in drawings, nor what lies over a cell that stays in place."""
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", "".join(block)))
    grounds = {name for name in colours if name.endswith("-back")} | {"page", "card"}
    inks = set(colours) - grounds - {"line"}
    assert len(grounds) == 6 and len(inks) == 7
    for ink in inks:
        for ground in grounds:
            lighter, darker = sorted((brightness(colours[ink]), brightness(colours[ground])), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (ink, ground)
