# SPDX-License-Identifier: Apache-2.0
"""A report in words: the sentence, the table and the message, and nothing in them that a terminal obeys."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.words import one_line
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, run_of
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.text import (
    failure_message,
    folded_table,
    headline,
    percentiles,
    summary,
    table,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.report_sample import LATENCY, faulty, healthy, sample, verdict


def test_failures_come_first_one_line_each() -> None:
    run = healthy(
        verdicts=[
            verdict("auth", seconds=0.004),
            verdict("later", "skipped", got="not now"),
            verdict("slow", "slow", severity="warning"),
            verdict("head-x", "no-status-line", expected="a status line", got="none", seconds=12.1),
            verdict("latency", latency=LATENCY),
        ]
    )
    assert summary(run_of("reg1", run)) == [
        "FAIL  head-x    12.100 s  no-status-line: expected a status line; got none",
        "warn  slow       0.008 s  slow: expected status 200; got nothing",
        "ok    auth       0.004 s",
        "ok    latency    0.008 s  p50 1.4 ms, p95 3.6 ms, p99 7.9 ms, max 41 ms",
        "skip  later            -  not now",
    ]


def test_probes_behind_a_closed_gate_share_a_line() -> None:
    closed = [verdict(f"probe-{number}", "skipped", got="auth failed") for number in range(38)]
    run = healthy(verdicts=[verdict("auth", "refused"), *closed, verdict("s3-object", "skipped", got="no key")])
    assert [line.split("  ")[:2] for line in summary(run_of("reg1", run))] == [
        ["FAIL", "auth"],
        ["skip", "s3-object"],
        ["skip", "38 probes"],
    ]


def test_the_table_has_a_heading_for_each_run_those_that_failed_first() -> None:
    rows = table(sample())
    assert [row for row in rows if not row.startswith(" ")] == [
        "http://gw2.example:8080 as registry:swift, seen from reg2: 5 probes: 2 failed, 1 warned, 1 ok, 1 skipped; "
        "3 wrong answers under load",
        "reg3: not verified",
        "http://gw1.example:8080 as registry:swift, seen from reg1: 3 probes: 3 ok",
    ]
    assert any("The container rgwkit-verify-0123 could not be removed. Either the user may not" in row for row in rows)


def test_the_folded_table_has_failures_and_warnings_in_full_and_counts_the_rest() -> None:
    rows = folded_table(sample())
    assert rows[0] == headline(sample())
    assert [row for row in rows[1:] if not row.startswith(" ")] == [row for row in table(sample()) if row[0] != " "]
    kinds = ("  FAIL  ", "  warn  ", "  load  ")
    in_full = [[" ".join(row.split()) for row in made if row.startswith(kinds)] for made in (rows, table(sample()))]
    assert len(in_full[0]) == 9 and in_full[0] == in_full[1]
    assert rows.count("  ok    head 1") == 1 and rows.count("  skip  1 probe: check mode only reads") == 1
    assert any("The container rgwkit-verify-0123 could not be removed." in row for row in rows)


def test_the_folded_table_counts_by_group_and_by_reason() -> None:
    many = [verdict(f"probe-{number}", group="limits") for number in range(30)]
    skipped = [verdict(f"s3-{number}", "skipped", got=why) for number, why in enumerate(["no key", "no key", "later"])]
    rows = folded_table(document([run_of("reg1", healthy(verdicts=[verdict("auth", group="auth"), *many, *skipped]))]))
    assert rows == [
        "http://gw1.example:8080 as registry:swift, seen from reg1: 34 probes: 31 ok, 3 skipped",
        "  ok    auth 1, limits 30",
        "  skip  2 probes: no key",
        "  skip  1 probe: later",
    ]


@pytest.mark.parametrize(("p50", "said"), [(0.123, "0.12 ms"), (999.4, "999 ms"), (999.6, "1 s"), (1034.0, "1.03 s")])
def test_no_latency_is_told_in_powers_of_ten(p50: float, said: str) -> None:
    assert percentiles({"p50_ms": p50, "p95_ms": 2e4, "p99_ms": 3e5, "max_ms": 3e5}).startswith(f"p50 {said}, p95 20 s")


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ({}, "Nothing was verified."),
        (
            {"a": healthy()},
            "Passed: http://gw1.example:8080 as registry:swift, seen from a: 3 probes ok.",
        ),
        ({"a": healthy(), "b": healthy()}, "Passed: all 2 runs: 6 probes ok."),
        (
            {"a": healthy(verdicts=[verdict("x", "slow", severity="warning"), verdict("y", "skipped")])},
            "Passed with 1 warning: http://gw1.example:8080 as registry:swift, seen from a: 0 probes ok, 1 skipped.",
        ),
        (
            {"a": healthy(), "b": faulty()},
            "Failed: head-empty-manifest on http://gw2.example:8080 seen from b, and 2 more findings. "
            "Under load: 10,000 objects, 3 wrong answers.",
        ),
        ({"a": {}}, "Failed: nothing was verified from a."),
        (
            {"a": {"item": "http://gw", "msg": "no route"}},
            "Failed: http://gw seen from a was not verified.",
        ),
        (
            {"a": healthy(passed=False, load={**faulty()["load"], "wrong": 1})},
            "Failed: 1 wrong answer under load on http://gw1.example:8080 seen from a. "
            "Under load: 10,000 objects, 1 wrong answer.",
        ),
        (
            {name: healthy(load={**faulty()["load"], "wrong": 0, "findings": []}) for name in "ab"},
            "Passed: all 2 runs: 6 probes ok. Under load: 20,000 objects, no wrong answer.",
        ),
    ],
)
def test_one_sentence_says_how_it_went(results: dict[str, dict[str, object]], says: str) -> None:
    assert headline(document(run_of(host, result) for host, result in results.items())) == says


def test_the_message_says_what_failed_why_and_what_to_do() -> None:
    run = healthy(
        verdicts=[verdict("auth"), verdict("slow", "slow", severity="warning"), verdict("head-x", "status-0")]
    )
    assert failure_message(run_of("reg1", run)) == (
        "Swift verification of http://gw1.example:8080 as registry:swift: 1 of 3 probes failed.\n"
        "head-x: status-0\n"
        "  expected: status 200\n"
        "  got:      nothing\n"
        "  cause:    It is old.\n"
        "  remedy:   Upgrade."
    )


@given(st.text())
def test_no_text_moves_a_cursor(text: str) -> None:
    assert one_line(text).isprintable()


def test_hostile_text_is_written_out() -> None:
    rows = table(sample())
    assert all(row.isprintable() for row in rows)
    assert any(r"\x1b[2J\x00\u202e" in row for row in rows)
