#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_blobs
short_description: Check that what a registry has in its bucket is there, and is what its digest says
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Walks through a registry's bucket by the S3 API and follows every tag to its manifest and every manifest to its
    parts, reads every blob and compares it with its digest.
  - Reads what the s3 driver has written, and also what the swift driver has, since a swift container of a Ceph Object
    Gateway is a bucket, too. It then needs an S3 key of the user whom the container belongs to.
  - Holds no blob in memory; of each it keeps some 200 bytes. The registry may run. What is pushed or deleted meanwhile
    can look as if it were missing, so let it be read-only.
extends_documentation_fragment:
  - rgwkit.ceph.registry_login
  - rgwkit.ceph.s3_bucket
attributes:
  check_mode: {description: Nothing is ever changed., support: full}
  diff_mode: {description: Nothing is ever changed., support: none}
  idempotent: {description: Nothing is ever changed., support: full}
options:
  depth:
    description:
      - V(digests) is all of it. V(links) leaves the content of the blobs that are no manifests alone, so that its time
        goes with their number and not with their size.
      - V(layout) only looks whether the swift driver has written to the bucket, in one or two requests. A registry 2.8
        whose s3 driver is pointed at that serves empty blobs.
    type: str
    choices: [layout, links, digests]
    default: digests
  source:
    description: Another bucket that this one was copied from; whatever it has has to be in this one, too.
    type: dict
    suboptions:
      bucket: {description: Its name., type: str, required: true}
      root: {description: As O(root)., type: str, default: ""}
  registry:
    description: The registry on this bucket, which has to give for every tag what the bucket has for it.
  timeout:
    description: Seconds that a request may take. A blob may take as long again as its size does at 1 MiB a second.
    type: float
    default: 60
  lease:
    description: Folder of a lease (M(rgwkit.ceph.registry_lease)) that gets signs of life meanwhile; not in check mode.
    type: path
"""

EXAMPLES = r"""
- name: Every blob of the registry is what its digest says
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: The same for a registry of the swift driver, without reading its layers
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry
    root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    depth: links

- name: The bucket has all that the swift container has
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry-s3
    source:
      bucket: registry
      root: files
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret

- name: Is it safe to point the s3 driver at this bucket?
  rgwkit.ceph.registry_blobs:
    endpoint: http://gateway.example:8080
    bucket: registry
    access_key: REGISTRYACCESSKEY
    secret_key_file: /etc/registry/s3.secret
    depth: layout
"""

RETURN = r"""
repositories: {description: How many have a manifest., returned: always, type: int}
tags: {description: How many tags there are., returned: always, type: int}
manifests: {description: How many manifests were read., returned: always, type: int}
blobs: {description: "How many blobs there are, manifests included.", returned: always, type: int}
bytes: {description: How many bytes of blobs were read and compared., returned: always, type: int}
faults:
  description: What is wrong, the first thousand.
  returned: always
  type: list
  elements: dict
  contains:
    place: {description: "A key, a digest, or a tag.", type: str}
    problem: {description: What is wrong there., type: str}
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
    """Check what the parameters say. Raises InputError, ToolError."""
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
    faults = [fault._asdict() for fault in islice(report.faults, RETURNED)]
    if report.faults:
        lines = [f"- {fault}" for fault in report.faults[:SHOWN]]
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
