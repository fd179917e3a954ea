# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: registry
short_description: Look up what follows from the variables of a registry
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what the role P(rgwkit.ceph.registry#role) derives from its variables, which have to be set, as they are
    within the role.
  - B(The configuration.) V(config) without its secrets; V(driver), the section of its storage driver; V(secrets), the
    files of its secrets by their places; V(unset_secret), the variable that has to name such a file and does not.
  - B(Names on the host.) V(collector_unit), V(guard_unit), and all names as V(things) for
    P(rgwkit.ceph.ownership#module).
  - B(Needs of the host.) V(needs) and V(certificate_pairs), for P(rgwkit.ceph.host_preflight#module).
  - B(Files.) V(certificates) to copy, by the names of their copies; V(kept_names), the files that are kept while a new
    configuration is put in place; V(contents) of the folder; V(group), which reads the files.
  - B(What runs.) V(service), the definition for P(rgwkit.ceph.service#role); V(trial), what differs in a trial;
    V(watched), the process as options of P(rgwkit.ceph.service_watch#module); V(part), what a report calls what runs;
    V(config_file) as the process sees the file; V(collector), how P(rgwkit.ceph.registry_gc#module) runs the garbage
    collector; V(restarted), how the guard of P(rgwkit.ceph.registry_lease#module) restarts the registry.
  - B(The storage.) V(roots) of the registry's files for either driver, V(bucket), V(segment_size) in bytes, V(redis),
    and V(waiting_seconds), the lease of a replica while another host works.
  - B(How the registry is reached.) V(address), V(url), V(tls) and V(as_client) for the role's verification, its
    V(login), V(steps), V(pushes), which says whether it pushes with docker or podman, too, V(lets_everybody_in), and
    V(is_mirror), which says whether the registry is a pull-through cache.
  - B(Redirects.) V(redirects) says whether the registry sends its clients to the gateway, V(redirect_choice) what the
    variable says, V(redirect_is_settled) whether the last proof was one of the same inputs, V(redirect_found) what that
    proof has found. V(redirect_proven) and V(redirect_failed) are outcomes for the role to keep, V(redirect_faults)
    what the variables show to be wrong, V(redirect_options) an option of P(rgwkit.ceph.registry_probe#module).
  - V(is_planned) says whether the record can tell that nothing is to be done.
options:
  _terms: {description: What to look up., type: list, elements: str, required: true}
  account:
    description: Result of P(ansible.builtin.getent#module) for C(registry_uid), for V(group).
    type: dict
    default: {}
  collecting:
    description: Whether the registry is read-only for a garbage collection, for V(config) and V(service).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Show the URL at which the role verifies the registry
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.registry', 'url') }}"
"""

RETURN = r"""
_raw: {description: The value of each term., type: list, elements: raw}
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.service import RegistryService
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import (
    DerivedLookup,
    release_of,
    renews_images,
)


class LookupModule(DerivedLookup):
    """The lookup registry."""

    prefix = "registry_"
    derived = RegistryService

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, what tasks know besides, and where the role's files are."""
        # A variable is evaluated where it is used, which may be in another role of the collection.
        roles = Path(variables.get("role_path", "")).parent
        return {
            "home": inventory_home(self._templar, variables),
            "account": self.get_option("account"),
            "collecting": self.get_option("collecting"),
            "release": release_of(variables, ["registry", "service"]),
            "renews": renews_images(self._templar, variables),
            "redirect_outcome": self._templar.template(variables.get("__registry_redirect_outcome", "")),
            "layer": str(roles / "registry/files/registry"),
        }
