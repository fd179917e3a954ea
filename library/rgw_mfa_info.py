#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the MFA devices of users of a Ceph Object Gateway, as an inventory declares them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_mfa_info
short_description: Read the MFA devices of users of a Ceph Object Gateway as inventory entries
version_added: 0.3.0
description:
  - Returns the devices for one-time passwords of users as entries for M(rgwkit.ceph.rgw_mfa), without seeds. Applied
    with that module, the entries change nothing. Users without a device are left out.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.rgw_connection
options:
  uids:
    description:
      - The users to read. A user with a tenant is V(tenant$uid). A user that does not exist is left out.
      - By default all users are read.
    type: list
    elements: str
notes:
  - The admin user needs the cap V(metadata=read).
seealso:
  - module: rgwkit.ceph.rgw_mfa
"""

EXAMPLES = r"""
- name: Read the devices of all users of an existing gateway
  rgwkit.ceph.rgw_mfa_info:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
  register: living
"""

RETURN = r"""
users:
  description: The users with their devices, each as an entry of O(rgwkit.ceph.rgw_mfa#module:users). No seeds.
  returned: success
  type: list
  elements: dict
  sample: [{uid: archive, devices: [{serial: archive-1, window: 1}]}]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: "user 'archive' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'metadata=read'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
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
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.text import presentable
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS
from ..module_utils.rgw.mfa.export import export_from

OPTIONS = {
    "numbers": (),
    "argument_spec": {**CONNECTION_OPTIONS, "uids": {"type": "list", "elements": "str"}},
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def look(module: CensoredModule) -> dict:
    """The devices as entries; the module's result."""
    found = export_from(module.params)
    for note in found.notes:
        module.warn(presentable(note))
    return {"changed": False, "users": presentable(found.entries)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
