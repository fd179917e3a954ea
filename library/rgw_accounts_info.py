#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the accounts of a Ceph Object Gateway, as an inventory declares them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_accounts_info
short_description: Read the accounts of a Ceph Object Gateway as inventory entries
version_added: 0.3.0
description:
  - Returns accounts as entries for M(rgwkit.ceph.rgw_accounts), without the values that a new account has. So the
    accounts of an existing gateway are taken over in three steps - read, review, run.
  - An entry has V(adopt=true) if no inventory has marked the account. Applied with M(rgwkit.ceph.rgw_accounts), such an
    entry changes the mark and nothing else.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.rgw_connection
options:
  home:
    description: The inventory for which the entries are. The module warns of accounts that another inventory has
      marked.
    type: str
    default: ""
notes:
  - Needs Ceph 19. The admin user needs the cap V(metadata=read).
seealso:
  - module: rgwkit.ceph.rgw_accounts
"""

EXAMPLES = r"""
- name: Read all accounts of an existing gateway
  rgwkit.ceph.rgw_accounts_info:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
  register: living
"""

RETURN = r"""
accounts:
  description: The accounts, each as an entry of O(rgwkit.ceph.rgw_accounts#module:accounts).
  returned: success
  type: list
  elements: dict
  sample:
    - name: acme
      id: RGW00889737169837717
      max_users: 50
      quota: {max_size: 10995116277760, max_objects: -1, enabled: true}
      adopt: true
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: "account 'RGW00889737169837717' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'metadata=read'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "account 'RGW00889737169837717' at http://127.0.0.1:8080"
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
from ..module_utils.rgw.accounts.client import AccountClient
from ..module_utils.rgw.accounts.reconcile import known_accounts
from ..module_utils.rgw.accounts.report import entries_of
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS, connect_as

OPTIONS = {
    "numbers": (),
    "argument_spec": {**CONNECTION_OPTIONS, "home": {"type": "str", "default": ""}},
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def look(module: CensoredModule) -> dict:
    """The accounts as entries; the module's result."""
    client = connect_as(AccountClient, module.params)
    try:
        entries, notes = entries_of(known_accounts(client), module.params["home"])
    finally:
        client.close()
    for note in notes:
        module.warn(presentable(note))
    return {"changed": False, "accounts": presentable(entries)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
