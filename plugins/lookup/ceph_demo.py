# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: ceph_demo
short_description: Derive the service that a demo is from the variables of the role ceph_demo
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what the role P(rgwkit.ceph.ceph_demo#role) derives from its variables on the current host.
  - V(service) is the definition for P(rgwkit.ceph.service#role), with V(runtime), V(labels), V(command),
    V(environment), V(mounts), V(ports), V(tmpfs), V(volumes) and V(ready_log) among its values. V(monitor_version) has
    the values of a container that prints the image's release of Ceph. V(log_command) shows the log.
  - V(needs) are options of P(rgwkit.ceph.host_preflight#module), and V(store) is the folder with the volumes.
  - V(is_historic) tells whether the image is C(ceph/daemon) or C(ceph/demo), and V(bootstrap_uid) is the user that such
    an image creates.
  - V(changes_image) tells whether a running demo gets another image. V(upgrade) has the releases C(old) and C(new) of
    Ceph, and what speaks against this way as C(objection). V(move_objection) is what speaks against another runtime.
  - V(keystone) is C(ceph_demo_keystone) with all defaults, and the URL of the gateway; empty without Keystone.
  - V(is_planned) tells whether the record can tell that nothing is to be done.
options:
  _terms:
    description: Names of the values to return.
    type: list
    elements: str
    required: true
    choices:
      - bootstrap_uid
      - changes_image
      - command
      - environment
      - is_historic
      - is_planned
      - keystone
      - labels
      - log_command
      - monitor_version
      - mounts
      - move_objection
      - needs
      - ports
      - ready_log
      - runtime
      - service
      - store
      - tmpfs
      - upgrade
      - volumes
  image:
    description:
      - Result of M(rgwkit.ceph.container_image_info) for the image. Needed for all values that depend on the image.
    type: dict
    default: {}
  found:
    description: Result of M(rgwkit.ceph.service_watch) for the container, for V(changes_image).
    type: dict
    default: {}
  compared:
    description:
      - Result of M(rgwkit.ceph.service_record) for the demo, for V(changes_image), V(move_objection), and for
        V(service) with C(ceph_demo_state=absent).
    type: dict
    default: {}
  volumes:
    description: Names of the volumes to remove, for V(service) with C(ceph_demo_state=absent).
    type: list
    elements: str
    default: []
  running_release:
    description: What C(ceph-mon --version) prints in the running container, for V(upgrade).
    type: str
    default: ""
  image_release:
    description:
      - What C(ceph-mon --version) prints in the image, for V(upgrade). If empty, the release in C(ceph_demo_images)
        counts.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show the container's mounts
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.ceph_demo', 'mounts', image=image_info) }}"
"""

RETURN = r"""
_raw: {description: The values of the terms., type: list, elements: raw}
"""

from collections.abc import Mapping
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.container import CephDemo
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import (
    DerivedLookup,
    release_of,
    renews_images,
)

RESULTS = ("image", "found", "compared", "volumes", "running_release", "image_release")


class LookupModule(DerivedLookup):
    """The lookup ceph_demo."""

    prefix = "ceph_demo_"
    derived = CephDemo

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, and results of tasks."""
        results = {name: self.get_option(name) for name in RESULTS}
        return {
            "home": inventory_home(self._templar, variables),
            **results,
            "release": release_of(variables, ["ceph_demo", "ceph_image", "service"]),
            "renews": renews_images(self._templar, variables),
        }
