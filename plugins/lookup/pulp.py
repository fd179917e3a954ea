# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: pulp
short_description: Look up what follows from the variables of the role pulp
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.pulp#role) derives from its variables, for the current host.
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      needs: What the host must have, as options of P(rgwkit.ceph.host_preflight#module).
      objections: What is wrong with the variables.
      requirements: The Python packages with their versions.
      own_database: Whether PostgreSQL runs on this host, for Pulp alone.
      account: Name and comment of the user as whom Pulp runs.
      venv: Folder of the Python packages.
      work: Folder for the files of tasks in progress.
      postgresql: Programs, folder and socket of the own PostgreSQL.
      database: How Pulp reaches its database.
      settings: Content of settings.py.
      settings_file: Path of settings.py.
      contents: Names of all that the role writes, by kind.
      servers: PostgreSQL and Redis as definitions of P(rgwkit.ceph.service#role).
      services: Pulp's own processes, likewise.
      surplus_workers: Workers that an earlier run may have created and that are no longer wanted, likewise.
      things: The names that all services use, for P(rgwkit.ceph.ownership#module).
      removed: All services, in the order in which they stop.
      manager: The words that run pulpcore-manager.
      status_url: Where Pulp says how its parts are.
    required: true
"""

EXAMPLES = r"""
- name: Show the settings of Pulp
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.pulp', 'settings') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.pulp.host_pulp import HostPulp
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup


class LookupModule(DerivedLookup):
    """The lookup pulp."""

    prefix = "pulp_"
    derived = HostPulp

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, and the packages, which are a file of the role."""
        role = variables.get("role_path")
        # The definitions are evaluated in the role service, too.
        file = Path(role).parent / "pulp" / "files" / "requirements.txt" if role else None
        lines = file.read_text(encoding="utf-8").splitlines() if file else []
        return {"home": inventory_home(self._templar, variables), "requirements": lines}
