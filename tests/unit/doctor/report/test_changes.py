# SPDX-License-Identifier: Apache-2.0
"""What changed since the last report: against which one a report is compared, and what is said of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, run_of, to_json

from tests.report_sample import asked, behind_a_gate, faulty, healthy

YESTERDAY, TODAY, TOMORROW = (f"2026-11-{day}T08:01:20Z" for day in (19, 20, 21))


def run(host: str = "reg1", when: str | None = TODAY, **more: Any) -> dict[str, Any]:
    return run_of(host, healthy(when=when, **{"verdicts": asked(), **more}))


def changes(now: dict[str, Any], before: dict[str, Any]) -> Any:
    return document([now], to_json(document([before])))["runs"][0]["changes"]


def test_without_an_earlier_report_there_is_nothing_to_say() -> None:
    report = document([run()])
    assert (report["before"], report["runs"][0]["changes"]) == ([], None)


def test_new_failures_what_was_mended_and_the_rest() -> None:
    before = run(when=YESTERDAY, verdicts=asked({"auth": "closed", "s3-list": "timeout", "no-content": "bad-header"}))
    now = run(
        verdicts=asked(
            {"auth": "closed", "small-reads": "slow", "copy-object": "timeout"}, skipped={"s3-copy": "no key"}
        )
    )
    assert changes(now, before) == {
        "since": YESTERDAY,
        "version": "20.2.4",
        "failed": ["copy-object"],
        "warned": ["small-reads"],
        "mended": ["no-content", "s3-list"],
        "proven": [],
        "unasked": ["s3-copy"],
        "unchanged": 42,
    }


def test_a_failure_that_is_no_longer_asked_is_not_mended() -> None:
    before = run(when=YESTERDAY, verdicts=asked({"s3-list": "timeout"}))
    told = changes(run(verdicts=asked(skipped={"s3-list": "no key"})), before)
    assert (told["mended"], told["unasked"]) == ([], ["s3-list"])
    assert changes(before, run(verdicts=asked()[:-3]))["failed"] == ["s3-list"]


def test_a_gate_that_failed_leaves_the_others_unasked() -> None:
    told = changes(run(verdicts=asked({"auth": "refused"}, behind_a_gate("auth"))), run(when=YESTERDAY))
    assert (told["failed"], len(told["unasked"]), told["unchanged"]) == (["auth"], 46, 0)
    back = changes(run(), run(when=YESTERDAY, verdicts=asked({"auth": "refused"}, behind_a_gate("auth"))))
    assert (back["mended"], len(back["proven"])) == (["auth"], 46)


def test_a_run_that_did_not_take_place_is_a_failure() -> None:
    lost = run_of("reg1", {"item": "http://gw1.example:8080", "msg": "no route"})
    told = changes(lost, run(when=YESTERDAY))
    assert (told["failed"], len(told["unasked"]), told["unchanged"]) == (["run"], 47, 0)
    assert changes(run(), lost)["mended"] == ["run"]


def test_a_load_counts_like_a_probe() -> None:
    load = faulty()["load"]
    assert changes(run(load=load), run(when=YESTERDAY, load={**load, "wrong": 0}))["failed"] == ["load"]
    assert changes(run(), run(when=YESTERDAY, load=load))["unasked"] == ["load"]


def test_runs_of_other_hosts_and_gateways_are_not_compared() -> None:
    earlier = to_json(document([run("reg1", YESTERDAY), run("reg2", YESTERDAY, endpoint="http://gw2.example")]))
    report = document([run("reg1"), run("reg2"), run("reg3")], earlier)
    assert [bool(run["changes"]) for run in report["runs"]] == [True, False, False]


def test_a_gateway_is_the_same_under_the_other_subuser_of_a_rotation() -> None:
    assert changes(run(user="registry:b"), run(when=YESTERDAY, user="registry:a"))["unchanged"] == 47
    both = [
        run(when=YESTERDAY, user=user, facts={"version": version}) for user, version in (("a:x", "16"), ("b:x", "18"))
    ]
    told = document([run(user="b:x")], to_json(document(both)))["runs"][0]["changes"]
    assert told["version"] == "18"


def test_the_same_report_again_is_compared_with_what_was_before() -> None:
    first = to_json(document([run(when=YESTERDAY, verdicts=asked({"auth": "closed"}))]))
    second = to_json(document([run()], first))
    assert to_json(document([run()], second)) == second
    lost = to_json(document([run_of("reg1", {})], first))
    assert to_json(document([run_of("reg1", {})], lost)) == lost


def test_batches_of_a_play_are_compared_with_the_play_before() -> None:
    """With `serial`, each batch writes the report again, with all hosts so far."""
    play_before = to_json(
        document([run("reg1", YESTERDAY), run("reg2", YESTERDAY, verdicts=asked({"auth": "closed"}))])
    )
    batch = to_json(document([run("reg1")], play_before))
    whole = document([run("reg1"), run("reg2", TOMORROW)], batch)
    assert [told["changes"]["since"] for told in whole["runs"]] == [YESTERDAY, YESTERDAY]
    assert whole["runs"][1]["changes"]["mended"] == ["auth"]


def test_a_report_of_the_schema_before_can_be_compared_with() -> None:
    old = document([run(when=YESTERDAY, verdicts=asked({"auth": "closed"}))])
    for name in ("release", "fit", "changes"):
        del old["runs"][0][name]
    del old["before"]
    assert document([run()], json.dumps({**old, "schema": 1}))["runs"][0]["changes"]["mended"] == ["auth"]


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "null", "{}", '{"runs": 1}', '{"runs": [1]}', '{"runs": [{"host": []}]}', "[" * 10000],
)
def test_what_is_no_report_is_none(text: str) -> None:
    assert document([run()], text)["before"] == []


def test_a_report_that_keeps_something_else_counts_as_none() -> None:
    report = document([run()], to_json(document([run(when=YESTERDAY)])))
    for name, value in (("host", 1), ("when", [1]), ("outcomes", [])):
        spoilt = {**report, "before": [{**report["before"][0], name: value}]}
        assert document([run()], json.dumps(spoilt))["before"] == []
    strange = {**report["before"][0], "outcomes": {"auth": "<b>", "s3-list": "ok"}}
    kept = document([run()], json.dumps({**report, "before": [strange]}))["before"]
    assert kept[0]["outcomes"] == {"s3-list": "ok"}
