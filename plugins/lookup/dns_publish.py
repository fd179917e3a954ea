# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: dns_publish
short_description: Look up what follows from the variables of the role dns_publish and from the inventory
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.dns_publish#role) derives from its variables and from those of the hosts of the groups
    C(rgws), C(ingress) and C(registries).
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      records: The names, as the option of P(rgwkit.ceph.dns_records#module).
      registries: The names of registries in the zone, which C(registry_names) and C(rgw_ingress_services) have.
      gateway_names: The host names of the gateways by C(rgw_gateway_options), V(names) and V(websites).
      certificates: The certificates that clients see, with their hosts and the names to cover.
      url: URL of the gateways by the endpoint.
      proof_addresses: Addresses at which a bucket is looked for.
    required: true
"""

EXAMPLES = r"""
- name: Show the names that DNS would get
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.dns_publish', 'records') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.derive import PublishedNames
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup


class LookupModule(DerivedLookup):
    """The lookup dns_publish."""

    prefix = "dns_publish_"
    derived = PublishedNames

    def run(self, terms, variables=None, **kwargs) -> list[Any]:
        """Return the value of each term."""
        try:
            return super().run(terms, variables, **kwargs)
        except InputError as error:
            raise AnsibleLookupError(str(error)) from error

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables of all hosts, and the groups."""
        return {"hostvars": variables["hostvars"], "groups": variables["groups"]}
