#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_admin_user
short_description: Create the first administrator of a Ceph Object Gateway
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates a user who may use the gateway's admin API, with C(radosgw-admin) in a container, on this host or through
    C(cephadm shell). Manage all other users with M(rgwkit.ceph.rgw_users) and the credentials of this one.
  - The secret key goes to C(radosgw-admin) on standard input, and is in no argument, log, diff or return value.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.ceph_tool
attributes:
  diff_mode: {details: "The diff shows the user, and secrets as marks such as V(hmac-sha256:1a2b3c4d)."}
options:
  uid: {description: Name of the user., type: str, required: true}
  state:
    description: V(absent) removes the user. A user who owns buckets is not removed.
    type: str
    choices: [present, absent]
    default: present
  display_name: {description: Full name. By default a new user gets the uid., type: str}
  access_key: {description: Access key. Required for O(state=present)., type: str}
  secret_file:
    description:
      - File on this host with the secret key, mode 0600. A missing file is created with the key that the user already
        has, or else with 64 random hexadecimal digits.
    type: path
  caps:
    description: Admin caps of the user. The default is what M(rgwkit.ceph.rgw_users) needs.
    type: dict
    default: {buckets: '*', metadata: '*', usage: '*', users: '*', zone: read}
seealso:
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: Create the administrator in a demo container
  rgwkit.ceph.rgw_admin_user:
    via: container
    container: ceph-demo
    uid: admin
    access_key: admin
    secret_file: /etc/rgwkit/admin.secret

- name: Create the administrator on a cluster that cephadm manages
  rgwkit.ceph.rgw_admin_user:
    via: cephadm
    uid: rgwkit
    access_key: rgwkit
    secret_file: /etc/rgwkit/admin.secret

- name: Create an administrator of users only, on a monitor's host
  rgwkit.ceph.rgw_admin_user:
    uid: rgwkit
    access_key: rgwkit
    secret_file: /etc/rgwkit/admin.secret
    caps: {users: '*', metadata: '*'}

- name: Remove the administrator
  rgwkit.ceph.rgw_admin_user:
    uid: rgwkit
    state: absent
"""

RETURN = r"""
users:
  description:
    - The user after the run, or in check mode as it would be, without secrets, and what the run changed. The entry has
      the fields that M(rgwkit.ceph.rgw_users) returns.
  returned: success
  type: list
  elements: dict
  sample:
    - uid: rgwkit
      tenant: ""
      state: present
      display_name: rgwkit
      email: ""
      suspended: false
      max_buckets: 1000
      op_mask: [read, write, delete]
      default_placement: ""
      default_storage_class: ""
      placement_tags: []
      user_quota: {max_size: -1, max_objects: -1, enabled: false}
      bucket_quota: {max_size: -1, max_objects: -1, enabled: false}
      rate_limit: {max_read_ops: 0, max_write_ops: 0, max_read_bytes: 0, max_write_bytes: 0, enabled: false}
      caps: {buckets: '*', metadata: '*', usage: '*', users: '*', zone: read}
      s3_keys: [{access_key: rgwkit}]
      subusers: []
      temp_url_keys: []
      changed: true
      changes: ['caps.zone: (none) -> "read"']
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: "user 'rgwkit' by radosgw-admin"
    status: null
    code: no end within 30 s
    hint: "Most often no monitor answers: look at `ceph -s` there."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "user 'rgwkit' by radosgw-admin"
    status:
      description: "V(null), because a command-line tool has no HTTP status."
      returned: always
      type: int
      sample: null
    code:
      description: "What came back, for example the exit code and error message of the tool."
      returned: always
      type: str
      sample: no end within 30 s
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "Most often no monitor answers: look at `ceph -s` there."
    done:
      description: Users that are in the requested state.
      returned: when the run broke off after its first write
      type: list
      elements: str
      sample: []
    not_done:
      description: All other users. If a user was in progress, a part of the change may have been written.
      returned: when the run broke off after its first write
      type: list
      elements: str
      sample: [rgwkit]
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
    """The user as an entry for rgw_users."""
    key = {"access_key": params["access_key"], "secret_file": params["secret_file"]}
    given = {name: params[name] for name in ("uid", "state", "display_name", "caps") if params[name] is not None}
    return {"s3_keys": [key], **given}


def reach(module: CensoredModule) -> dict:
    """Make the user what is declared; the module's result."""
    params = module.params
    users = parse_users([entry(params)], allow_weak=False)
    prefix = prefix_of(params)
    outcomes = reconcile(lambda: RgwAdminCli(prefix, params["timeout"]), users, module.check_mode)
    # No administrator's key exists yet to key the marks with, so the marks are valid for one run only.
    return report(outcomes, Marks(secrets.token_hex()), module._diff)


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), required_if=REQUIRED_IF, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
