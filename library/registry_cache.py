#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_cache
short_description: Let redis forget what a registry's bucket does not have
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - A registry whose cache is redis believes it without asking the storage. After the collector has run, redis goes on
    saying that the blobs are there, and the next push of one of them is skipped; its image can then not be pulled.
  - Walks through the bucket, asks redis for the blobs of its repositories, and removes what redis says of blobs that
    are not there. The registry may run, as whatever redis does not know is looked for in the storage.
  - M(rgwkit.ceph.registry_gc) does the same itself. This one is for a bucket that somebody else has collected.
extends_documentation_fragment:
  - rgwkit.ceph.s3_bucket
  - rgwkit.ceph.registry_redis
attributes:
  check_mode: {description: Says what redis would forget., support: full}
  diff_mode: {description: Keys are not shown., support: none}
  idempotent: {description: A second run finds nothing to forget., support: full}
options:
  redis: {required: true}
"""

EXAMPLES = r"""
- name: Make good what a garbage-collect by hand has left behind
  rgwkit.ceph.registry_cache:
    redis: {address: "redis.example:6379", password_file: /etc/registry/redis.secret}
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: The same on the swift driver, in another database
  rgwkit.ceph.registry_cache:
    redis: {address: "redis.example:6379", db: 3}
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Does redis say anything that is not so?
  rgwkit.ceph.registry_cache:
    redis: {address: "redis.example:6379", password_file: /etc/registry/redis.secret}
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
  check_mode: true
  register: cache
"""

RETURN = r"""
forgotten:
  description: Of how many digests redis said what was not so.
  returned: success
  type: int
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.registry.storage.layout import prefix_of
from ..module_utils.registry.storage.redis_options import REDIS_OPTIONS, cache_of
from ..module_utils.registry.storage.survey import Storage
from ..module_utils.s3.options import S3_OPTIONS, S3_SECRETS, bucket_of

ARGUMENTS = {**S3_OPTIONS, "redis": {**REDIS_OPTIONS["redis"], "required": True}}


def reach(module: CensoredModule) -> dict:
    """Remove what is not so from redis; the module's result."""
    options = module.params
    cache = cache_of(module)
    storage = Storage(bucket_of(module, options["bucket"]), prefix_of(options["root"]), options["parallel"])
    forgotten = cache.reconcile(storage.survey(), module.check_mode)
    return {"changed": bool(forgotten), "forgotten": forgotten}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, **S3_SECRETS)
    run(module, lambda: reach(module), f"The comparison of redis with bucket {module.params['bucket']}")


if __name__ == "__main__":
    main()
