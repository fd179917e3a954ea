#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: accounts of a Ceph Object Gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_accounts
short_description: Manage the accounts of a Ceph Object Gateway
version_added: 0.3.0
description:
  - Brings the accounts of a Ceph Object Gateway into the state that a list describes. An account owns buckets, and has
    users, groups and roles of its own. M(rgwkit.ceph.rgw_users) puts users into accounts, M(rgwkit.ceph.rgw_iam)
    manages what is in an account.
  - Options that an entry does not mention stay as they are, and so do accounts that are not in the list.
  - An account is changed and removed only if this inventory has created or adopted it. A mark in the account's record
    says so, which the gateway keeps.
  - The module writes the whole record of an account in one request, reads it again, and fails if the gateway keeps
    something else.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
attributes:
  check_mode:
    details:
      - The ID of an account that would be created is another one than that of the run.
      - Whether an account that would be removed is empty is known to the run only.
options:
  home:
    description: The inventory that manages the accounts, as the mark of each account has it.
    type: str
    required: true
  takeover:
    description: Whether this inventory takes over accounts that another inventory has marked.
    type: bool
    default: false
  gateway_to_be_made:
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then plans
        all accounts as for a gateway without accounts, sends no request, and warns that it did not.
    type: bool
    default: false
  accounts:
    description: The accounts. No name, ID or e-mail address may occur twice.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the account, unique within its tenant. 1 to 64 letters, digits and C(_ + = , . @ -).
          - With O(accounts[].id), another name renames the account.
        type: str
        required: true
      id:
        description:
          - ID of the account, V(RGW) and 17 digits. By default an existing account is found by its name, and a new
            account gets an ID at random.
        type: str
      tenant:
        description: Tenant of the account, and of all its users. It cannot be changed.
        type: str
      state:
        description:
          - V(absent) removes the account, and ignores the other options of the entry. An account in which there still
            is something is not removed.
        type: str
        choices: [present, absent]
        default: present
      adopt:
        description: Whether an account that was not created by this toolkit becomes this inventory's.
        type: bool
        default: false
      email:
        description:
          - E-mail address, stored in lower case. No two accounts may have the same address. An empty value or V(null)
            removes the address.
        type: str
      max_users:
        description: Number of users in the account. V(-1) for any number, V(0) for none, V(null) for V(1000).
        type: int
      max_roles:
        description: Number of roles. V(-1) for any number, V(0) for none, V(null) for V(1000).
        type: int
      max_groups:
        description: Number of groups. V(-1) for any number, V(0) for none, V(null) for V(1000).
        type: int
      max_buckets:
        description: Number of buckets. V(0) for any number, V(-1) for none, V(null) for V(1000).
        type: int
      max_access_keys:
        description: Number of access keys that each user may have. V(-1) for any number, V(0) for none, V(null) for
          V(4).
        type: int
      quota:
        description: Limit for all buckets of the account together.
        type: dict
        suboptions:
          max_size:
            description: Maximum size in bytes, as a number or with a binary unit. V(-1) or V(null) means no limit.
            type: str
          max_objects:
            description: Maximum number of objects. V(-1) or V(null) means no limit.
            type: int
          enabled:
            description: Whether the limits are enforced. By default they are if a limit is given.
            type: bool
      bucket_quota:
        description: Limit for each bucket of the account.
        type: dict
        suboptions:
          max_size:
            description: Maximum size in bytes, as a number or with a binary unit. V(-1) or V(null) means no limit.
            type: str
          max_objects:
            description: Maximum number of objects. V(-1) or V(null) means no limit.
            type: int
          enabled:
            description: Whether the limits are enforced. By default they are if a limit is given.
            type: bool
notes:
  - Needs Ceph 19.
  - The admin user needs the cap V(metadata=*), and V(accounts=write) for removals. Ceph 19.2 and 20.0 to 20.2.1 look
    for a cap with a misspelt name there, so that only system users can remove accounts
    (U(https://github.com/rook/rook/issues/17590)).
  - A new account gets the limits that RGW gives by itself, whatever defaults its operator has set.
seealso:
  - module: rgwkit.ceph.rgw_users
  - module: rgwkit.ceph.rgw_iam
"""

EXAMPLES = r"""
- name: Create an account with limits
  rgwkit.ceph.rgw_accounts:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    home: production
    accounts:
      - name: acme
        email: storage@acme.example
        max_users: 50
        quota:
          max_size: 10TiB
        bucket_quota:
          max_objects: 1000000

- name: Create the root user of the account
  rgwkit.ceph.rgw_users:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: acme-root
        account: acme
        account_root: true
        s3_keys:
          - access_key: ACMEROOT
            secret_file: /etc/rgwkit/secrets/acme-root
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, at which gateway, in one sentence.
  returned: success
  type: str
  sample: "accounts on http://gateway.example:8080: 1 created, 3 unchanged"
accounts:
  description: The accounts of the list after the run, or in check mode as they would be, in the order of the list.
  returned: success
  type: list
  elements: dict
  sample:
    - name: acme
      id: RGW00889737169837717
      tenant: ""
      state: present
      email: storage@acme.example
      max_users: 50
      max_roles: 1000
      max_groups: 1000
      max_buckets: 1000
      max_access_keys: 4
      quota: {max_size: 10995116277760, max_objects: -1, enabled: true}
      bucket_quota: {max_size: -1, max_objects: 1000000, enabled: true}
      changed: true
      changes: [account created]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: write
    target: "account 'RGW00889737169837717' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'metadata=*'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: write}
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
      sample: "The user of access key 'admin' needs the admin caps 'metadata=*'."
    done:
      description: What is in the requested state.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [acme]
    not_done:
      description: All others of the list.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [research]
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.mentioned import mentioned
from ..module_utils.base.module_run import run
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.accounts.client import AccountClient
from ..module_utils.rgw.accounts.reconcile import first_plans, reconcile
from ..module_utils.rgw.accounts.report import report, summary
from ..module_utils.rgw.accounts.spec import ACCOUNT_OPTIONS, NUMBERS, parse_accounts
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS, connect_as, workers

OPTIONS = {
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "home": {"type": "str", "required": True},
        "takeover": {"type": "bool", "default": False},
        "gateway_to_be_made": {"type": "bool", "default": False},
        "accounts": {"type": "list", "elements": "dict", "required": True, "options": ACCOUNT_OPTIONS},
    },
    "numbers": NUMBERS,
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def reach(module: CensoredModule) -> dict:
    """Make the accounts what they are declared to be; the module's result."""
    params = module.params
    endpoint = without_login(params["endpoint"])
    # Null and a missing option differ here, but AnsibleModule makes them equal.
    accounts = parse_accounts(mentioned(params["accounts"], module.given["accounts"]))
    if module.check_mode and params["gateway_to_be_made"]:
        plans = first_plans(accounts, params["home"])
        module.warn(f"There is no gateway at {endpoint} yet, so no request was sent.")
    else:
        plans = reconcile(
            lambda: connect_as(AccountClient, params),
            accounts,
            params["home"],
            params["takeover"],
            module.check_mode,
            workers(params),
        )
    return {**report(plans, module._diff), "summary": summary(plans, endpoint, module.check_mode)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
