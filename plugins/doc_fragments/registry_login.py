# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login of all modules that send requests to a registry. The spec is in module_utils/registry/api/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.registry_login."""

    DOCUMENTATION = r"""
options:
  registry:
    description: The registry on this bucket.
    type: dict
    suboptions:
      url: {description: "URL of the registry, without the path of its API.", type: str, required: true}
      username: {description: User of the registry., type: str}
      password_file: {description: File on the host where the module runs with the password., type: path}
      ca_file: {description: File with the certificates of the authorities to trust for the registry., type: path}
      server_name:
        description: Name that the certificate must be for, if this is not the host of O(registry.url).
        type: str
"""
