#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the users of a Ceph Object Gateway, as an inventory declares them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_users_info
short_description: Read the users of a Ceph Object Gateway as inventory entries
version_added: 0.1.0
description:
  - Returns users as entries for M(rgwkit.ceph.rgw_users), without the values that a new user has on any gateway.
    Applied with that module, the entries change nothing. So an existing gateway is taken over in three steps - read,
    review, run.
  - Secrets are neither returned nor written. M(rgwkit.ceph.rgw_users_export) writes them into files.
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
      - By default all users are read, and returned in the order of their names.
    type: list
    elements: str
  secret_directory:
    description:
      - An absolute path on the host where M(rgwkit.ceph.rgw_users) is going to run. The entries get a C(secret_file)
        below it for each secret, for example C(registry/swift.registry-a). M(rgwkit.ceph.rgw_users_export) writes these
        files; this module neither reads nor writes them.
      - By default entries name keys without their secrets. Such entries suit gateways that already have these keys.
    type: path
notes:
  - The admin user needs the cap V(metadata=read).
  - M(rgwkit.ceph.rgw_users) accepts an entry with a secret of fewer than 16 characters only with
    O(rgwkit.ceph.rgw_users#module:allow_weak_secrets).
  - Whatever M(rgwkit.ceph.rgw_users) does not set or would refuse is left out, with a warning that names the user and
    the reason - C(mfa_ids), groups, policies, a single option, cap or key. A whole user
    is left out only if its name or record cannot be handled. On the gateway, everything that is left out stays.
  - A user with a name that M(rgwkit.ceph.rgw_users) would refuse for a new user is returned, with a warning.
seealso:
  - module: rgwkit.ceph.rgw_users
  - module: rgwkit.ceph.rgw_users_export
"""

EXAMPLES = r"""
- name: Read one user
  rgwkit.ceph.rgw_users_info:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    uids: [registry]
  register: registry

- name: Read all users of an existing gateway
  rgwkit.ceph.rgw_users_info:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
  register: living

- name: Write the entries to a file for review
  ansible.builtin.copy:
    content: "{{ {'rgw_users_list': living.users} | to_nice_yaml }}"
    dest: /etc/rgwkit/users.yml
    mode: "0600"

- name: Check that the entries match the gateway (changed is false)
  rgwkit.ceph.rgw_users:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users: "{{ living.users }}"
  check_mode: true
"""

RETURN = r"""
users:
  description: The users, each as an entry of O(rgwkit.ceph.rgw_users#module:users). No secrets.
  returned: success
  type: list
  elements: dict
  sample:
    - uid: registry
      display_name: Docker registry
      max_buckets: 1000
      user_quota: {max_size: 10737418240, max_objects: -1, enabled: true}
      bucket_quota: {max_size: -1, max_objects: -1, enabled: false}
      subusers:
        - name: registry-a
          access: readwrite
          secret_file: /etc/rgwkit/secrets/registry/swift.registry-a
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: "user 'registry' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'metadata=read'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "user 'registry' at http://127.0.0.1:8080"
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      returned: always
      type: int
      sample: 403
    code:
      description: "Error code of the gateway, or how the connection failed."
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
from ..module_utils.rgw.user_export import export_from

OPTIONS = {
    "numbers": (),
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "uids": {"type": "list", "elements": "str"},
        "secret_directory": {"type": "path", "no_log": False},
    },
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def look(module: CensoredModule) -> dict:
    """The users as entries; the module's result."""
    found = export_from(module.params)
    for note in found.notes:
        module.warn(presentable(note))
    return {"changed": False, "users": found.entries}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
