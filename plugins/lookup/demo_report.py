# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: demo_report
short_description: Derive folders and parts of the summary of a demo from the variables of the role demo_report
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what the role P(rgwkit.ceph.demo_report#role) derives from its variables on the current host.
  - V(open_folders) are the folders on the controller that everybody may enter, each with its C(path) and the names of
    its C(contents).
  - V(clients) tells how C(swift) and C(s3cmd) are called on the controller, and whether they are C(installed).
  - V(client) has the commands that docker or podman has to C(login), C(tag), C(push) and C(exec).
  - V(push) is a sentence about the registry's verification.
  - V(record) is the demo's folder as one of the C(services) of P(rgwkit.ceph.service_record#module), and
    V(lacks_folder) tells whether one of the V(open_folders) is missing.
options:
  _terms:
    description: Names of the values to return.
    type: list
    elements: str
    required: true
    choices: [client, clients, lacks_folder, open_folders, push, record]
  verification:
    description: Folder of the verification's report, for V(open_folders) and V(lacks_folder).
    type: str
    default: ""
  programs: {description: "Folder on the controller with ansible-playbook, for V(clients).", type: str, default: ""}
  roundtrip: {description: "Result of M(rgwkit.ceph.registry_roundtrip), for V(push).", type: dict, default: {}}
"""

EXAMPLES = r"""
- name: Show how long a push took
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.demo_report', 'push', roundtrip=registry_roundtrip_result) }}"
"""

RETURN = r"""
_raw: {description: The values of the terms., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.report import DemoReport
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup, release_of


class LookupModule(DerivedLookup):
    """The lookup demo_report."""

    prefix = "demo_report_"
    derived = DemoReport

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What other roles and the controller add."""
        options = {name: self.get_option(name) for name in ("verification", "programs", "roundtrip")}
        release = release_of(variables, ["demo_report"])
        return {**options, "home": inventory_home(self._templar, variables), "release": release}
