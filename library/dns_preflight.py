#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_preflight
short_description: Find contradictions between names that are to be published in DNS and the names that gateways know
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Holds the names for M(rgwkit.ceph.dns_records) against each other and against the host names of the gateways, and
    fails once with all findings. Each finding has a remedy. A problem that breaks nothing today is a warning. The
    module asks no server, and changes nothing.
  - As soon as a gateway knows one host name, the gateway takes every other name for that of a bucket. Without any host
    name, the gateway looks for the bucket in the path only.
  - Certificates are checked on their hosts, by the option C(certificates) of M(rgwkit.ceph.host_preflight).
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  zone: {description: "The zone, such as V(example.com).", type: str, required: true}
  ttl: {description: Seconds for entries of O(records) without a TTL., type: int, default: 300}
  records:
    description: The names, in the form of M(rgwkit.ceph.dns_records).
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: "Name in the zone, which may begin with V(*.).", type: str, required: true}
      addresses: {description: IPv4 and IPv6 addresses., type: list, elements: str, default: []}
      target: {description: Name that the name stands for., type: str, default: ""}
      ttl: {description: Seconds for which resolvers may keep the records., type: int}
      state: {description: Whether the name is to exist., type: str, choices: [present, absent], default: present}
  endpoint: {description: Name of the gateways; empty if none is published., type: str, default: ""}
  virtual_hosts: {description: "Whether buckets are below the endpoint, as BUCKET.ENDPOINT.", type: bool, default: true}
  gateway_names:
    description: Names that the gateways take for their own, from C(rgw_dns_name) and the C(hostnames) of the zonegroup.
    type: list
    elements: str
    default: []
  website_names:
    description: The same for web sites, from C(rgw_dns_s3website_name) and C(hostnames_s3website).
    type: list
    elements: str
    default: []
seealso:
  - module: rgwkit.ceph.dns_records
  - module: rgwkit.ceph.host_preflight
"""

EXAMPLES = r"""
- name: Check the names of a gateway
  rgwkit.ceph.dns_preflight:
    zone: example.com
    endpoint: s3.example.com
    gateway_names: [s3.example.com]
    records:
      - {name: s3.example.com, addresses: [192.0.2.10]}
      - {name: "*.s3.example.com", addresses: [192.0.2.10]}
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
findings:
  description: Problems that would keep clients from what they look for; empty on success.
  returned: always
  type: list
  elements: dict
  sample:
    - what: the gateways know no name, and would look for the bucket of BUCKET.s3.example.com in the path
      remedy: "let rgw_gateway_options have rgw_dns_name: s3.example.com"
      severity: error
  contains: &finding
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    what:
      description: What is wrong.
      returned: always
      type: str
      sample: the gateways know no name, and would look for the bucket of BUCKET.s3.example.com in the path
    effect:
      description: What comes of the problem.
      returned: where the effect is known
      type: str
      sample: the bucket docs has no virtual host
    place: {description: Entry of O(records)., returned: for an entry, type: str, sample: "records[0]"}
    remedy:
      description: How to fix the problem.
      returned: always
      type: str
      sample: "let rgw_gateway_options have rgw_dns_name: s3.example.com"
notes:
  description: Warnings about problems that break nothing today, in the same form as C(findings).
  returned: always
  type: list
  elements: dict
  sample:
    - what: the gateways know the name old.example.com, which gets no record here
      remedy: add the name to dns_publish_names, or take it from the gateways
      severity: warning
  contains: *finding
failure:
  description: The parameters that could not be used. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: use
    target: the given parameters
    status: null
    code: "'a b' is no name of a host."
    hint: ""
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: use}
    target: {description: Object of the operation., returned: always, type: str, sample: the given parameters}
    status: {description: Always V(null)., returned: always, type: int, sample: null}
    code: {description: What is wrong., returned: always, type: str, sample: "'a b' is no name of a host."}
    hint: {description: Always empty., returned: always, type: str, sample: ""}
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.findings import ERROR, as_data, describe
from ..module_utils.base.module_run import run
from ..module_utils.dns.consistency import Published, look
from ..module_utils.dns.options import RECORD_OPTIONS

ARGUMENTS = {
    "zone": {"type": "str", "required": True},
    "ttl": {"type": "int", "default": 300},
    "records": {"type": "list", "elements": "dict", "required": True, "options": RECORD_OPTIONS},
    "endpoint": {"type": "str", "default": ""},
    "virtual_hosts": {"type": "bool", "default": True},
    "gateway_names": {"type": "list", "elements": "str", "default": []},
    "website_names": {"type": "list", "elements": "str", "default": []},
}


def judge(module: CensoredModule) -> dict:
    """All findings; ends the module with a failure if one of them is an error."""
    given = module.params
    found = look(
        Published(
            zone=given["zone"],
            ttl=given["ttl"],
            entries=given["records"],
            endpoint=given["endpoint"],
            virtual_hosts=given["virtual_hosts"],
            names=given["gateway_names"],
            websites=given["website_names"],
        )
    )
    errors = [one for one in found if one.severity == ERROR]
    notes = [one for one in found if one.severity != ERROR]
    result = {"findings": as_data(errors), "notes": as_data(notes)}
    for note in notes:
        module.warn(str(note))
    if errors:
        module.fail_json(msg="the names contradict each other, and none was published:\n" + describe(errors), **result)
    return {"changed": False, **result}


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), supports_check_mode=True)
    run(module, lambda: judge(module))


if __name__ == "__main__":
    main()
