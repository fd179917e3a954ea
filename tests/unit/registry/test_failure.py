# SPDX-License-Identifier: Apache-2.0
"""The message of a new configuration that failed in place."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.failure import fatal_line, registry_failure

FAILURE = {"task": "Run the container", "msg": "not ready"}
BEGIN = "the new configuration of hub was put in place, and 'Run the container' failed: not ready"


@pytest.mark.parametrize(
    ("log", "end"),
    [
        ([], "."),
        (["a", "b", "c", "d"], ". Last lines of the log: b; c; d."),
        (["panic: one", "b", "level=fatal two", "d", "e"], ". Last lines of the log: level=fatal two."),
    ],
)
def test_the_line_that_names_the_cause_stands_for_the_log(log, end):
    assert registry_failure(FAILURE, "hub", log) == BEGIN + end


def test_a_log_without_a_fatal_error_has_no_such_line():
    assert fatal_line(["level=info listening on", "level=error msg=x"]) == ""
