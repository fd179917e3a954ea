#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_admin_user
short_description: Make the first administrator of a Ceph Object Gateway
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Makes a user who may use the gateway's admin API, by C(radosgw-admin) in a container, on this host or through
    C(cephadm shell). All other users are better made by M(rgwkit.ceph.rgw_users), with this one's credentials.
  - The secret key goes in on standard input and is in no argument, log, diff or return value.
extends_documentation_fragment:
  - rgwkit.ceph.ceph_tool
attributes:
  check_mode: {description: Says what would be changed., support: full}
  diff_mode: {description: "Shows the user; secrets as marks such as V(hmac-sha256:1a2b3c4d).", support: full}
  idempotent: {description: A second run changes nothing., support: full}
options:
  uid: {description: Name of the user., type: str, required: true}
  state:
    description: V(absent) removes the user. It is refused for one who owns buckets.
    type: str
    choices: [present, absent]
    default: present
  display_name: {description: Full name. A new user without one gets its uid., type: str}
  access_key: {description: Access key. Needed for O(state=present)., type: str}
  secret_file:
    description:
      - File on this host with the secret key, mode 0600. A missing one is made, with the key that the user has
        already or else with 64 random hexadecimal digits.
    type: path
  caps:
    description: What the user may do. The default is what M(rgwkit.ceph.rgw_users) needs.
    type: dict
    default: {buckets: '*', metadata: '*', usage: '*', users: '*', zone: read}
seealso:
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: In a demo container
  rgwkit.ceph.rgw_admin_user:
    via: container
    container: ceph-demo
    uid: admin
    access_key: admin
    secret_file: /etc/rgwkit/admin.secret

- name: On a cluster that cephadm made
  rgwkit.ceph.rgw_admin_user:
    via: cephadm
    uid: rgwkit
    access_key: rgwkit
    secret_file: /etc/rgwkit/admin.secret

- name: On a monitor host, and only for users
  rgwkit.ceph.rgw_admin_user:
    uid: rgwkit
    access_key: rgwkit
    secret_file: /etc/rgwkit/admin.secret
    caps: {users: '*', metadata: '*'}

- name: No more
  rgwkit.ceph.rgw_admin_user:
    uid: rgwkit
    state: absent
"""

RETURN = r"""
users:
  description: The user as it is now, without secrets, and what was changed; as M(rgwkit.ceph.rgw_users) returns it.
  returned: success
  type: list
  elements: dict
"""

import secrets

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.secret import Marks
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, prefix_of
from ..module_utils.rgw.radosgw_admin import RgwAdminCli
from ..module_utils.rgw.reconcile import reconcile
from ..module_utils.rgw.user_report import report
from ..module_utils.rgw.user_spec import parse_users

CAPS = {**dict.fromkeys(("buckets", "metadata", "usage", "users"), "*"), "zone": "read"}
ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "uid": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "display_name": {"type": "str"},
    "access_key": {"type": "str", "no_log": False},
    "secret_file": {"type": "path", "no_log": False},
    "caps": {"type": "dict", "default": CAPS},
}
REQUIRED_IF = [("state", "present", ("access_key", "secret_file")), CONTAINER_IS_NAMED]


def entry(params: dict) -> dict:
    """The user in the words of rgw_users."""
    key = {"access_key": params["access_key"], "secret_file": params["secret_file"]}
    given = {name: params[name] for name in ("uid", "state", "display_name", "caps") if params[name] is not None}
    return {"keys": [key], **given}


def reach(module: CensoredModule) -> dict:
    """Make the user what is declared; the module's result."""
    params = module.params
    users = parse_users([entry(params)], allow_weak=False)
    prefix = prefix_of(params)
    outcomes = reconcile(lambda: RgwAdminCli(prefix, params["timeout"]), users, module.check_mode)
    # There is no administrator's key yet to make marks with: they are good for one run.
    return report(outcomes, Marks(secrets.token_hex()), module._diff)


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), required_if=REQUIRED_IF, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
