# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_topics_by_state
short_description: Split topics into those that are to be present and those that are to be absent
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Notifications of buckets need their topics, so topics are created before the buckets change, and removed afterwards.
options:
  _input: {description: Topics in the form of C(rgw_buckets_topics)., type: list, elements: dict, required: true}
"""

EXAMPLES = r"""
- name: Show the names of the topics that are to be present
  ansible.builtin.debug:
    msg: "{{ (rgw_buckets_topics | rgwkit.ceph.rgw_topics_by_state).names }}"
"""

RETURN = r"""
_value:
  description: The entries as C(present) and C(absent), and the C(names) of those that are to be present.
  type: dict
  sample:
    present: [{name: uploads, owner: alice, push_endpoint: "https://events.example.org/s3"}]
    absent: []
    names: [uploads]
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.topics.by_state import topics_by_state


class FilterModule:
    """The filter rgw_topics_by_state."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_topics_by_state": topics_by_state}
