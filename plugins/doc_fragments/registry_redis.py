# SPDX-License-Identifier: Apache-2.0
"""The option of every module that uses a registry's redis (module_utils/registry/storage/redis_options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.registry_redis."""

    DOCUMENTATION = r"""
requirements: ["for O(redis): redis (Python package) 3.4 or newer, such as Debian's python3-redis"]
options:
  redis:
    description:
      - The redis that is the registry's cache (C(storage.cache.blobdescriptor)). Other programs may use the same
        database, and registries with other repositories, too.
      - One server without TLS, as registry 2 knows it. Sentinels and clusters of registry 3 are not supported.
    type: dict
    suboptions:
      address: {description: "V(host:port), as the host where the module runs reaches it.", type: str, required: true}
      db: {description: Number of the database., type: int, default: 0}
      username: {description: "User of redis, which only registry 3 can have.", type: str}
      password_file: {description: File on the host where the module runs that holds the password., type: path}
      shared:
        description:
          - Whether other registries use the same database. Which registry a blob belongs to is not said there. With
            V(false) all that are not in this bucket are forgotten; with V(true) only those that something in the bucket
            leads to, so that manifests which somebody else has collected are overlooked.
        type: bool
        default: false
"""
