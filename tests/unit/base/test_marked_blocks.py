# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.marked_blocks import without_blocks

A = "# BEGIN rgwkit: a\n[a]\n# END rgwkit: a\n"
B = "# BEGIN rgwkit: b\n# END rgwkit: b\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"x\n{A}y\n", "x\ny\n"),
        (f"{A}{B}", B),
        (A.rstrip("\n"), ""),
        (B, B),
        ("", ""),
        # What is no block stays: without an end, with another name at its end, of another program.
        ("# BEGIN rgwkit: a\n[a]\n", "# BEGIN rgwkit: a\n[a]\n"),
        ("# BEGIN rgwkit: a\n# END rgwkit: ab\n", "# BEGIN rgwkit: a\n# END rgwkit: ab\n"),
        ("# BEGIN other: a\n# END other: a\n", "# BEGIN other: a\n# END other: a\n"),
    ],
)
def test_blocks_of_that_name_go(text, left):
    assert without_blocks(text, "a".__eq__) == left
