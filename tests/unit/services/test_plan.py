# SPDX-License-Identifier: Apache-2.0
"""Why a run has to change the services of a host."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.plan import (
    differing_hosts,
    service_differences,
)


def compared(*services):
    names = ("differs", "drift", "previous_runtime")
    return {"services": [dict(zip(names, service)) for service in services]}


SAME = ([], [], "docker")


@pytest.mark.parametrize(
    ("found", "reasons"),
    [
        (compared(SAME, SAME), []),
        (compared(SAME, (["image"], ["process: exited"], "docker")), ["image", "process: exited"]),
        (compared((["image"], [], ""), SAME), ["no record of an earlier run"]),
        ({"failed": True, "msg": "docker does not answer"}, ["docker does not answer"]),
        ({"failed": True}, ["the comparison failed"]),
        ({"skipped": True}, ["not compared"]),
        ({}, ["not compared"]),
        ({"services": []}, ["not compared"]),
    ],
)
def test_the_reasons_of_all_services(found, reasons):
    assert service_differences(found) == reasons


def test_a_failed_verification_counts_where_nothing_differs():
    assert service_differences(compared(SAME), "the verification failed") == ["the verification failed"]
    assert service_differences(compared(([], ["process"], "docker")), "the verification failed") == ["process"]


def test_hosts_that_nobody_compared_are_left_alone():
    hostvars = {"a": {"d": ["image"]}, "b": {"d": []}, "c": {}}
    assert differing_hosts(["a", "b", "c", "gone"], hostvars, "d") == ["a"]
