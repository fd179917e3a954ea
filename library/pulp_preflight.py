#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: pulp_preflight
short_description: Check that the bucket and the PostgreSQL of Pulp answer, before anything is changed
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Reads the bucket as the user of the access key, and connects to PostgreSQL, if O(database_host) names one.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  endpoint: {description: URL of the gateway as this host reaches it., type: str, required: true}
  ca_file:
    description: File in PEM on this host with the authorities that signed the gateway's certificate.
    type: path
  bucket: {description: Name of the bucket., type: str, required: true}
  access_key: {description: Access key of the bucket's owner., type: str, required: true}
  secret_key_file: {description: File on this host with the secret key., type: path, required: true}
  database_host: {description: Host of PostgreSQL. Empty means that there is nothing to check., type: str, default: ""}
  database_port: {description: Port of PostgreSQL., type: int, default: 5432}
  timeout: {description: Seconds for each of the checks., type: float, default: 15}
"""

EXAMPLES = r"""
- name: Check the bucket of Pulp
  rgwkit.ceph.pulp_preflight:
    endpoint: http://rgw.example.com:8080
    bucket: pulp
    access_key: pulp
    secret_key_file: /etc/rgwkit/pulp.key
"""

RETURN = r"""
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "find"
    target: "the bucket 'pulp'"
    status: 404
    code: "the gateway has no such bucket"
    hint: "Create the bucket with the role rgw_buckets."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "find"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the bucket 'pulp'"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: 404
    code:
      description: What came back.
      returned: always
      type: str
      sample: "the gateway has no such bucket"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Create the bucket with the role rgw_buckets."
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.http.endpoint import Endpoint
from ..module_utils.pulp.preflight import check_bucket, check_postgresql
from ..module_utils.s3.bucket import S3Bucket

ARGUMENTS = {
    "endpoint": {"type": "str", "required": True},
    "ca_file": {"type": "path"},
    "bucket": {"type": "str", "required": True},
    "access_key": {"type": "str", "required": True, "no_log": False},
    "secret_key_file": {"type": "path", "required": True, "no_log": False},
    "database_host": {"type": "str", "default": ""},
    "database_port": {"type": "int", "default": 5432},
    "timeout": {"type": "float", "default": 15},
}


def look(module: CensoredModule) -> dict:
    """Check both; the module's result."""
    given = module.params
    if given["database_host"]:
        check_postgresql(given["database_host"], given["database_port"], given["timeout"])
    secret = given_secret("the S3 secret key", None, given["secret_key_file"]).value
    module.strike([secret])
    endpoint = Endpoint.parse(given["endpoint"], given["ca_file"] or None, True)
    check_bucket(S3Bucket(endpoint, Login(given["access_key"], secret), given["bucket"], given["timeout"]))
    return {"changed": False}


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), supports_check_mode=True)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
