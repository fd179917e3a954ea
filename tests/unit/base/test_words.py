# SPDX-License-Identifier: Apache-2.0
"""Lists and changes in words."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.words import changes, listed


@pytest.mark.parametrize(
    ("words", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_the_last_word_comes_after_and(words: list[str], said: str) -> None:
    assert listed(words) == said


def test_only_parts_that_changed_are_told() -> None:
    parts = {"key": False, "configuration": True, "container": True}
    assert changes(parts, would=False) == "configuration and container changed"
    assert changes(parts, would=True) == "configuration and container would change"
    assert changes({"key": False}, would=True) == "unchanged"
