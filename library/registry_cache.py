#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_cache
short_description: Remove stale blob entries of a registry from its redis cache
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - A registry with a redis cache believes the cache without asking the storage. After a garbage collection the cache
    still has the deleted blobs. The next push of such a blob is skipped, and its image cannot be pulled.
  - Walks through the bucket, reads the cache entries of the blobs of its repositories, and removes the entries of blobs
    that are not in the bucket. The registry may run, because it looks in the storage for whatever the cache lacks.
  - M(rgwkit.ceph.registry_gc) does the same itself. Use this module for a bucket that another tool has collected.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.storage
  - rgwkit.ceph.s3_bucket
  - rgwkit.ceph.registry_redis
attributes:
  diff_mode: {details: The keys in redis are not shown.}
options:
  redis: {required: true}
"""

EXAMPLES = r"""
- name: Remove stale entries after a manual garbage-collect
  rgwkit.ceph.registry_cache:
    redis: {address: "redis.example:6379", password_file: /etc/registry/redis.secret}
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Remove stale entries of a registry on the swift driver from another database
  rgwkit.ceph.registry_cache:
    redis: {address: "redis.example:6379", db: 3}
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Count stale entries without removing any
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
  description: Number of digests whose stale entries were removed from redis, or in check mode would be.
  returned: success
  type: int
  sample: 3
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "list"
    target: "bucket registry at gateway.example:8080"
    status: 404
    code: "NoSuchBucket"
    hint: "Check the name of the bucket, and that its owner has the same tenant as the user."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "list"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "bucket registry at gateway.example:8080"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: 404
    code:
      description: What came back.
      returned: always
      type: str
      sample: "NoSuchBucket"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check the name of the bucket, and that its owner has the same tenant as the user."
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.registry.storage.layout import prefix_of
from ..module_utils.registry.storage.redis_options import REDIS_OPTIONS, cache_of
from ..module_utils.registry.storage.survey import Storage
from ..module_utils.s3.options import S3_OPTIONS, S3_SECRETS, bucket_of

ARGUMENTS = {**S3_OPTIONS, "redis": {**REDIS_OPTIONS["redis"], "required": True}}


def reach(module: CensoredModule) -> dict:
    """Remove stale entries from redis; the module's result."""
    options = module.params
    cache = cache_of(module)
    storage = Storage(bucket_of(module, options["bucket"]), prefix_of(options["root"]), options["parallel"])
    forgotten = cache.reconcile(storage.survey(), module.check_mode)
    return {"changed": bool(forgotten), "forgotten": forgotten}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, **S3_SECRETS)
    run(module, lambda: reach(module), f"Removing stale entries of bucket {module.params['bucket']} from redis")


if __name__ == "__main__":
    main()
