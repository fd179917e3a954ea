# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_fatal
short_description: Find the line of a registry's log that says why the registry ended
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the last line with a fatal error or a panic, and an empty text if there is none.
options:
  _input: {description: Lines of the log., type: list, elements: str, required: true}
"""

EXAMPLES = r"""
- name: Show why the registry ended
  ansible.builtin.debug:
    msg: "{{ watched.log_tail | rgwkit.ceph.registry_fatal }}"
"""

RETURN = r"""
_value: {description: The line., type: str, sample: 'level=fatal msg="listen tcp: address already in use"'}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.failure import fatal_line


class FilterModule:
    """The filter registry_fatal."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_fatal": fatal_line}
