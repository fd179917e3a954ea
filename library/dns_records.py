#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_records
short_description: Publish names of hosts in DNS by signed updates
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Brings names of one zone into the state that a list describes, by dynamic updates (RFC 2136) that are signed (TSIG,
    RFC 8945), for example at BIND 9. The module manages the types V(A), V(AAAA) and V(CNAME).
  - Beside each name that the module creates, a TXT record has the identity of the inventory, at V(_rgwkit.NAME), or at
    V(_rgwkit-wildcard.NAME) for V(*.NAME). The module changes and removes only names with this mark. A name that
    exists without the mark, or with that of another inventory, is refused before anything is changed.
  - Names that are not in the list, and records of other types, stay as they are.
  - The module reads all names, plans, and sends one update for all changes. The server carries out all of them, or none
    if a name is not what the module has read. The module then reads again, and asks for each name as a client does.
  - Names that a wildcard answers for are not mistaken for names that exist. For this, the module sends updates that
    only look for a name and change nothing, also in check mode.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.dns_names
requirements:
  - dnspython 2.3 or later
options:
  server:
    description: Name or address of the primary of the zone.
    type: str
    required: true
  port: {description: TCP port of the server., type: int, default: 53}
  key_name: {description: Name of the key in the server's configuration., type: str, required: true}
  key_algorithm:
    description: Algorithm of the key.
    type: str
    choices: [hmac-sha256, hmac-sha224, hmac-sha384, hmac-sha512, hmac-sha1]
    default: hmac-sha256
  key_secret:
    description: Secret of the key in base64. Give either this or O(key_file).
    type: str
  key_file:
    description:
      - File with the secret of the key in base64 and nothing else, where the module runs. A file that every account may
        read is refused.
    type: path
  timeout: {description: Seconds for each exchange with the server., type: float, default: 10}
seealso:
  - module: rgwkit.ceph.dns_designate_records
  - module: rgwkit.ceph.dns_preflight
  - module: rgwkit.ceph.rgw_virtual_host
"""

EXAMPLES = r"""
- name: Publish a gateway, its buckets and a registry
  rgwkit.ceph.dns_records:
    server: ns1.example.com
    zone: example.com
    key_name: rgwkit
    key_file: /etc/rgwkit/secrets/tsig
    home: "{{ lookup('rgwkit.ceph.home') }}"
    records:
      - name: s3.example.com
        addresses: [192.0.2.10, "2001:db8::10"]
      - name: "*.s3.example.com"
        addresses: [192.0.2.10, "2001:db8::10"]
      - name: registry.example.com
        target: s3.example.com
        ttl: 3600
  delegate_to: localhost
  run_once: true

- name: Remove the name of a registry
  rgwkit.ceph.dns_records:
    server: ns1.example.com
    zone: example.com
    key_name: rgwkit
    key_file: /etc/rgwkit/secrets/tsig
    home: "{{ lookup('rgwkit.ceph.home') }}"
    records:
      - name: registry.example.com
        state: absent
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, in one sentence.
  returned: success
  type: str
  sample: "names of the zone example.com at ns1.example.com:53: 2 created, 1 unchanged"
records:
  description: The names of the list after the run, or in check mode as they would be, in the order of the list.
  returned: success
  type: list
  elements: dict
  sample:
    - name: s3.example.com
      mark: _rgwkit.s3.example.com
      state: present
      ours: true
      ttl: 300
      values: {A: [192.0.2.10]}
      changed: true
      changes: ["+ A 192.0.2.10 (300 s)", "+ TXT rgwkit: cluster-example"]
  contains:
    name: {description: The name., returned: always, type: str, sample: s3.example.com}
    mark: {description: Name of the TXT record., returned: always, type: str, sample: _rgwkit.s3.example.com}
    state: {description: V(present) or V(absent)., returned: always, type: str, sample: present}
    ours: {description: Whether this inventory has marked the name., returned: always, type: bool, sample: true}
    ttl:
      description: Seconds for which resolvers may keep the records; V(null) for a name that is to be absent.
      returned: always
      type: int
      sample: 300
    values: {description: Records of the name by their types., returned: always, type: dict, sample: {A: [192.0.2.10]}}
    changed: {description: Whether the run changed the name., returned: always, type: bool, sample: true}
    changes:
      description: What the run changed, a line for each record that went (V(-)) or came (V(+)).
      returned: always
      type: list
      elements: str
      sample: ["+ A 192.0.2.10 (300 s)", "+ TXT rgwkit: cluster-example"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: update
    target: s3.example.com in the zone example.com at ns1.example.com:53
    status: null
    code: REFUSED
    hint: Let the zone's allow-update or update-policy have the key, and allow-query, too.
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: update}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: s3.example.com in the zone example.com at ns1.example.com:53
    status: {description: "V(null), because DNS has no HTTP status.", returned: always, type: int, sample: null}
    code: {description: What came back., returned: always, type: str, sample: REFUSED}
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: Let the zone's allow-update or update-policy have the key, and allow-query, too.
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.dns.key import ALGORITHMS, Key
from ..module_utils.dns.mark import Owner
from ..module_utils.dns.names import domain_name
from ..module_utils.dns.options import NAMES_OPTIONS
from ..module_utils.dns.reconcile import reconcile
from ..module_utils.dns.records import parse_records
from ..module_utils.dns.report import report, summary
from ..module_utils.dns.server import Server

ARGUMENTS = {
    "server": {"type": "str", "required": True},
    "port": {"type": "int", "default": 53},
    "key_name": {"type": "str", "required": True, "no_log": False},
    "key_algorithm": {"type": "str", "choices": list(ALGORITHMS), "default": "hmac-sha256", "no_log": False},
    "key_secret": {"type": "str", "no_log": True},
    "key_file": {"type": "path", "no_log": False},
    **NAMES_OPTIONS,
    "timeout": {"type": "float", "default": 10},
}


def reach(module: CensoredModule) -> dict:
    """Bring the names to what is wanted; the module's result."""
    given = module.params
    secret = given_secret(f"the secret of the key '{given['key_name']}'", given["key_secret"], given["key_file"])
    module.strike([secret.value])
    zone = domain_name(given["zone"])
    records = parse_records(given["records"], zone, given["ttl"])
    key = Key.read(given["key_name"], given["key_algorithm"], secret)
    server = Server(given["server"], given["port"], zone, key, given["timeout"])
    plans = reconcile(server, records, Owner.of(given["home"], given["takeover"]), module.check_mode)
    for spared in (one.spared for one in plans if one.spared):
        module.warn(f"{spared}.")
    return {**report(plans), "summary": summary(plans, zone, str(server), module.check_mode)}


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        numbers=(),
        supports_check_mode=True,
        mutually_exclusive=[("key_secret", "key_file")],
        required_one_of=[("key_secret", "key_file")],
    )
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
