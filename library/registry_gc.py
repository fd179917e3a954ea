#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_gc
short_description: Collect a registry's garbage, unless the collector would delete blobs that are in use
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Runs the registry's own collector, C(garbage-collect), in the registry's container or on the host. A dry run comes
    first, and the module compares what the collector would delete with what the manifests in the bucket need. Only if
    nothing that is needed would be deleted, the collector runs for real. Afterwards the module checks the bucket again.
  - The registry and all its replicas must be read-only meanwhile. A push during the collection loses its blobs.
  - With O(redis), the entries of these blobs are removed from the cache of the registry and its replicas before the
    blobs are deleted. It is best to switch the cache off meanwhile, since a pull would bring a blob back into it.
  - Registry 2.8 takes the manifests that an index names for untagged; O(delete_untagged) is then refused.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.storage
  - rgwkit.ceph.s3_bucket
  - rgwkit.ceph.registry_login
  - rgwkit.ceph.registry_redis
attributes:
  check_mode: {details: "In check mode, the collector makes its dry run only."}
options:
  registry:
    description: The registry. It must refuse pushes right before anything is deleted, and afterwards.
  container: {description: Name of the registry's running container. Either this or O(program) is needed., type: str}
  runtime:
    version_added: "0.3.0"
    description: What runs O(container).
    type: str
    choices: [docker, podman]
    default: docker
  program:
    description:
      - The registry's program on this host with the command that starts it, as words, such as V([runuser, -u,
        docker-registry, --, docker-registry]).
    type: list
    elements: str
  config:
    description: The registry's configuration, as the container or the program sees it.
    type: path
    default: /etc/docker/registry/config.yml
  delete_untagged: {description: Whether manifests without a tag are garbage., type: bool, default: false}
  silence: {description: Seconds that the collector may run without any output., type: int, default: 3600}
  lease:
    description:
      - Folder of a lease (M(rgwkit.ceph.registry_lease)) that the module renews while it runs; not in check mode. If
        the lease has expired, nothing is deleted.
    type: path
  limit:
    description:
      - Seconds after which the module gives up the collection. In a container the collector then runs on until the
        container is restarted.
    type: int
"""

EXAMPLES = r"""
- name: Collect the garbage of a registry that is read-only
  rgwkit.ceph.registry_gc:
    container: registry
    registry: {url: "http://registry.example:5000"}
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Collect the garbage of a registry on the swift driver
  rgwkit.ceph.registry_gc:
    container: registry
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Collect the garbage of replicas that share a cache
  rgwkit.ceph.registry_gc:
    container: registry
    redis: {address: "redis.example:6379", password_file: /etc/registry/redis.secret}
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Collect the garbage of a registry that runs without a container
  rgwkit.ceph.registry_gc:
    program: [runuser, -u, docker-registry, --, docker-registry]
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Collect the garbage of a registry in a container of podman
  rgwkit.ceph.registry_gc:
    container: registry
    runtime: podman
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Measure the garbage without deleting any
  rgwkit.ceph.registry_gc:
    container: registry
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
  check_mode: true
  register: garbage
"""

RETURN = r"""
marked: {description: Number of blobs that the collector keeps., returned: success, type: int, sample: 431}
blobs:
  description: Number of deleted blobs, or in check mode of blobs that would be deleted.
  returned: success
  type: int
  sample: 17
manifests:
  description: Number of deleted manifests without a tag, or in check mode of those that would be deleted.
  returned: success
  type: int
  sample: 0
bytes: {description: "Size of these blobs, segments included.", returned: success, type: int, sample: 734003200}
forgotten:
  description: Number of digests whose stale entries were removed from redis, or in check mode would be.
  returned: success
  type: int
  sample: 17
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "run"
    target: "garbage-collect in container registry"
    status: null
    code: "there is no such container"
    hint: "Check the container's name (docker ps -a)."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "run"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "garbage-collect in container registry"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "there is no such container"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check the container's name (docker ps -a)."
"""


from typing import Callable, Optional

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import ToolError
from ..module_utils.base.module_run import run
from ..module_utils.host.docker.client import connect
from ..module_utils.http.outcomes import WrongAnswer
from ..module_utils.registry.api.options import REGISTRY_OPTIONS, clients_of
from ..module_utils.registry.storage.collector import (
    collector_by,
    collector_in,
    collector_in_podman,
    given_up_after,
)
from ..module_utils.registry.storage.garbage import Collector, collect_garbage
from ..module_utils.registry.storage.layout import prefix_of
from ..module_utils.registry.storage.lease import Keeper
from ..module_utils.registry.storage.redis_options import REDIS_OPTIONS, cache_of
from ..module_utils.registry.storage.survey import Storage
from ..module_utils.s3.options import S3_OPTIONS, S3_SECRETS, bucket_of

ARGUMENTS = {
    **S3_OPTIONS,
    **REGISTRY_OPTIONS,
    **REDIS_OPTIONS,
    "container": {"type": "str"},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "program": {"type": "list", "elements": "str"},
    "config": {"type": "path", "default": "/etc/docker/registry/config.yml"},
    "delete_untagged": {"type": "bool", "default": False},
    "silence": {"type": "int", "default": 3600},
    "lease": {"type": "path"},
    "limit": {"type": "int"},
}


RUNNERS = ("container", "program")
# Repository of the upload that tests the registry, and that never begins. No image has this name.
REPOSITORY = "rgwkit-read-only"
READ_ONLY_SECONDS = 60.0
NEEDED = {rule: [*pairs, RUNNERS] for rule, pairs in S3_SECRETS.items()}


def expect_read_only(module: CensoredModule, lease: Keeper) -> Callable[[], None]:
    """A check that raises ToolError if the registry may accept pushes. Raises InputError."""
    client = clients_of(module)[0] if module.params["registry"] else None

    def expect() -> None:
        lease.check()
        if client is None:
            return
        client.begin(READ_ONLY_SECONDS)
        try:
            client.ping()
            client.expect_read_only(REPOSITORY)
        except WrongAnswer as finding:
            raise ToolError(
                "collect the garbage of",
                client.url,
                f"the registry must refuse pushes, since an image pushed meanwhile loses its blobs: {finding}",
                "Find out what made the registry writable, check the blobs with registry_blobs, then run this again.",
            ) from None
        finally:
            client.close()

    return expect


def lease_of(module: CensoredModule) -> Optional[str]:
    """The folder of the lease to renew; None in check mode."""
    return None if module.check_mode else module.params["lease"]


def collector_of(options: dict) -> Collector:
    """What runs the registry's collector. Raises InputError and ToolError."""
    config, silence = options["config"], options["silence"]
    if options["program"]:
        return collector_by(options["program"], config, silence)
    if options["runtime"] == "podman":
        return collector_in_podman(options["container"], config, silence)
    return collector_in(connect(timeout=silence), options["container"], config)


def collect(module: CensoredModule) -> dict:
    """Collect the garbage; the module's result."""
    options = module.params
    collector = collector_of(options)
    storage = Storage(bucket_of(module, options["bucket"]), prefix_of(options["root"]), options["parallel"])
    with given_up_after(options["limit"]), Keeper(lease_of(module)) as lease:
        read_only = expect_read_only(module, lease)
        result = collect_garbage(
            collector, storage, options["delete_untagged"], module.check_mode, cache_of(module), read_only
        )
    return {"changed": bool(result.blobs or result.manifests or result.forgotten), **result._asdict()}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, **NEEDED)
    registry = module.params["container"] or module.params["config"]
    run(module, lambda: collect(module), f"The garbage collection of registry {registry}")


if __name__ == "__main__":
    main()
