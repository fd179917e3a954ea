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
  - B(Names on the host.) V(labels) of containers, V(unit_file), V(trial_name), V(collector_unit), V(guard_unit), and
    all of them as V(things) for P(rgwkit.ceph.ownership#module).
  - B(Needs of the host.) V(commands), V(images) and V(certificate_pairs), for P(rgwkit.ceph.host_preflight#module).
  - B(Files.) V(certificates) to copy, by the names of their copies; V(loads), the files that the registry reads at its
    start; V(kept_names), the files that are kept while a new configuration is put in place; V(contents) of the folder.
  - B(What runs.) V(group) and V(user); V(command) and V(config_file) as the process sees it; V(mounts),
    V(published_ports) and V(environment); V(properties) of the unit; V(trial_command), V(trial_environment) and
    V(trial_program) of the trial; V(collector_program) of the garbage collector.
  - B(The storage.) V(roots) of the registry's files for either driver, V(bucket), V(segment_size) in bytes, V(redis),
    and V(waiting_seconds), the lease of a replica while another host works.
  - B(How the registry is reached.) V(address), V(url), V(tls) and V(as_client) for the role's verification, its
    V(steps), V(docker_trusts), which says whether it pushes with docker, too, and V(lets_everybody_in).
  - The comparison with the last run needs V(record), the registry as one of the C(services) of
    P(rgwkit.ceph.service_record#module), and V(is_planned), which says whether the record can tell that nothing is to
    be done.
options:
  _terms: {description: What to look up., type: list, elements: str, required: true}
  home: {description: "Identity of the inventory, for V(labels) and V(trial_program).", type: str, default: ""}
  account:
    description: Result of P(ansible.builtin.getent#module) for C(registry_uid), for V(group) and V(user).
    type: dict
    default: {}
  collecting:
    description: Whether the registry is read-only for a garbage collection, for V(config).
    type: bool
    default: false
  settled:
    description: Whether the registry is verified on its configuration, for V(record).
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
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.service import RegistryService
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
        """What the role knows besides its variables."""
        known = {name: self.get_option(name) for name in ("home", "account", "collecting", "settled")}
        return {**known, "release": release_of(variables), "renews": renews_images(self._templar, variables)}
