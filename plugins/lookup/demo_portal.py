# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: demo_portal
short_description: Look up what follows from the variables of the role demo_portal
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.demo_portal#role) derives from its variables, for the current host, about the provider of
    OpenID Connect at which people sign in.
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      needs: What the host must have, as options of P(rgwkit.ceph.host_preflight#module).
      image: Name of the container's image, and what the image consists of.
      secret_files: Paths of the files with secrets that are made if they are missing.
      credentials: Copies of secrets, for the entry point C(credentials) of P(rgwkit.ceph.service#role).
      config: Content of the description of the provider.
      config_file: Path of the description, on the host.
      issuer: URL of the provider.
      contents: Names of all that the role writes into its folder.
      definition: The provider as a definition of P(rgwkit.ceph.service#role).
      things: The names that the provider uses, for P(rgwkit.ceph.ownership#module).
    required: true
"""

EXAMPLES = r"""
- name: Show where people sign in
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.demo_portal', 'issuer') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.login import DemoLogin
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup, release_of


class LookupModule(DerivedLookup):
    """The lookup demo_portal."""

    prefix = "demo_portal_"
    derived = DemoLogin

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, and a digest of the role with its image."""
        release = release_of(variables, ["demo_portal", "demo_portal/files"], ("tasks", "files", "canaille"))
        return {"home": inventory_home(self._templar, variables), "release": release}
