#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_migrate
short_description: Copy a registry from a swift container to an S3 bucket with rclone
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Copies what the registry's swift driver has written to a bucket for its s3 driver, on the same gateway. The segments
    of a file become one object again; unfinished uploads are not copied.
  - An interrupted copy resumes where it stopped. Until O(state=finished), an object C(.rgwkit-copy) in the bucket marks
    the unfinished copy and names its source. A bucket with any other content is refused.
  - The registry must be read-only meanwhile. Whatever the registry has deleted since an earlier run is deleted from the
    bucket.
  - rclone's configuration is in memory only; it is in no file, argument or environment.
requirements: ["rclone 1.53 or newer", "Linux"]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.storage
  - rgwkit.ceph.s3_bucket
attributes:
  check_mode:
    support: partial
    details: In check mode, the module checks whether the copy could begin, and does not report what rclone would copy.
options:
  state:
    description:
      - V(copied) creates the bucket, if it does not exist, and copies.
      - V(finished) ends the copy, because the registry now uses the bucket. Its content is never touched again.
      - V(source_absent) removes the registry from the swift container, and the container if nothing else is in it.
    type: str
    choices: [copied, finished, source_absent]
    default: copied
  swift_user: {description: "The registry's swift user, V(uid:subuser).", type: str, required: true}
  swift_secret_file:
    description: File on the host where the module runs with the key of O(swift_user).
    type: path
    required: true
  container: {description: The swift container., type: str, required: true}
  prefix: {description: The swift driver's C(prefix)., type: str, default: ""}
  root: {description: The s3 driver's C(rootdirectory)., type: str, default: ""}
  wait:
    description: Seconds to wait for another copy to the same bucket on this host to end.
    type: float
    default: 600
  lease:
    description:
      - Folder of a lease (M(rgwkit.ceph.registry_lease)) that the module renews while it runs; not in check mode.
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

- name: Finish the copy once the registry uses the bucket
  rgwkit.ceph.registry_migrate:
    state: finished
    endpoint: http://gateway.example:8080
    swift_user: registry:swift
    swift_secret_file: /etc/registry/swift.secret
    container: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    bucket: registry-s3

- name: Remove the registry from the swift container a year later
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
copied:
  description: Number of files that were copied.
  returned: with O(state=copied), except in check mode
  type: int
  sample: 1283
compared:
  description: Number of files that were in the bucket already.
  returned: with O(state=copied), except in check mode
  type: int
  sample: 57
deleted:
  description: Number of files that were deleted from the bucket because the registry has deleted them.
  returned: with O(state=copied), except in check mode
  type: int
  sample: 4
bytes:
  description: Bytes that were copied.
  returned: with O(state=copied), except in check mode
  type: int
  sample: 10737418240
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "copy to"
    target: "bucket registry-s3"
    status: null
    code: "the bucket holds a copy of something else"
    hint: "Choose another bucket."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "copy to"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "bucket registry-s3"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "the bucket holds a copy of something else"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Choose another bucket."
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
