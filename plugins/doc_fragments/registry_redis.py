# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The option of all modules that use a registry's redis. See module_utils/registry/storage/redis_options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.registry_redis."""

    DOCUMENTATION = r"""
requirements: ["for O(redis): redis (Python package) 3.4 or newer, such as Debian's python3-redis"]
options:
  redis:
    description:
      - The redis that is the registry's cache (C(storage.cache.blobdescriptor)). Other programs, and registries with
        other repositories, may use the same database.
      - One server without TLS, as registry 2 supports it. Sentinels and clusters of registry 3 are not supported.
    type: dict
    suboptions:
      address:
        description: Address of redis as V(host:port), for the host where the module runs.
        type: str
        required: true
      db: {description: Number of the database., type: int, default: 0}
      username: {description: User of redis. Only registry 3 can have one., type: str}
      password_file: {description: File on the host where the module runs with the password., type: path}
      shared:
        description:
          - Whether other registries use the same database. The database does not tell which registry a blob belongs to.
            With V(false), the entries of all blobs that are not in this bucket are removed. With V(true), only entries
            of blobs that something in the bucket refers to are removed, so manifests that another tool has collected
            are overlooked.
        type: bool
        default: false
"""
