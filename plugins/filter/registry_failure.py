# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry_failure
short_description: Describe in one sentence why a new configuration of a registry failed
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns which task failed on the new configuration, and the lines of the registry's log that say why.
positional: name, log
options:
  _input: {description: "C(task), the task that failed, and C(msg), its message.", type: dict, required: true}
  name: {description: Name of the registry., type: str, required: true}
  log: {description: Last lines of the registry's log., type: list, elements: str, required: true}
"""

EXAMPLES = r"""
- name: Report the failure
  ansible.builtin.fail:
    msg: "{{ failure | rgwkit.ceph.registry_failure('hub', watched.log_tail) }}"
  vars:
    failure: {task: Run the container, msg: not ready}
"""

RETURN = r"""
_value:
  description: One sentence, or two.
  type: str
  sample: "the new configuration of hub was put in place, and 'Run the container' failed: not ready."
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.failure import registry_failure


class FilterModule:
    """The filter registry_failure."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"registry_failure": registry_failure}
