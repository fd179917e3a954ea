#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_blobs
short_description: Check that a registry's bucket is complete and that every blob matches its digest
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Walks through a registry's bucket over the S3 API, follows every tag to its manifest and every manifest to its
    parts, and compares the content of every blob with its digest.
  - Reads what the s3 driver has written and also what the swift driver has written, because a swift container of a
    Ceph Object Gateway is a bucket as well. For such a container the module needs an S3 key of the container's owner.
  - Keeps no blob in memory, and some 200 bytes for each. The registry may run. A blob that is pushed or deleted during
    the check can look like a missing one, so set the registry to read-only first.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.registry_login
  - rgwkit.ceph.s3_bucket
options:
  depth:
    description:
      - V(digests) checks everything. V(links) does not read the content of blobs other than manifests, so that its
        duration depends on the number of blobs and not on their size.
      - V(layout) only checks whether the swift driver has written to the bucket, in one or two requests. A registry 2.8
        whose s3 driver uses such a bucket serves empty blobs.
    type: str
    choices: [layout, links, digests]
    default: digests
  source:
    description: Another bucket that this one was copied from. This bucket must have everything that is in the source.
    type: dict
    suboptions:
      bucket: {description: Name of the source., type: str, required: true}
      root: {description: Folder in the source; see O(root)., type: str, default: ""}
  registry:
    description: The registry on this bucket. It must serve every tag as the bucket has it.
  timeout:
    description: Seconds that a request may take. A blob may also take the time that its size takes at 1 MiB a second.
    type: float
    default: 60
  lease:
    description:
      - Folder of a lease (M(rgwkit.ceph.registry_lease)) that the module renews while it runs; not in check mode.
    type: path
"""

EXAMPLES = r"""
- name: Check every blob of the registry
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Check a registry on the swift driver without reading its layers
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    depth: links

- name: Check that the bucket has everything from the swift container
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    source:
      bucket: registry
      root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Check whether the s3 driver can use this bucket
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    depth: layout
"""

RETURN = r"""
repositories:
  description: Number of repositories that have a manifest.
  returned: success, and when there are faults
  type: int
  sample: 12
tags: {description: Number of tags., returned: "success, and when there are faults", type: int, sample: 87}
manifests:
  description: Number of manifests that were read.
  returned: success, and when there are faults
  type: int
  sample: 95
blobs:
  description: Number of blobs, manifests included.
  returned: success, and when there are faults
  type: int
  sample: 431
bytes:
  description: Bytes of blobs that were read and compared with their digests.
  returned: success, and when there are faults
  type: int
  sample: 10737418240
faults:
  description: Faults of the bucket, at most the first thousand.
  returned: success, and when there are faults
  type: list
  elements: dict
  sample:
    - place: app:1.0
      what: its link holds no digest
      remedy: Push the images again that need the object, or delete their manifests from the registry.
      severity: error
  contains:
    place: {description: "A key, a digest or a tag.", returned: always, type: str, sample: "app:1.0"}
    what:
      description: What is wrong there.
      returned: always
      type: str
      sample: its link holds no digest
    remedy:
      description: What to do about it.
      returned: always
      type: str
      sample: Push the images again that need the object, or delete their manifests from the registry.
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: list
    target: "bucket registry at gateway.example:8080"
    status: 404
    code: NoSuchBucket
    hint: "Check the name of the bucket, and that its owner has the same tenant as the user."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: list}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "bucket registry at gateway.example:8080"
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      returned: always
      type: int
      sample: 404
    code:
      description: "Error code of the gateway, or how the connection failed."
      returned: always
      type: str
      sample: NoSuchBucket
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "Check the name of the bucket, and that its owner has the same tenant as the user."
"""

from itertools import islice

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import ToolError
from ..module_utils.base.module_run import run
from ..module_utils.base.words import plural
from ..module_utils.http.outcomes import WrongAnswer
from ..module_utils.registry.api.options import REGISTRY_OPTIONS, clients_of
from ..module_utils.registry.storage.blobs import Report, check, layout_faults, missing
from ..module_utils.registry.storage.layout import prefix_of
from ..module_utils.registry.storage.lease import Keeper
from ..module_utils.registry.storage.survey import Storage
from ..module_utils.registry.storage.tags import tag_faults
from ..module_utils.s3.options import S3_OPTIONS, S3_SECRETS, bucket_of

ARGUMENTS = {
    **S3_OPTIONS,
    "depth": {"type": "str", "choices": ["layout", "links", "digests"], "default": "digests"},
    "source": {
        "type": "dict",
        "options": {"bucket": {"type": "str", "required": True}, "root": {"type": "str", "default": ""}},
    },
    **REGISTRY_OPTIONS,
    "lease": {"type": "path"},
}
SHOWN = 10
RETURNED = 1000


def look(module: CensoredModule) -> Report:
    """Run the check that the parameters ask for. Raises InputError, ToolError."""
    options = module.params
    bucket, prefix = bucket_of(module, options["bucket"]), prefix_of(options["root"])
    if options["depth"] == "layout":
        return Report(list(layout_faults(bucket, prefix)))
    storage = Storage(bucket, prefix, options["parallel"])
    try:
        report, survey = check(storage, options["depth"] == "digests")
        if options["source"]:
            source = Storage(bucket.another(options["source"]["bucket"]), prefix_of(options["source"]["root"]), 1)
            report.faults += missing(source, storage)
    finally:
        storage.close()
    if options["registry"]:
        clients = clients_of(module, options["parallel"])
        try:
            report.faults += tag_faults(clients, survey.tags, options["timeout"])
        except WrongAnswer as wrong:
            raise ToolError("read the tags of", clients[0].url, str(wrong), "Read the registry's log.") from None
    return report


def report(module: CensoredModule) -> dict:
    """The module's result; fail where there are faults."""
    where = f"bucket {module.params['bucket']}"
    with Keeper(None if module.check_mode else module.params["lease"]) as lease:
        report = look(module)
        lease.check()
    faults = [fault.as_dict() for fault in islice(report.faults, RETURNED)]
    if report.faults:
        lines = [f"- {fault.place}: {fault.what}" for fault in report.faults[:SHOWN]]
        more = len(report.faults) - len(lines)
        lines += [f"- and {more} more"] * (more > 0)
        title = f"{where}: {plural(len(report.faults), 'fault')}"
        module.fail_json(msg="\n".join([title, *lines]), faults=faults, **report.counts())
    return {"faults": faults, **report.counts()}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, **S3_SECRETS)
    run(module, lambda: report(module), f"The check of bucket {module.params['bucket']}")


if __name__ == "__main__":
    main()
