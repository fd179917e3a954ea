# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_verify_results
short_description: Collect the results of a verification from the hosts of a play
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the results in the form of the option C(results) of P(rgwkit.ceph.rgw_verify_report#module). The result of a
    host that left the play before the verification is empty.
positional: hosts, remaining
options:
  _input: {description: The variables of all hosts., type: dict, required: true}
  hosts: {description: All hosts of the play., type: list, elements: str, required: true}
  remaining: {description: The hosts that have not left the play., type: list, elements: str, required: true}
"""

EXAMPLES = r"""
- name: Write the report
  rgwkit.ceph.rgw_verify_report:
    results: "{{ hostvars | rgwkit.ceph.rgw_verify_results(ansible_play_hosts_all, ansible_play_hosts) }}"
  run_once: true
"""

RETURN = r"""
_value: {description: The results by host., type: dict, sample: {gateway1: {}}}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.hosts import results_by_host


class FilterModule:
    """The filter rgw_verify_results."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_verify_results": results_by_host}
