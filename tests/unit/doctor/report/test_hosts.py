# SPDX-License-Identifier: Apache-2.0
"""Which hosts a report is about."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.hosts import results_by_host

HOSTVARS = {"a": {"rgw_verify_result": {"results": [1]}}, "b": {}, "c": {"rgw_verify_result": {"results": [3]}}}


def test_a_host_that_left_the_play_has_an_empty_result():
    lost = results_by_host(HOSTVARS, ["c", "b", "a"], ["a", "c"])
    assert list(lost.items()) == [("c", {"results": [3]}), ("b", {}), ("a", {"results": [1]})]


def test_a_host_that_was_not_to_verify_is_not_in_the_report():
    assert set(results_by_host(HOSTVARS, ["a", "b", "c"], ["a", "b", "c"])) == {"a", "c"}
