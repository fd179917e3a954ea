#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_migrate
short_description: Copy what a registry has from a swift container to an S3 bucket, by rclone
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Gives the registry's s3 driver what its swift driver has written, on the same gateway. Segments become one object
    again; uploads that were not finished stay behind.
  - A copy that was ended, in whatever way, goes on where it was. Until O(state=finished), an object C(.rgwkit-copy) in
    the bucket says that and from where; a bucket with anything else in it is refused.
  - While it runs, the registry has to be read-only. What the registry deleted since an earlier run is deleted here.
  - rclone's configuration is in memory only, on no disk, in no argument and no environment.
requirements: ["rclone 1.53 or newer", "Linux"]
extends_documentation_fragment:
  - rgwkit.ceph.s3_bucket
attributes:
  check_mode:
    description: Looks whether it could begin.
    support: partial
    details: What rclone would copy is not said.
  diff_mode: {description: Blobs are not shown., support: none}
  idempotent: {description: What is there already is not copied again., support: full}
options:
  state:
    description:
      - V(copied) makes the bucket, if there is none, and copies.
      - V(finished) ends it, as the registry now uses the bucket. What is in it is never touched again.
      - V(source_absent) removes the registry from the swift container, and the container if there was nothing else.
    type: str
    choices: [copied, finished, source_absent]
    default: copied
  swift_user: {description: "The swift user, V(uid:subuser), that the registry had.", type: str, required: true}
  swift_secret_file:
    description: File on the host where the module runs that holds its key.
    type: path
    required: true
  container: {description: The swift container., type: str, required: true}
  prefix: {description: C(prefix) of the swift driver., type: str, default: ""}
  root: {description: C(rootdirectory) of the s3 driver., type: str, default: ""}
  wait:
    description: Seconds to wait for another copy to the same bucket on this host to end.
    type: float
    default: 600
  lease:
    description: Folder of a lease (M(rgwkit.ceph.registry_lease)) that gets signs of life meanwhile; not in check mode.
    type: path
"""

EXAMPLES = r"""
- name: Copy the registry to a bucket
  rgwkit.ceph.registry_migrate:
    endpoint: http://gateway.example:8080
    swift_user: registry:swift
    swift_secret_file: /etc/registry/swift.secret
    container: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    bucket: registry-s3

- name: The registry now uses the bucket
  rgwkit.ceph.registry_migrate:
    state: finished
    endpoint: http://gateway.example:8080
    swift_user: registry:swift
    swift_secret_file: /etc/registry/swift.secret
    container: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    bucket: registry-s3

- name: A year later, the container goes
  rgwkit.ceph.registry_migrate:
    state: source_absent
    endpoint: http://gateway.example:8080
    swift_user: registry:swift
    swift_secret_file: /etc/registry/swift.secret
    container: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    bucket: registry-s3
"""

RETURN = r"""
copied: {description: How many files were copied., returned: with O(state=copied), type: int}
compared: {description: How many were there already., returned: with O(state=copied), type: int}
deleted: {description: How many the registry has deleted since., returned: with O(state=copied), type: int}
bytes: {description: How many bytes were copied., returned: with O(state=copied), type: int}
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.registry.storage.copy import Job, begin, copy, finish, remove_source
from ..module_utils.registry.storage.lease import Keeper
from ..module_utils.registry.storage.survey import Storage
from ..module_utils.s3.options import S3_OPTIONS, S3_SECRETS, bucket_of, login_of

ARGUMENTS = {
    **S3_OPTIONS,
    "state": {"type": "str", "choices": ["copied", "finished", "source_absent"], "default": "copied"},
    "swift_user": {"type": "str", "required": True},
    "swift_secret_file": {"type": "path", "required": True, "no_log": False},
    "container": {"type": "str", "required": True},
    "prefix": {"type": "str", "default": ""},
    "wait": {"type": "float", "default": 600},
    "lease": {"type": "path"},
}


def job_of(module: CensoredModule) -> Job:
    """What the parameters say, its secrets known to the module as such. Raises InputError."""
    options = module.params
    if options["container"] == options["bucket"]:
        raise InputError("container and bucket are one and the same; the s3 driver needs a bucket of its own")
    swift = Login(options["swift_user"], given_secret("the swift key", None, options["swift_secret_file"]).value)
    module.no_log_values.add(swift.secret)
    same = ("endpoint", "container", "prefix", "bucket", "root", "ca_file", "validate_certs")
    return Job(
        swift=swift, s3=login_of(module), transfers=options["parallel"], **{name: options[name] for name in same}
    )


def reach(module: CensoredModule) -> dict:
    """Reach the state; the module's result. Raises InputError, ToolError."""
    options, dry = module.params, module.check_mode
    job = job_of(module)
    bucket = bucket_of(module, job.bucket)
    source = bucket.another(job.container)
    if options["state"] == "finished":
        return {"changed": finish(job, bucket, dry)}
    if options["state"] == "source_absent":
        return {"changed": remove_source(job, Storage(source, "", options["parallel"]), dry)}
    begun = begin(job, source, bucket, dry)
    if dry:
        return {"changed": begun}
    with Keeper(options["lease"]) as lease:
        counts = copy(job, source, options["wait"])
        lease.check()
    return {"changed": begun or bool(counts["copied"] or counts["deleted"]), **counts}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, **S3_SECRETS)
    options = module.params
    end_by_exception()
    run(module, lambda: reach(module), f"The copy from container {options['container']} to bucket {options['bucket']}")


if __name__ == "__main__":
    main()
