# SPDX-License-Identifier: Apache-2.0
"""Which gateways a run has to change."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.plan import gateway_differences

INSTANCES = [{"entity": "client.rgw.h.a"}, {"entity": "client.rgw.h.b"}]


def look(*differs, drift=(), previous="package"):
    return {"differs": list(differs), "drift": list(drift), "previous_runtime": previous}


def proofs(*results):
    return {"results": list(results)}


SAME = {"services": [look(), look()]}


def test_instances_as_recorded_that_pass_are_left_alone():
    assert gateway_differences(INSTANCES, SAME, {}) == []
    assert gateway_differences(INSTANCES, SAME, proofs({"passed": True}, {"skipped": True})) == []


@pytest.mark.parametrize(
    ("second", "line"),
    [
        (look("options", drift=["process: missing"]), "options, process: missing"),
        (look(previous=""), "no record of an earlier run"),
    ],
)
def test_each_instance_that_differs_has_a_line_with_the_reasons(second, line):
    assert gateway_differences(INSTANCES, {"services": [look(), second]}, {}) == [f"client.rgw.h.b: {line}"]


@pytest.mark.parametrize(
    ("compared", "line"),
    [
        ({"failed": True, "msg": "docker does not answer"}, "docker does not answer"),
        ({"failed": True}, "the comparison failed"),
        ({"skipped": True}, "not compared"),
        ({}, "not compared"),
    ],
)
def test_what_nobody_compared_differs(compared, line):
    assert gateway_differences(INSTANCES, compared, {}) == [f"{one['entity']}: {line}" for one in INSTANCES]
    assert gateway_differences(INSTANCES, compared) == gateway_differences(INSTANCES, compared, {"skipped": True})


@pytest.mark.parametrize("proof", [{"failed": False, "msg": "no such file"}, {"failed": False, "passed": False}])
def test_an_instance_that_does_not_pass_differs(proof):
    found = gateway_differences(INSTANCES, SAME, proofs({"passed": True}, proof))
    assert found == ["client.rgw.h.b: the verification failed"]
