#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_virtual_host
short_description: Verify that a bucket of a Ceph Object Gateway is reached by its name as a virtual host
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Makes a bucket by a request with the bucket in the path, lists the bucket by C(BUCKET.ENDPOINT), as S3 clients do by
    default, and removes the bucket. This proves that the wildcard in DNS, the certificate, and the host name of the
    gateway (C(rgw_dns_name), or the C(hostnames) of the zonegroup) agree.
  - The bucket is named C(rgwkit-verify-...-s3) and has a mark. A later run removes the bucket of a killed
    run, as M(rgwkit.ceph.rgw_verify) does.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.test
options:
  endpoint:
    description: URL of the gateway by the name to prove, such as V(https://s3.example.com).
    type: str
    required: true
  address:
    description:
      - Address to connect to for all names, for example what the authoritative server has for them. Without an address,
        this host's resolver has to find the names.
    type: str
    default: ""
  access_key: {description: Access key of a user who may make buckets., type: str, required: true}
  secret_key: {description: Secret key. Give either this or O(secret_key_file)., type: str}
  secret_key_file: {description: File on the host where the module runs with the secret key., type: path}
  ca_file: {description: File with the certificate authorities to trust. By default the system's., type: path}
  timeout: {description: Seconds for each request., type: float, default: 15}
notes:
  - In check mode, the module makes and removes the bucket, too.
seealso:
  - module: rgwkit.ceph.dns_records
  - module: rgwkit.ceph.rgw_verify
"""

EXAMPLES = r"""
- name: Verify that buckets have names, by the resolver of the host
  rgwkit.ceph.rgw_virtual_host:
    endpoint: https://s3.example.com
    access_key: rgwkit
    secret_key_file: /etc/rgwkit/gateway/admin.secret

- name: Verify the same before resolvers know the names
  rgwkit.ceph.rgw_virtual_host:
    endpoint: https://s3.example.com
    address: 192.0.2.10
    access_key: rgwkit
    secret_key_file: /etc/rgwkit/gateway/admin.secret
"""

RETURN = r"""
name:
  description: Name by which the bucket was listed.
  returned: success
  type: str
  sample: rgwkit-verify-0123456789abcdef-s3.s3.example.com
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: the bucket x by the name http://x.s3.example.com
    status: 404
    code: the gateway takes the whole name for that of a bucket
    hint: "Let rgw_gateway_options have rgw_dns_name: s3.example.com."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: the bucket x by the name http://x.s3.example.com
    status: {description: HTTP status of the answer; V(null) without one., returned: always, type: int, sample: 404}
    code:
      description: What came back.
      returned: always
      type: str
      sample: the gateway takes the whole name for that of a bucket
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "Let rgw_gateway_options have rgw_dns_name: s3.example.com."
"""

from dataclasses import replace

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.doctor.virtual_host import VirtualHost
from ..module_utils.http.endpoint import Endpoint

ARGUMENTS = {
    "endpoint": {"type": "str", "required": True},
    "address": {"type": "str", "default": ""},
    "access_key": {"type": "str", "required": True, "no_log": False},
    "secret_key": {"type": "str", "no_log": True},
    "secret_key_file": {"type": "path", "no_log": False},
    "ca_file": {"type": "path"},
    "timeout": {"type": "float", "default": 15},
}


def prove(module: CensoredModule) -> dict:
    """Reach a bucket by its name; the module's result."""
    given = module.params
    secret = given_secret("the secret key", given["secret_key"], given["secret_key_file"])
    module.strike([secret.value])
    endpoint = replace(Endpoint.parse(given["endpoint"], given["ca_file"]), address=given["address"])
    host = VirtualHost(endpoint, Login(given["access_key"], secret.value), given["timeout"])
    return {"changed": False, "name": host.prove()}


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        numbers=(),
        supports_check_mode=True,
        mutually_exclusive=[("secret_key", "secret_key_file")],
        required_one_of=[("secret_key", "secret_key_file")],
    )
    run(module, lambda: prove(module))


if __name__ == "__main__":
    main()
