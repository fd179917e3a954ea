# SPDX-License-Identifier: Apache-2.0
"""What counts as true in a role's variables."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.boolean import is_true


@pytest.mark.parametrize("value", [True, 1, "yes", "On", "TRUE", "1"])
def test_words_for_true_count_in_any_case(value):
    assert is_true(value)


@pytest.mark.parametrize("value", [False, 0, None, "no", "off", "False", "0", "", "y", 2])
def test_all_else_is_false(value):
    assert not is_true(value)
