# SPDX-License-Identifier: Apache-2.0
"""One run of a program of this host."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.program import run_program


def test_bytes_that_are_no_text_are_no_failure():
    done = run_program(["printf", r"a\377b"])
    assert (done.returncode, done.stdout) == (0, "a\ufffdb")


def test_a_program_that_is_missing_is_named():
    with pytest.raises(ToolError, match="rgwkit-none"):
        run_program(["rgwkit-none"])


def test_a_program_that_does_not_end_is_ended():
    with pytest.raises(ToolError, match="no end within"):
        run_program(["sleep", "60"], 0.1)
