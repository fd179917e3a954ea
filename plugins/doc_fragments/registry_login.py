# SPDX-License-Identifier: Apache-2.0
"""The login of every module that asks a registry (module_utils/registry/api/options.py holds the spec)."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.registry_login."""

    DOCUMENTATION = r"""
options:
  registry:
    description: The registry on this bucket.
    type: dict
    suboptions:
      url: {description: "Its URL, without the path of its API.", type: str, required: true}
      username: {description: User of the registry., type: str}
      password_file: {description: File on the host where the module runs that holds the password., type: path}
      ca_file: {description: File with the certificates of the authorities to trust for it., type: path}
      server_name: {description: "Name that its certificate has to be for, if not that in O(registry.url).", type: str}
"""
