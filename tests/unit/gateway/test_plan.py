# SPDX-License-Identifier: Apache-2.0
"""Which gateways a run has to change."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.plan import gateway_differences

INSTANCES = [{"entity": "client.rgw.h.a"}, {"entity": "client.rgw.h.b"}]


def look(*differs, drift=(), previous="package"):
    return {"services": [{"differs": list(differs), "drift": list(drift), "previous_runtime": previous}]}


def compared(*looks):
    return {"results": list(looks)}


def test_instances_as_recorded_that_pass_are_left_alone():
    same = compared(look(), look())
    assert gateway_differences(INSTANCES, same, {}) == []
    assert gateway_differences(INSTANCES, same, compared({"passed": True}, {"skipped": True})) == []


@pytest.mark.parametrize(
    ("second", "line"),
    [
        (look("options", drift=["process: missing"]), "options, process: missing"),
        (look(previous=""), "no record of an earlier run"),
        ({"failed": True, "msg": "docker does not answer"}, "docker does not answer"),
        ({"failed": True}, "the comparison failed"),
    ],
)
def test_each_instance_that_differs_has_a_line_with_the_reasons(second, line):
    assert gateway_differences(INSTANCES, compared(look(), second), {}) == [f"client.rgw.h.b: {line}"]


@pytest.mark.parametrize("proof", [{"failed": False, "msg": "no such file"}, {"failed": False, "passed": False}])
def test_an_instance_that_does_not_pass_differs(proof):
    found = gateway_differences(INSTANCES, compared(look(), look()), compared({"passed": True}, proof))
    assert found == ["client.rgw.h.b: the verification failed"]


def test_what_nobody_compared_differs():
    assert gateway_differences(INSTANCES, {}, {}) == [f"{one['entity']}: not compared" for one in INSTANCES]
    assert gateway_differences(INSTANCES, {"skipped": True}, {"skipped": True}) == gateway_differences(
        INSTANCES, {}, {}
    )
