#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_keystone_preflight
short_description: Find problems that would keep a Ceph gateway from taking the users of OpenStack Keystone
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Logs in to Keystone as the gateway would, and fails once with all findings. Each finding has a remedy. A problem
    that does not block the gateway today is a warning. Nothing is changed.
  - The module checks the URL, the certificate, the login, the clocks, the lifetime of tokens, the accepted roles, and
    whether the object-store URLs of Keystone's catalogue lead to the gateways.
  - Run the module on the gateway's host, since it is that host whose network, clock and authorities count.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  url:
    description:
      - URL of Keystone, with or without C(/v3) at its end. Version 2.0 is refused, which Keystone has not had since
        Queens.
    type: str
    required: true
  user: {description: Name of the user as whom the gateways log in., type: str, required: true}
  password_file: {description: File on this host with the user's password., type: path, required: true}
  project: {description: Name of the project in which the user has a role., type: str, default: service}
  domain: {description: Name of the domain of both the user and the project., type: str, default: Default}
  accepted_roles:
    description: Roles whose users the gateways accept, each a name or a pattern such as V(storage_*). Case counts.
    type: list
    elements: str
    default: [member, admin]
  accepted_admin_roles:
    description: Roles whose users the gateways take for administrators of all projects' data.
    type: list
    elements: str
    default: []
  s3: {description: Whether the gateways take S3 requests with EC2 credentials of Keystone., type: bool, default: true}
  account_in_url:
    description: Whether URLs of the gateways end in the account, C(AUTH_PROJECT-ID).
    type: bool
    default: false
  url_prefix: {description: The gateways' C(rgw_swift_url_prefix)., type: str, default: swift}
  gateway_urls:
    description: URLs at which clients reach the gateways, without a path.
    type: list
    elements: str
    required: true
  region:
    description: Region of the gateways in Keystone's catalogue. Empty means that all regions are these gateways'.
    type: str
    default: ""
  longest_push:
    description: Seconds that the longest upload takes. A warning says where tokens hold for a shorter time.
    type: int
    default: 3600
  ca_file:
    description: File in PEM on this host with the authorities that signed Keystone's certificate.
    type: path
  allow_cleartext_secrets:
    description: Whether the password and tokens may travel without TLS to another host than this one.
    type: bool
    default: false
  runtime:
    description: What runs the gateways, which decides whose authorities they trust.
    type: str
    choices: [docker, podman, package, cephadm]
    default: package
  timeout: {description: Seconds for each request to Keystone., type: float, default: 15}
seealso:
  - module: rgwkit.ceph.rgw_keystone_identity
  - module: rgwkit.ceph.rgw_preflight
"""

EXAMPLES = r"""
- name: Check whether a gateway could take the users of Keystone
  rgwkit.ceph.rgw_keystone_preflight:
    url: https://keystone.example.com:5000
    user: rgw
    password_file: /etc/rgwkit/secrets/keystone
    gateway_urls: [https://objects.example.com]

- name: Check a gateway of Ceph 18 whose URLs have the account, for one region of the catalogue
  rgwkit.ceph.rgw_keystone_preflight:
    url: https://keystone.example.com/identity/v3
    ca_file: /etc/ssl/keystone-ca.pem
    user: rgw
    password_file: /etc/rgwkit/secrets/keystone
    account_in_url: true
    region: north
    gateway_urls: [https://objects.north.example.com]

- name: Report findings without failing
  rgwkit.ceph.rgw_keystone_preflight:
    url: https://keystone.example.com:5000
    user: rgw
    password_file: /etc/rgwkit/secrets/keystone
    gateway_urls: [https://objects.example.com]
  register: found
  failed_when: false
"""

RETURN = r"""
findings:
  description: Problems that would keep a gateway from taking Keystone's users; empty on success.
  returned: when Keystone was asked
  type: list
  elements: dict
  sample:
    - what: accepted_roles has the role Member, which Keystone does not have
      remedy: write it member, as Keystone does
      severity: error
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    what:
      description: What is wrong.
      returned: always
      type: str
      sample: accepted_roles has the role Member, which Keystone does not have
    remedy: {description: How to fix the problem., returned: always, type: str, sample: "write it member"}
    effect:
      description: What comes of the problem.
      returned: where the problem does not say so itself
      type: str
      sample: nobody has checked that the accepted roles exist
notes:
  description: Warnings about problems that do not block a gateway today, in the same form as C(findings).
  returned: when Keystone was asked
  type: list
  elements: dict
  sample:
    - what: a token holds for 600 s, and a push may take 3600 s (longest_push)
      remedy: raise `expiration` in the section [token] of keystone.conf
      severity: warning
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: warning}
    what:
      description: What is wrong.
      returned: always
      type: str
      sample: a token holds for 600 s, and a push may take 3600 s (longest_push)
    remedy:
      description: How to fix the problem.
      returned: always
      type: str
      sample: raise `expiration` in the section [token] of keystone.conf
    effect:
      description: What comes of the problem.
      returned: where the problem does not say so itself
      type: str
      sample: a registry that sends a body again after its token has ended stores an empty segment
token_lifetime:
  description: Seconds for which a token of Keystone holds; V(null) where there was no token.
  returned: when Keystone was asked
  type: int
  sample: 3600
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when Keystone could not be asked
  type: dict
  sample:
    operation: use
    target: the given parameters
    status: null
    code: "url http://keystone/v2.0 names version 2.0 of Keystone's API"
    hint: ""
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: use}
    target: {description: Object of the operation., returned: always, type: str, sample: the given parameters}
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "url http://keystone/v2.0 names version 2.0 of Keystone's API"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.findings import as_data, describe
from ..module_utils.base.keystone_login import KeystoneLogin
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.keystone.address import keystone_endpoint
from ..module_utils.keystone.catalogue import Gateway
from ..module_utils.keystone.client import Keystone
from ..module_utils.keystone.preflight import Found, Wanted, look

ROLES = ("accepted_roles", "accepted_admin_roles")
ARGUMENTS = {
    "url": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "password_file": {"type": "path", "required": True, "no_log": False},
    "project": {"type": "str", "default": "service"},
    "domain": {"type": "str", "default": "Default"},
    "accepted_roles": {"type": "list", "elements": "str", "default": ["member", "admin"]},
    "accepted_admin_roles": {"type": "list", "elements": "str", "default": []},
    "s3": {"type": "bool", "default": True},
    "account_in_url": {"type": "bool", "default": False},
    "url_prefix": {"type": "str", "default": "swift"},
    "gateway_urls": {"type": "list", "elements": "str", "required": True},
    "region": {"type": "str", "default": ""},
    "longest_push": {"type": "int", "default": 3600},
    "ca_file": {"type": "path"},
    "allow_cleartext_secrets": {"type": "bool", "default": False, "no_log": False},
    "runtime": {"type": "str", "choices": ["docker", "podman", "package", "cephadm"], "default": "package"},
    "timeout": {"type": "float", "default": 15},
}


def found(module: CensoredModule) -> Found:
    """Ask Keystone. Raises InputError for what no Keystone can be asked with."""
    given = module.params
    for name in ("url", "user", "gateway_urls"):
        if not given[name]:
            raise InputError(f"{name} is empty")
    ca_file, cleartext = given["ca_file"] or None, given["allow_cleartext_secrets"]
    endpoint = keystone_endpoint(given["url"], ca_file, cleartext)
    password = given_secret("the password of Keystone's user", None, given["password_file"])
    module.strike([password.value])
    wanted = Wanted(
        KeystoneLogin(
            given["url"],
            Login(given["user"], password.value),
            project=given["project"],
            project_domain=given["domain"],
            user_domain=given["domain"],
        ),
        {name: given[name] for name in ROLES},
        Gateway(given["gateway_urls"], given["account_in_url"], given["url_prefix"]),
        given["region"],
        given["longest_push"],
        given["s3"],
        given["runtime"],
    )
    with_system = Keystone(keystone_endpoint(given["url"], None, cleartext), given["timeout"]) if ca_file else None
    return look(Keystone(endpoint, given["timeout"]), wanted, with_system)


def judge(module: CensoredModule) -> dict:
    """Fail with the findings, or return the module's result."""
    seen = found(module)
    if seen.token:
        module.strike([seen.token.value.value])
    lifetime = seen.token.lifetime if seen.token else None
    result = {"findings": as_data(seen.errors), "notes": as_data(seen.warnings), "token_lifetime": lifetime}
    for note in seen.warnings:
        module.warn(f"{note.what}{f'; {note.effect}' if note.effect else ''}. Next: {note.remedy}")
    if seen.errors:
        module.fail_json(msg="no gateway would take Keystone's users:\n" + describe(seen.errors), **result)
    return {"changed": False, **result}


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), supports_check_mode=True)
    run(module, lambda: judge(module))


if __name__ == "__main__":
    main()
