# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: container_image
short_description: Find out whether an image on a host is the one that the role container_image is to create
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what the role P(rgwkit.ceph.container_image#role) derives from its variables on the current host.
  - V(base) is the name of the image below the layer.
  - V(state) tells whether the image is C(needed) or C(renewable), by which C(way) the role gets it, the digest of its
    C(layer), what is C(said) about an image that stays, and in which way it is C(old).
  - V(own) are the names of the image and of its base, as far as they are present and made by the toolkit.
  - V(pip_options) are the options by which C(pip) gets packages that run in the image.
  - V(wanted) is the image as one of the C(images) of P(rgwkit.ceph.host_preflight#module).
options:
  _terms:
    description: Names of the values to return.
    type: list
    elements: str
    required: true
    choices: [base, own, pip_options, state, wanted]
  found:
    description: Result of M(rgwkit.ceph.container_image_info) for the image and its base, for V(state) and V(own).
    type: dict
    default: {images: []}
  layer:
    description: Result of C(ansible.builtin.find) for the files of the layer, with checksums, for V(state).
    type: dict
    default: {}
  renew:
    description: Whether the role looks for a newer image, for V(state).
    type: bool
    default: false
  machine: {description: "What C(uname -m) says on the host, for V(pip_options).", type: str, default: ""}
"""

EXAMPLES = r"""
- name: Show whether the image is needed
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.container_image', 'state', found=image_info).needed }}"
"""

RETURN = r"""
_raw: {description: The values of the terms., type: list, elements: raw}
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.host.container_image import ContainerImage
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup


class LookupModule(DerivedLookup):
    """The lookup container_image."""

    prefix = "container_image_"
    derived = ContainerImage

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Results of tasks, whether to renew, and the list of Python packages."""
        requirements = self._templar.template(variables.get("container_image_requirements", ""))
        content = Path(requirements).read_bytes() if requirements else b""
        options = {name: self.get_option(name) for name in ("found", "layer", "renew", "machine")}
        return {**options, "requirements": content}
