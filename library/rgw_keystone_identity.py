#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_keystone_identity
short_description: Manage the object-store service, its endpoints and roles in OpenStack Keystone
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Registers services, their endpoints and roles in Keystone, so that clients find the gateways in the catalogue and
    users can get a role that the gateways accept.
  - What the module creates has the identity of the inventory at the end of its description, as descriptions of systemd
    units have. The module changes and removes only what has this mark. An object of the same name that somebody else
    has created is used as it is if it has the wanted values, and is refused otherwise.
  - The module reads everything, plans, and reads again after the changes. Users, projects and assignments of roles are
    not its business, as the collection openstack.cloud has modules for them.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
options:
  url:
    description: URL of Keystone, with or without C(/v3) at its end.
    type: str
    required: true
  user:
    description: Name of a user who may manage the catalogue, by Keystone's own policy one with the role C(admin).
    type: str
    required: true
  password_file: {description: File with the user's password where the module runs., type: path, required: true}
  project: {description: Name of the project in which the user has the role., type: str, default: admin}
  user_domain: {description: Name of the user's domain., type: str, default: Default}
  project_domain: {description: Name of the project's domain., type: str, default: Default}
  ca_file:
    description: File in PEM with the authorities that signed Keystone's certificate.
    type: path
  allow_cleartext_secrets:
    description: Whether the password and tokens may travel without TLS to another host than this one.
    type: bool
    default: false
  home: {description: "Owner of the objects: the identity of the inventory.", type: str, required: true}
  takeover: {description: Whether to take over objects that another home has marked., type: bool, default: false}
  services:
    description: Services of the catalogue. Objects that are not in the list stay as they are.
    type: list
    elements: dict
    default: []
    suboptions:
      name: {description: Name of the service., type: str, default: swift}
      type: {description: "Type of the service, by which clients find it.", type: str, default: object-store}
      description: {description: Description of the service and its endpoints., type: str, default: Ceph object storage}
      state:
        description:
          - V(absent) removes the service and the listed endpoints. A service that has endpoints of others stays.
        type: str
        choices: [present, absent]
        default: present
      endpoints:
        description: Endpoints of the service. Each has a region and an interface that no other one of the service has.
        type: list
        elements: dict
        default: []
        suboptions:
          region: {description: Region of the gateways; a new one is created., type: str, default: RegionOne}
          interface:
            description: Who is to use the URL.
            type: str
            choices: [public, internal, admin]
            default: public
          url:
            description:
              - URL of the gateways with the path of swift, V(https://objects.example.com/swift/v1), and
                C(/AUTH_%(project_id\)s) at its end where the gateways have C(rgw_swift_account_in_url). Required for
                V(present).
            type: str
          state:
            description: Whether the endpoint exists.
            type: str
            choices: [present, absent]
            default: present
  roles:
    description: Roles that exist in Keystone. Nobody gets a role by this list.
    type: list
    elements: dict
    default: []
    suboptions:
      name: {description: Name of the role., type: str, required: true}
      description: {description: Description of the role., type: str, default: Users of Ceph object storage}
      state:
        description: V(absent) removes the role, and with it all assignments of the role.
        type: str
        choices: [present, absent]
        default: present
  timeout: {description: Seconds for each request to Keystone., type: float, default: 15}
seealso:
  - module: rgwkit.ceph.rgw_keystone_preflight
"""

EXAMPLES = r"""
- name: Register the gateways in the catalogue
  rgwkit.ceph.rgw_keystone_identity:
    url: https://keystone.example.com:5000
    user: admin
    password_file: /etc/rgwkit/secrets/keystone-admin
    home: "{{ inventory_dir }}"
    services:
      - endpoints:
          - {region: north, interface: public, url: https://objects.example.com/swift/v1}
          - {region: north, interface: internal, url: http://10.0.0.20:8080/swift/v1}
  delegate_to: localhost
  run_once: true

- name: Register gateways whose URLs have the account, and a role of their users
  rgwkit.ceph.rgw_keystone_identity:
    url: https://keystone.example.com:5000
    user: admin
    password_file: /etc/rgwkit/secrets/keystone-admin
    home: cluster-north
    services:
      - endpoints:
          - {region: north, url: "https://objects.example.com/swift/v1/AUTH_%(project_id)s"}
    roles:
      - {name: storage_user}

- name: Remove the service and its endpoint
  rgwkit.ceph.rgw_keystone_identity:
    url: https://keystone.example.com:5000
    user: admin
    password_file: /etc/rgwkit/secrets/keystone-admin
    home: cluster-north
    services:
      - state: absent
        endpoints:
          - {region: north}
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, in one sentence.
  returned: success
  type: str
  sample: "objects of Keystone https://keystone.example.com:5000: 2 created, 1 unchanged"
objects:
  description: The roles, services and endpoints of the lists after the run, or in check mode as they would be.
  returned: success
  type: list
  elements: dict
  sample:
    - kind: service
      name: service swift (object-store)
      state: present
      ours: true
      changed: true
      changes: [created]
  contains:
    kind: {description: "V(role), V(service) or V(endpoint).", returned: always, type: str, sample: service}
    name: {description: Which object., returned: always, type: str, sample: service swift (object-store)}
    state: {description: V(present) or V(absent)., returned: always, type: str, sample: present}
    ours: {description: Whether the object has the mark of this inventory., returned: always, type: bool, sample: true}
    changed: {description: Whether the run changed the object., returned: always, type: bool, sample: true}
    changes:
      description: What the run changed, a line for each change.
      returned: always
      type: list
      elements: str
      sample: [created]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: create
    target: the service at Keystone https://keystone.example.com:5000
    status: 403
    code: "You are not authorized to perform the requested action: identity:create_service."
    hint: Give the user a role that Keystone's policy asks for, most often admin, in the project.
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: create}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: the service at Keystone https://keystone.example.com:5000
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: 403
    code:
      description: What came back.
      returned: always
      type: str
      sample: "You are not authorized to perform the requested action: identity:create_service."
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: Give the user a role that Keystone's policy asks for, most often admin, in the project.
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.keystone_login import KeystoneLogin
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.keystone.address import keystone_endpoint
from ..module_utils.keystone.client import Keystone
from ..module_utils.keystone.identity.reconcile import reconcile
from ..module_utils.keystone.identity.report import report, summary
from ..module_utils.keystone.identity.spec import Owner, parse

STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}
ENDPOINT = {
    "region": {"type": "str", "default": "RegionOne"},
    "interface": {"type": "str", "choices": ["public", "internal", "admin"], "default": "public"},
    "url": {"type": "str"},
    "state": STATE,
}
SERVICE = {
    "name": {"type": "str", "default": "swift"},
    "type": {"type": "str", "default": "object-store"},
    "description": {"type": "str", "default": "Ceph object storage"},
    "state": STATE,
    "endpoints": {"type": "list", "elements": "dict", "default": [], "options": ENDPOINT},
}
ROLE = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str", "default": "Users of Ceph object storage"},
    "state": STATE,
}
ARGUMENTS = {
    "url": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "password_file": {"type": "path", "required": True, "no_log": False},
    "project": {"type": "str", "default": "admin"},
    "user_domain": {"type": "str", "default": "Default"},
    "project_domain": {"type": "str", "default": "Default"},
    "ca_file": {"type": "path"},
    "allow_cleartext_secrets": {"type": "bool", "default": False, "no_log": False},
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "services": {"type": "list", "elements": "dict", "default": [], "options": SERVICE},
    "roles": {"type": "list", "elements": "dict", "default": [], "options": ROLE},
    "timeout": {"type": "float", "default": 15},
}


def log_in(module: CensoredModule) -> Keystone:
    """Keystone as the module's user. Raises InputError, ToolError."""
    given = module.params
    endpoint = keystone_endpoint(given["url"], given["ca_file"], given["allow_cleartext_secrets"])
    password = given_secret("the password of Keystone's user", None, given["password_file"])
    module.strike([password.value])
    keystone = Keystone(endpoint, given["timeout"])
    names = {name: given[name] for name in ("project", "user_domain", "project_domain")}
    token = keystone.log_in(KeystoneLogin(given["url"], Login(given["user"], password.value), **names))
    module.strike([token.value.value])
    return keystone


def reach(module: CensoredModule) -> dict:
    """Bring Keystone to what is wanted; the module's result."""
    wanted = parse(module.params["services"], module.params["roles"])
    owner = Owner(module.params["home"], module.params["takeover"])
    keystone = log_in(module)
    plans = reconcile(keystone, wanted, owner, module.check_mode)
    for spared in (one.spared for one in plans if one.spared):
        module.warn(f"{spared}.")
    return {**report(plans, owner), "summary": summary(plans, str(keystone.endpoint), module.check_mode)}


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
