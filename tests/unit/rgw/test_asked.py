# SPDX-License-Identifier: Apache-2.0
"""Questions are asked once."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.asked import Asked


def test_each_question_once():
    calls = []

    def size(name):
        calls.append(name)
        return len(name)

    ask = Asked()
    assert [ask(size, "a"), ask(size, "a"), ask(size, "bb")] == [1, 1, 2]
    assert calls == ["a", "bb"]
