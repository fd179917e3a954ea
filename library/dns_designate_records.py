#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: dns_designate_records
short_description: Publish names of hosts in DNS by OpenStack Designate
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Brings names of one zone into the state that a list describes, by the API v2 of OpenStack Designate, as a user of
    Keystone. The module manages recordsets of the types V(A), V(AAAA) and V(CNAME). The zone has to exist.
  - Beside each name that the module creates, a TXT record has the identity of the inventory, at V(_rgwkit.NAME), or at
    V(_rgwkit-wildcard.NAME) for V(*.NAME). The module changes and removes only names with this mark. A name that
    exists without the mark, or with that of another inventory, is refused before anything is changed.
  - Names that are not in the list, and recordsets of other types, stay as they are.
  - Designate carries out each change for itself. The mark of a name comes first and goes last, so that another run goes
    on where a run has ended in the middle.
  - The module waits until all name servers of the pool have the changes, reads again, and asks the name servers for
    each name as a client does.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.dns_names
requirements:
  - dnspython 2.3 or later, unless O(ask_name_servers=false)
options:
  url:
    description: URL of Keystone, with or without C(/v3) at its end.
    type: str
    required: true
  user:
    description: Name of a user with a role in the project of the zone, or the ID of an application credential.
    type: str
    required: true
  password_file:
    description: File with the user's password, or with the secret of the application credential, where the module runs.
    type: path
    required: true
  project: {description: Name of the project that has the zone; not with an application credential., type: str}
  user_domain: {description: Name of the user's domain., type: str, default: Default}
  project_domain: {description: Name of the project's domain., type: str, default: Default}
  application_credential:
    description: Whether O(user) and O(password_file) are an application credential, which is for one project already.
    type: bool
    default: false
  ca_file:
    description: File in PEM with the authorities that signed the certificates of Keystone and Designate.
    type: path
  allow_cleartext_secrets:
    description: Whether the password and tokens may travel without TLS to another host than this one.
    type: bool
    default: false
  region:
    description: Region of Designate in Keystone's catalogue. Required where the catalogue has more than one.
    type: str
    default: ""
  interface:
    description: Interface of Designate in Keystone's catalogue.
    type: str
    choices: [public, internal, admin]
    default: public
  endpoint:
    description: URL of Designate, with or without C(/v2) at its end. Empty takes the URL of Keystone's catalogue.
    type: str
    default: ""
  name_servers:
    description:
      - Names or addresses of the name servers that are asked for each name at the end, on TCP port 53. By default those
        that the zone names.
    type: list
    elements: str
    default: []
  ask_name_servers:
    description:
      - Whether to ask the name servers. Without, the module relies on Designate, which asks them itself before a change
        counts as active.
    type: bool
    default: true
  wait:
    description: Seconds until the name servers have to have the changes.
    type: float
    default: 180
  timeout:
    description: Seconds for each request to Keystone and Designate, and for each question to a name server.
    type: float
    default: 15
seealso:
  - module: rgwkit.ceph.dns_records
  - module: rgwkit.ceph.dns_preflight
  - module: rgwkit.ceph.rgw_virtual_host
"""

EXAMPLES = r"""
- name: Publish a gateway, its buckets and a registry
  rgwkit.ceph.dns_designate_records:
    url: https://keystone.example.com:5000
    user: dns
    password_file: /etc/rgwkit/secrets/keystone-dns
    project: storage
    zone: example.com
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

- name: Remove the name of a registry, by an application credential
  rgwkit.ceph.dns_designate_records:
    url: https://keystone.example.com:5000
    application_credential: true
    user: 6f0b8c1fd1cb4b3f8b1e2f5f0a2c7d3e
    password_file: /etc/rgwkit/secrets/keystone-dns
    zone: example.com
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
  sample: "names of the zone example.com at Designate https://dns.example.com:9001: 2 created, 1 unchanged"
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
    operation: create
    target: A of s3.example.com in the zone example.com at Designate https://dns.example.com:9001
    status: 413
    code: Quota exceeded for zone_recordsets.
    hint: Have the project's quota raised (openstack dns quota set), or remove recordsets that nobody needs.
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: create}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: A of s3.example.com in the zone example.com at Designate https://dns.example.com:9001
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: 413
    code: {description: What came back., returned: always, type: str, sample: Quota exceeded for zone_recordsets.}
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: Have the project's quota raised (openstack dns quota set), or remove recordsets that nobody needs.
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.keystone_login import INTERFACES, KeystoneLogin
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.dns.designate.login import Place, designate_for, project_of
from ..module_utils.dns.designate.zone import DesignateZone
from ..module_utils.dns.mark import Owner
from ..module_utils.dns.names import domain_name
from ..module_utils.dns.options import NAMES_OPTIONS
from ..module_utils.dns.reconcile import reconcile
from ..module_utils.dns.records import parse_records
from ..module_utils.dns.report import report, summary
from ..module_utils.keystone.address import keystone_endpoint
from ..module_utils.keystone.client import Keystone

ARGUMENTS = {
    "url": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "password_file": {"type": "path", "required": True, "no_log": False},
    "project": {"type": "str"},
    "user_domain": {"type": "str", "default": "Default"},
    "project_domain": {"type": "str", "default": "Default"},
    "application_credential": {"type": "bool", "default": False},
    "ca_file": {"type": "path"},
    "allow_cleartext_secrets": {"type": "bool", "default": False, "no_log": False},
    "region": {"type": "str", "default": ""},
    "interface": {"type": "str", "choices": list(INTERFACES), "default": "public"},
    "endpoint": {"type": "str", "default": ""},
    "name_servers": {"type": "list", "elements": "str", "default": []},
    "ask_name_servers": {"type": "bool", "default": True},
    "wait": {"type": "float", "default": 180},
    "timeout": {"type": "float", "default": 15},
    **NAMES_OPTIONS,
}


def log_in(module: CensoredModule, zone: str) -> DesignateZone:
    """The zone, as the module's user may change it. Raises InputError, ToolError."""
    given = module.params
    if given["application_credential"] and given["project"]:
        raise InputError("project: an application credential is for one project already. Next: leave project out.")
    cleartext = given["allow_cleartext_secrets"]
    keystone = Keystone(keystone_endpoint(given["url"], given["ca_file"], cleartext), given["timeout"])
    password = given_secret("the password of Keystone's user", None, given["password_file"])
    module.strike([password.value])
    login = KeystoneLogin(
        given["url"],
        Login(given["user"], password.value),
        given["project"] or "",
        given["project_domain"],
        given["user_domain"],
        application_credential=given["application_credential"],
    )
    token = keystone.log_in(login)
    module.strike([token.value.value])
    place = Place(given["endpoint"], given["region"], given["interface"], cleartext)
    designate = designate_for(keystone, token, place, given["timeout"])
    asked = given["name_servers"] if given["ask_name_servers"] else None
    return DesignateZone(designate, zone, project_of(login), given["wait"], asked, given["timeout"])


def reach(module: CensoredModule) -> dict:
    """Bring the names to what is wanted; the module's result."""
    given = module.params
    zone_name = domain_name(given["zone"])
    records = parse_records(given["records"], zone_name, given["ttl"])
    zone = log_in(module, zone_name)
    plans = reconcile(zone, records, Owner.of(given["home"], given["takeover"]), module.check_mode)
    for spared in (one.spared for one in plans if one.spared):
        module.warn(f"{spared}.")
    return {**report(plans), "summary": summary(plans, zone_name, str(zone), module.check_mode)}


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        numbers=(),
        supports_check_mode=True,
        required_if=[("application_credential", False, ("project",))],
    )
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
