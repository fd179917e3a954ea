# SPDX-License-Identifier: Apache-2.0
"""Topics that come before buckets, and topics that go after them."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics.by_state import topics_by_state


def test_topics_are_split_in_their_order_and_names_hold_no_secret():
    topics = [
        {"name": "a", "password": "hidden"},
        {"name": "b", "state": "absent"},
        {"name": "c", "state": "present"},
    ]
    split = topics_by_state(topics)
    assert (split["present"], split["absent"]) == ([topics[0], topics[2]], [topics[1]])
    assert split["names"] == ["a", "c"]
    assert topics_by_state([]) == {"present": [], "absent": [], "names": []}
