#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the users of a Ceph Object Gateway, as an inventory declares them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_users_info
short_description: Read the users of a Ceph Object Gateway as inventory entries
version_added: 0.1.0
description:
  - Returns users in the words of M(rgwkit.ceph.rgw_users), less what a new user has on any gateway. Given to that
    module, they change nothing. So a living gateway is taken over - export, review, run.
  - Secrets are not returned. On request the entries name files for them, and the module writes these files.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.rgw_connection
attributes:
  check_mode:
    description: Can run in check mode, in which it writes no files.
    support: full
  diff_mode:
    description: Does not return a diff.
    support: none
  idempotent:
    description: When run twice with the same options, the second run writes nothing.
    support: full
options:
  uids:
    description:
      - The users to read, those with a tenant as V(tenant$uid). Who is not there is left out.
      - Without it, all users are read, and returned in the order of their names.
    type: list
    elements: str
  secret_directory:
    description:
      - An absolute path on the host where the module runs, and where M(rgwkit.ceph.rgw_users) is to run. The entries
        get a C(secret_file) below it for each secret, for example C(registry/swift.registry-a).
      - Without it, entries name keys without their secrets, which is good for gateways that have these keys already.
    type: path
  write_secrets:
    description:
      - Whether to write the gateway's secrets into the files below O(secret_directory), with mode V(0600), in
        directories of mode V(0700) as far as they are missing too.
      - A file that holds another secret than the gateway is an error, and nothing is written.
    type: bool
    default: false
notes:
  - The admin user needs the cap V(metadata=read).
  - An entry with a secret of fewer than 16 characters is only taken with
    O(rgwkit.ceph.rgw_users#module:allow_weak_secrets).
  - What M(rgwkit.ceph.rgw_users) does not set or would refuse is left out, with a warning that names the user and says
    why - flags such as C(system) and C(admin), C(mfa_ids), policies, a single option, cap or key, a whole user only if
    its name or record cannot be handled. On the gateway that has it, all of it stays.
  - A user whose name M(rgwkit.ceph.rgw_users) would not give to a new one is returned, with a warning.
"""

EXAMPLES = r"""
- name: Look at one user
  rgwkit.ceph.rgw_users_info:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    uids: [registry]
  register: registry

- name: Export all users of a living gateway, and their secrets
  rgwkit.ceph.rgw_users_info:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    secret_directory: /etc/rgwkit/secrets
    write_secrets: true
  register: living

- name: Write them down for review
  ansible.builtin.copy:
    content: "{{ {'rgw_users_list': living.users} | to_nice_yaml }}"
    dest: /etc/rgwkit/users.yml
    mode: "0600"

- name: See that the export says what the gateway has (changed is false)
  rgwkit.ceph.rgw_users:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users: "{{ living.users }}"
  check_mode: true
"""

RETURN = r"""
users:
  description: The users, each in the words of an entry of O(rgwkit.ceph.rgw_users#module:users). No secrets.
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
secret_files:
  description: The files that were, or in check mode would be, written.
  returned: success
  type: list
  elements: str
  sample: [/etc/rgwkit/secrets/registry/swift.registry-a]
failure:
  description: What failed, in parts, as in M(rgwkit.ceph.rgw_users).
  returned: when the gateway or a secret file did not do what was asked
  type: dict
  sample: {operation: read, target: "user 'registry' at http://127.0.0.1:8080", status: 403, code: AccessDenied}
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.text import presentable
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS, connect, workers
from ..module_utils.rgw.user_export import Export, export_users, missing_files, read_users, write_files

OPTIONS = {
    "numbers": (),
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "uids": {"type": "list", "elements": "str"},
        "secret_directory": {"type": "path", "no_log": False},
        "write_secrets": {"type": "bool", "default": False, "no_log": False},
    },
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "required_if": [("write_secrets", True, ("secret_directory",))],
    "supports_check_mode": True,
}


def export(params: dict) -> Export:
    """Read the users that the parameters ask for."""
    clients = [connect(params) for _client in range(workers(params))]
    uids = params["uids"] if params["uids"] is not None else sorted(clients[0].list_users())
    return export_users(read_users(clients, uids), params["secret_directory"])


def look(module: CensoredModule) -> dict:
    """The users as entries; the module's result."""
    found = export(module.params)
    files = missing_files(found.secrets) if module.params["write_secrets"] else {}
    if not module.check_mode:
        write_files(files)
    for note in found.notes:
        module.warn(presentable(note))
    return {"changed": bool(files), "users": found.entries, "secret_files": sorted(files)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
