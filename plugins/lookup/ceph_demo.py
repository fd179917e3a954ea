# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: ceph_demo
short_description: Derive names and container options of a demo from the variables of the role ceph_demo
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what the role P(rgwkit.ceph.ceph_demo#role) derives from its variables on the current host.
  - V(labels) and V(things) identify what the role creates.
  - V(command), V(environment), V(mounts), V(ports), V(tmpfs) and V(volumes) describe the container. V(ready_log) is the
    line that its log has when the demo is ready.
  - V(is_historic) tells whether the image is C(ceph/daemon) or C(ceph/demo), and V(bootstrap_uid) is the user that such
    an image creates.
  - V(changes_image) tells whether a running demo gets another image. V(upgrade) has the releases C(old) and C(new) of
    Ceph, and what speaks against this way as C(objection).
  - V(record) is the demo as one of the C(services) of P(rgwkit.ceph.service_record#module), and V(is_planned) tells
    whether the record can tell that nothing is to be done.
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
      - labels
      - mounts
      - ports
      - ready_log
      - record
      - things
      - tmpfs
      - upgrade
      - volumes
  image:
    description:
      - Result of C(community.docker.docker_image_info) for the image. Needed for all values that depend on the
        image.
    type: dict
    default: {images: []}
  container:
    description: Result of C(community.docker.docker_container_info) for the container, for V(changes_image).
    type: dict
    default: {exists: false}
  volumes:
    description: Volumes to remove, for V(things) with C(ceph_demo_state=absent).
    type: list
    elements: dict
    default: []
  running_release:
    description: Result of C(ceph-mon --version) in the running container, for V(upgrade).
    type: dict
    default: {}
  settled: {description: "For V(record), whether the demo is verified.", type: bool, default: false}
  image_release:
    description:
      - Result of C(ceph-mon --version) in the image, for V(upgrade). If skipped, the release in C(ceph_demo_images)
        counts.
    type: dict
    default: {}
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

RESULTS = ("image", "container", "volumes", "running_release", "image_release")


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
            "settled": self.get_option("settled"),
            "release": release_of(variables, roles=["ceph_image"]),
            "renews": renews_images(self._templar, variables),
        }
