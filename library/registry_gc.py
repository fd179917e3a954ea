#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_gc
short_description: Collect a registry's garbage, unless the collector would delete what is in use
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Lets the registry's own collector, C(garbage-collect), make a dry run in the registry's container or on
    the host, and compares what it would delete with what the manifests in the bucket need. Only if nothing of that is
    among it, the collector runs in earnest. Then the bucket is looked at again.
  - The registry and all its replicas have to be read-only meanwhile. A push that comes in between loses its blobs.
  - With O(redis), the cache of the registry and its replicas forgets what goes, before it goes. They best do without
    the cache meanwhile, since a pull would bring a blob back into it.
  - Registry 2.8 takes the manifests that an index names for untagged; O(delete_untagged) is then refused.
requirements: ["for O(container): docker (Python package) 7.1 or newer"]
extends_documentation_fragment:
  - rgwkit.ceph.s3_bucket
  - rgwkit.ceph.registry_login
  - rgwkit.ceph.registry_redis
attributes:
  check_mode: {description: Only the dry run is done and compared., support: full}
  diff_mode: {description: Blobs are not shown., support: none}
  idempotent: {description: A second run finds nothing to delete., support: full}
options:
  registry:
    description: The registry, which has to refuse pushes right before anything is deleted, and after.
  container: {description: Name of the running registry's container. Either this or O(program) is needed., type: str}
  program:
    description:
      - The registry's program on this host and what starts it, as words, such as V([runuser, -u, docker-registry, --,
        docker-registry]).
    type: list
    elements: str
  config:
    description: The registry's configuration, as the container or the program sees it.
    type: path
    default: /etc/docker/registry/config.yml
  delete_untagged: {description: Whether manifests without a tag are garbage., type: bool, default: false}
  silence: {description: Seconds that the collector may take without saying anything., type: int, default: 3600}
  lease:
    description:
      - Folder of a lease (M(rgwkit.ceph.registry_lease)) that gets signs of life meanwhile; not in check mode.
        Where the lease is over, nothing is deleted.
    type: path
  limit:
    description:
      - Seconds after which the collection is given up. In a container the collector then runs until the container is
        restarted.
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

- name: The same on the swift driver
  rgwkit.ceph.registry_gc:
    container: registry
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: The same with a cache that several replicas share
  rgwkit.ceph.registry_gc:
    container: registry
    redis: {address: "redis.example:6379", password_file: /etc/registry/redis.secret}
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: The same without a container
  rgwkit.ceph.registry_gc:
    program: [runuser, -u, docker-registry, --, docker-registry]
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: How much would go?
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
marked: {description: How many blobs the collector keeps., returned: success, type: int}
blobs: {description: How many blobs it deletes., returned: success, type: int}
manifests: {description: "How many manifests without a tag it deletes.", returned: success, type: int}
bytes: {description: How many bytes these blobs have., returned: success, type: int}
forgotten:
  description: "Of how many digests redis said, or after the collection would say, what is not so."
  returned: success
  type: int
"""


from typing import Callable, Optional

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import ToolError
from ..module_utils.base.module_run import run
from ..module_utils.host.docker_client import connect
from ..module_utils.http.outcomes import WrongAnswer
from ..module_utils.registry.api.options import REGISTRY_OPTIONS, clients_of
from ..module_utils.registry.storage.collector import collector_by, collector_in, given_up_after
from ..module_utils.registry.storage.garbage import collect_garbage
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
    "program": {"type": "list", "elements": "str"},
    "config": {"type": "path", "default": "/etc/docker/registry/config.yml"},
    "delete_untagged": {"type": "bool", "default": False},
    "silence": {"type": "int", "default": 3600},
    "lease": {"type": "path"},
    "limit": {"type": "int"},
}


RUNNERS = ("container", "program")
# Asked about an upload that is never begun. The name is that of no image.
REPOSITORY = "rgwkit-read-only"
READ_ONLY_SECONDS = 60.0
NEEDED = {rule: [*pairs, RUNNERS] for rule, pairs in S3_SECRETS.items()}


def expect_read_only(module: CensoredModule, lease: Keeper) -> Callable[[], None]:
    """What raises ToolError, when called, where the registry of the parameters may take pushes. Raises InputError."""
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
                f"it has to refuse pushes, since what is pushed meanwhile loses its blobs: {finding}",
                "See what made the registry writable, look for lost blobs with registry_blobs, then run this again.",
            ) from None
        finally:
            client.close()

    return expect


def lease_of(module: CensoredModule) -> Optional[str]:
    """The lease to keep; check mode keeps none."""
    return None if module.check_mode else module.params["lease"]


def collect(module: CensoredModule) -> dict:
    """Collect the garbage; the module's result."""
    options = module.params
    config, silence = options["config"], options["silence"]
    if options["program"]:
        collector = collector_by(options["program"], config, silence)
    else:
        collector = collector_in(connect(timeout=silence), options["container"], config)
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
