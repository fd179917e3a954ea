#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the MFA devices of users of a Ceph Object Gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_mfa
short_description: Manage the devices for one-time passwords of users of a Ceph Object Gateway
version_added: 0.3.0
description:
  - Gives users devices (TOTP, RFC 6238) whose one-time passwords the gateway wants for the removal of object versions
    in buckets with C(MfaDelete), and for a change of that setting.
  - Works through the admin API, on Ceph 14 to 20. Neither C(radosgw-admin) nor a Ceph keyring is needed, and keys
    travel in the bodies of requests only.
  - Devices that an entry does not list stay, unless O(users[].purge) is set.
  - RGW cannot take a device out of what it keeps for a user. For a removal, the module removes all devices of the user
    and stores the others again at once. If the run is ended in between, devices that are not listed are lost.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
options:
  gateway_to_be_made:
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then sends no
        request, and plans the devices of all users as new.
    type: bool
    default: false
  users_to_be_made:
    description:
      - Users (V(uid) or V(tenant$uid)) that an earlier task of the same play creates. In check mode, devices of these
        users are planned although the users do not exist yet.
    type: list
    elements: str
    default: []
  users:
    description: Users and their devices. No user, and no device of a user, may occur twice.
    type: list
    elements: dict
    required: true
    suboptions:
      uid:
        description: Name of a user that exists, without its tenant.
        type: str
        required: true
      tenant:
        description: Tenant of the user.
        type: str
      purge:
        description: Whether to remove the devices that the entry does not list.
        type: bool
        default: false
      devices:
        description: Devices of the user.
        type: list
        elements: dict
        required: true
        suboptions:
          serial:
            description: Name of the device, which a request gives together with the password.
            type: str
            required: true
          state:
            description: Whether the user has the device.
            type: str
            choices: [present, absent]
            default: present
          seed:
            description:
              - The key of the device, of 128 bits or more. A new device needs either this or
                O(users[].devices[].seed_file).
            type: str
          seed_file:
            description:
              - File with the key, an absolute path on the host where the module runs. A file that every account of the
                host may read or write is refused.
              - A missing file is created with mode V(0600). If the gateway has the device already, the module writes
                that key to the file. Otherwise it generates a key of 160 bits.
            type: path
          seed_type:
            description: How the key is written in O(users[].devices[].seed) or O(users[].devices[].seed_file).
            type: str
            choices: [base32, hex]
            default: base32
          seconds:
            description: Seconds for which a password holds. V(30) for a new device. An existing device keeps its value.
            type: int
          window:
            description:
              - Number of passwords before and after the current one that the gateway accepts, for clocks that differ.
                V(2) for a new device. An existing device keeps its value.
            type: int
notes:
  - The admin user needs the cap V(metadata=*).
seealso:
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: Give the owner of the archive a device, with a generated key in a file
  rgwkit.ceph.rgw_mfa:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: archive
        devices:
          - serial: archive-1
            seed_file: /etc/rgwkit/secrets/archive.totp

- name: Remove all devices that are not listed
  rgwkit.ceph.rgw_mfa:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: archive
        purge: true
        devices: []
"""

RETURN = r"""
users:
  description: The users of the list, and all their devices after the run, or in check mode as they would be. No keys.
  returned: success
  type: list
  elements: dict
  sample:
    - uid: archive
      tenant: ""
      devices: [{serial: archive-1, seconds: 30, window: 2}]
      changed: true
      changes: ["device archive-1: added", "seed_file /etc/rgwkit/secrets/archive.totp: written"]
  contains:
    uid: {description: "Name of the user, without its tenant.", type: str, returned: always, sample: archive}
    tenant: {description: Tenant of the user; empty if it has none., type: str, returned: always, sample: ""}
    devices:
      description: All devices of the user, listed or not.
      type: list
      elements: dict
      returned: always
      sample: [{serial: archive-1, seconds: 30, window: 2}]
      contains:
        serial: {description: Name of the device., type: str, returned: always, sample: archive-1}
        seconds: {description: Seconds for which a password holds., type: int, returned: always, sample: 30}
        window: {description: Passwords before and after that are accepted., type: int, returned: always, sample: 2}
    changed: {description: Whether the run changed the user's devices., type: bool, returned: always, sample: true}
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      type: list
      elements: str
      returned: always
      sample: ["device archive-1: added"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read the MFA devices of
    target: "user 'archive' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'metadata=read'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read the MFA devices of}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "user 'archive' at http://127.0.0.1:8080"
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      returned: always
      type: int
      sample: 403
    code:
      description: Error code of the gateway, or how the connection failed.
      returned: always
      type: str
      sample: AccessDenied
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "The user of access key 'admin' needs the admin caps 'metadata=read'."
    done:
      description: Users that have the devices of their entries.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [alice]
    not_done:
      description: All other users of the list.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [archive]
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.mentioned import mentioned
from ..module_utils.base.module_run import run
from ..module_utils.base.text import presentable
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS, connect_as, workers
from ..module_utils.rgw.mfa.reconcile import MfaClient, plan_user, reconcile, report
from ..module_utils.rgw.mfa.spec import MFA_OPTIONS, parse_users

OPTIONS = {
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "gateway_to_be_made": {"type": "bool", "default": False},
        "users_to_be_made": {"type": "list", "elements": "str", "default": []},
        "users": {"type": "list", "elements": "dict", "required": True, "options": MFA_OPTIONS},
    },
    "numbers": (),
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def reach(module: CensoredModule) -> dict:
    """Give the users the devices that they are declared to have; the module's result."""
    params = module.params
    users = parse_users(mentioned(params["users"], module.given["users"]))
    if module.check_mode and params["gateway_to_be_made"]:
        plans = [plan_user(user, [], {}) for user in users]
    else:
        coming = params["users_to_be_made"] if module.check_mode else []
        plans = reconcile(lambda: connect_as(MfaClient, params), users, module.check_mode, workers(params), coming)
    return presentable(report(plans, module._diff))


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
