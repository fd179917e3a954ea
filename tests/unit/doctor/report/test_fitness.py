# SPDX-License-Identifier: Apache-2.0
"""The rule for which registry a gateway is fit, probe by probe."""

from __future__ import annotations

from typing import Any, Mapping

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import PROBES
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.fitness import (
    DECIDES_NOTHING,
    DRIVERS,
    LOAD,
    NO,
    UNKNOWN,
    YES,
    combined,
    driver_name,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import run_of

from tests.report_sample import asked, behind_a_gate, faulty, healthy

SWIFT, S3, S3_OF_3 = "registry 2.8, swift driver", "registry 2.8, s3 driver", "registry 3.0 and 3.1, s3 driver"
ERRORS = {probe.name for probe in PROBES if probe.severity == "error"}
WARNINGS = {probe.name for probe in PROBES} - ERRORS
NO_S3 = dict.fromkeys(("s3-object", "s3-list", "s3-copy", "s3-multipart"), "no S3 access key was given")


def fits(**result: Any) -> dict[str, Mapping[str, Any]]:
    return {driver_name(entry): entry for entry in run_of("reg1", healthy(**result))["fit"]}


def words(**result: Any) -> list[str]:
    return [entry["fit"] for entry in fits(**result).values()]


def test_the_drivers_are_those_of_the_registries_that_the_collection_knows() -> None:
    assert list(fits()) == [SWIFT, S3, S3_OF_3]
    assert not any("3.0" in driver.versions for driver in DRIVERS if driver.driver == "swift")


def test_every_probe_of_severity_error_has_its_place_in_the_rule() -> None:
    """A new probe breaks this test until somebody has decided what it means for each driver."""
    decisive = frozenset().union(*(driver.needs | driver.harmed_by for driver in DRIVERS)) - {LOAD}
    assert decisive | DECIDES_NOTHING == ERRORS
    assert not decisive & DECIDES_NOTHING
    assert not any(driver.needs & driver.harmed_by for driver in DRIVERS)


def test_a_gateway_where_all_is_ok_is_fit_for_all() -> None:
    assert words(verdicts=asked()) == [YES, YES, YES]


@pytest.mark.parametrize("probe", sorted(ERRORS))
def test_a_probe_that_failed_makes_unfit_whom_it_concerns(probe: str) -> None:
    seen = fits(verdicts=asked({probe: "wrong-status"}))
    for driver in DRIVERS:
        concerned = probe in driver.needs | driver.harmed_by
        entry = seen[driver_name(driver._asdict())]
        assert (entry["fit"], entry["failed"]) == ((NO, [probe]) if concerned else (YES, []))


@pytest.mark.parametrize("probe", sorted(ERRORS))
def test_a_probe_that_was_skipped_leaves_open_what_needs_it(probe: str) -> None:
    seen = fits(verdicts=asked(skipped={probe: "for a reason"}))
    for driver in DRIVERS:
        entry = seen[driver_name(driver._asdict())]
        needed = probe in driver.needs
        assert (entry["fit"], entry["unproven"]) == ((UNKNOWN, [probe]) if needed else (YES, []))


def test_warnings_decide_nothing() -> None:
    assert words(verdicts=asked(dict.fromkeys(WARNINGS, "slow"))) == [YES, YES, YES]
    eased = [{**verdict, "severity": "warning"} for verdict in asked({"auth": "limit-near"})]
    assert words(verdicts=eased) == [YES, YES, YES]


def test_the_old_bug_leaves_the_s3_driver() -> None:
    seen = fits(verdicts=asked({"head-empty-manifest": "no-status-line", "registry-push": "no-status-line"}))
    assert [entry["fit"] for entry in seen.values()] == [NO, YES, YES]
    assert seen[SWIFT]["failed"] == ["head-empty-manifest", "registry-push"]


def test_without_an_s3_key_nothing_is_said_of_s3() -> None:
    seen = fits(verdicts=asked(skipped=NO_S3))
    assert [entry["fit"] for entry in seen.values()] == [YES, UNKNOWN, UNKNOWN]
    assert seen[S3_OF_3]["unproven"] == sorted(NO_S3)


def test_behind_a_gate_that_failed_nothing_is_said_of_s3() -> None:
    assert words(verdicts=asked({"auth": "refused"}, behind_a_gate("auth"))) == [NO, UNKNOWN, UNKNOWN]


def test_a_few_probes_prove_nothing() -> None:
    assert words(verdicts=asked()[:1]) == [UNKNOWN, UNKNOWN, UNKNOWN]
    assert words(verdicts=[]) == [UNKNOWN, UNKNOWN, UNKNOWN]


def test_wrong_answers_under_load_make_unfit_for_all() -> None:
    load = faulty()["load"]
    seen = fits(verdicts=asked(), load=load)
    assert {entry["fit"] for entry in seen.values()} == {NO} and seen[S3]["failed"] == [LOAD]
    assert words(verdicts=asked(), load={**load, "wrong": 0}) == [YES, YES, YES]


@pytest.mark.parametrize(
    ("seen", "whole"),
    [([], UNKNOWN), ([YES, YES], YES), ([YES, UNKNOWN], UNKNOWN), ([UNKNOWN, NO, YES], NO)],
)
def test_the_worst_that_a_host_saw_counts(seen: list[str], whole: str) -> None:
    assert combined(seen) == whole
