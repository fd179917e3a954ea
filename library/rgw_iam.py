#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: users, groups, roles and OIDC providers in accounts of a Ceph Object Gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_iam
short_description: Manage IAM users, groups, roles and OIDC providers in accounts of a Ceph Object Gateway
version_added: 0.3.0
description:
  - Brings users, groups, roles and OIDC providers with their policies into the state that a list describes, through the
    IAM API of the gateway, in the name of a root user of each account.
  - What is not listed stays. Only what is in an account of this inventory is changed and removed
    (M(rgwkit.ceph.rgw_accounts) creates and adopts accounts).
  - The module writes what differs, reads it again, and compares. If the gateway keeps something else, the module puts
    back what was there before, and fails.
  - The key of the root user is read through the admin API. For a root user without a usable key, a key is made for the
    run and removed at its end. No secret is in a message, a diff or the result.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
options:
  home:
    description: The inventory that manages the accounts, as the mark of each account has it.
    type: str
    required: true
  gateway_to_be_made:
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then plans
        everything as new, sends no request, and warns that it did not.
    type: bool
    default: false
  users_to_be_made:
    description:
      - Root users (V(uid) or V(tenant$uid)) that an earlier task of the same play creates. In check mode, what is in
        their accounts is planned as new.
    type: list
    elements: str
    default: []
  allow_weak_secrets:
    description: Accept secrets of keys of fewer than 16 characters. Empty secrets are never accepted.
    type: bool
    default: false
  retire:
    description:
      - Remove the keys whose O(accounts[].users[].s3_keys[].state) is V(retired). Otherwise they are left alone. This
        is the last step of a rotation, once all clients use the new keys.
    type: bool
    default: false
  accounts:
    description: The accounts, and what is in them.
    type: list
    elements: dict
    required: true
    suboptions:
      root:
        description: Uid of a root user of the account, without its tenant.
        type: str
        required: true
      tenant:
        description: Tenant of the root user.
        type: str
      users:
        description:
          - Users of the account. A user of M(rgwkit.ceph.rgw_users) is here, too, under the display name. For a user
            that does not exist, the gateway chooses the uid.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the user. 1 to 64 letters, digits and C(_ + = , . @ -).
            type: str
            required: true
          state:
            description: V(absent) removes the user, and the policies, memberships and S3 keys with it.
            type: str
            choices: [present, absent]
            default: present
          path:
            description: Path of the user, which begins and ends with C(/).
            type: str
          purge:
            description:
              - Whether to remove what the entry does not list, in each of O(accounts[].users[].policies),
                O(accounts[].users[].managed_policies) and O(accounts[].users[].s3_keys) that the entry mentions.
            type: bool
            default: false
          policies:
            description:
              - Inline policies by their names, each a mapping or JSON text. V(null) removes a policy.
              - A policy with parts that RGW would take and leave out is refused, for example a statement without
                C(Resource) or with an operator that RGW does not know.
            type: dict
          managed_policies:
            description:
              - Policies of the gateway to attach, by their names, for example V(AmazonS3ReadOnlyAccess), or by their
                ARNs.
            type: list
            elements: str
          s3_keys:
            version_added: "0.3.0"
            description:
              - S3 keys of the user, as O(rgwkit.ceph.rgw_users#module:users[].s3_keys). The limit of the account on
                keys of a user holds here, too. Name each key in one of both modules only.
            type: list
            elements: dict
            suboptions:
              access_key:
                description:
                  - Identifier of the key, printable ASCII without spaces. The identifier is not secret and appears in
                    messages.
                type: str
                required: true
              state:
                description:
                  - V(absent) removes the key. V(retired) does so if O(retire) is set, and requires that another key is
                    listed.
                type: str
                choices: [present, absent, retired]
                default: present
              active:
                description:
                  - Whether the gateway accepts the key. A disabled key keeps its secret. By default a new key is
                    active, and an existing key stays as it is.
                type: bool
              secret:
                description:
                  - Secret of the key. A new key needs either this or O(accounts[].users[].s3_keys[].secret_file).
                type: str
              secret_file:
                description:
                  - File with the secret, an absolute path on the host where this module runs. A missing file is
                    created with mode V(0600), and holds the secret of the gateway's key, or a new secret.
                type: path
      groups:
        description: Groups of users.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the group. 1 to 64 letters, digits and C(_ + = , . @ -).
            type: str
            required: true
          state:
            description: V(absent) removes the group, and the policies and memberships with it.
            type: str
            choices: [present, absent]
            default: present
          path:
            description: Path of the group, which begins and ends with C(/).
            type: str
          purge:
            description:
              - Whether to remove what the entry does not list, in each of O(accounts[].groups[].policies),
                O(accounts[].groups[].managed_policies) and O(accounts[].groups[].members) that the entry mentions.
            type: bool
            default: false
          policies:
            description:
              - Inline policies by their names, each a mapping or JSON text. V(null) removes a policy.
              - A policy with parts that RGW would take and leave out is refused, for example a statement without
                C(Resource) or with an operator that RGW does not know.
            type: dict
          managed_policies:
            description:
              - Policies of the gateway to attach, by their names, for example V(AmazonS3ReadOnlyAccess), or by their
                ARNs.
            type: list
            elements: str
          members:
            description: Names of the users in the group.
            type: list
            elements: str
      roles:
        description: Roles.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the role. 1 to 64 letters, digits and C(_ + = , . @ -).
            type: str
            required: true
          state:
            description: V(absent) removes the role, and the policies with it.
            type: str
            choices: [present, absent]
            default: present
          path:
            description: Path of the role, which begins and ends with C(/). The path of an
              existing role cannot be changed.
            type: str
          purge:
            description:
              - Whether to remove what the entry does not list, in each of O(accounts[].roles[].policies) and
                O(accounts[].roles[].managed_policies) that the entry mentions.
            type: bool
            default: false
          policies:
            description:
              - Inline policies by their names, each a mapping or JSON text. V(null) removes a policy.
              - A policy with parts that RGW would take and leave out is refused, for example a statement without
                C(Resource) or with an operator that RGW does not know.
            type: dict
          managed_policies:
            description:
              - Policies of the gateway to attach, by their names, for example V(AmazonS3ReadOnlyAccess), or by their
                ARNs.
            type: list
            elements: str
          trust:
            description:
              - Who may assume the role, a policy as a mapping or JSON text. Required for a new role.
            type: raw
          description:
            description: What the role is for.
            type: str
          max_session_duration:
            description: Longest session in seconds, V(3600) to V(43200). A new role has V(3600).
            type: int
      oidc_providers:
        description: Issuers of tokens of OpenID Connect, for roles that are assumed with such a token.
        type: list
        elements: dict
        suboptions:
          url:
            description: URL of the issuer, as C(iss) of its tokens has it.
            type: str
            required: true
          state:
            description: Whether the account knows the issuer.
            type: str
            choices: [present, absent]
            default: present
          client_ids:
            description: The audiences of tokens that are accepted.
            type: list
            elements: str
          thumbprints:
            description: SHA-1 fingerprints of the issuer's certificates, 40 hexadecimal digits each.
            type: list
            elements: str
notes:
  - Needs Ceph 19, and C(iam) in C(rgw_enable_apis) of the gateway, where it is by default.
  - The admin user needs the caps V(users=*) and V(metadata=read), and V(metadata=*) for keys.
seealso:
  - module: rgwkit.ceph.rgw_accounts
  - module: rgwkit.ceph.rgw_iam_info
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: Let the group of readers read a bucket, and jobs of the CI assume a role
  rgwkit.ceph.rgw_iam:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    home: production
    accounts:
      - root: acme-root
        groups:
          - name: readers
            members: [ada, grace]
            policies:
              read:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: [s3:GetObject, s3:ListBucket]
                    Resource: ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
        oidc_providers:
          - url: https://ci.example.org
            client_ids: [storage]
            thumbprints: [A031C46782E6E6C662C2C87C76DA9AA62CCABD8E]
        roles:
          - name: ci
            managed_policies: [AmazonS3FullAccess]
            trust:
              Version: "2012-10-17"
              Statement:
                - Effect: Allow
                  Principal: {Federated: ["arn:aws:iam::RGW00889737169837717:oidc-provider/ci.example.org"]}
                  Action: sts:AssumeRoleWithWebIdentity
                  Condition: {StringEquals: {"ci.example.org:sub": "job:main"}}

- name: Create a user with a new key, and leave the old key alone
  rgwkit.ceph.rgw_iam:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    home: production
    accounts:
      - root: acme-root
        users:
          - name: ada
            managed_policies: [AmazonS3ReadOnlyAccess]
            s3_keys:
              - {access_key: ADA2027, secret_file: /etc/rgwkit/secrets/ada-2027}
              - {access_key: ADA2026, state: retired}
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, at which gateway, in one sentence.
  returned: success
  type: str
  sample: "users, groups, roles and providers of accounts on http://gateway.example:8080: 2 created, 5 unchanged"
accounts:
  description: The accounts of the list, in the order of the list.
  returned: success
  type: list
  elements: dict
  sample:
    - root: acme-root
      id: RGW00889737169837717
      changed: true
      changes: ["groups.readers: created", "groups.readers.members.ada: (none) -> true"]
  contains:
    root: {description: The root user., type: str, returned: always, sample: acme-root}
    id:
      description: ID of the account; V(null) in check mode for an account that does not exist yet.
      type: str
      returned: always
      sample: RGW00889737169837717
    changed: {description: Whether the run changed the account., type: bool, returned: always, sample: true}
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      type: list
      elements: str
      returned: always
      sample: ["groups.readers: created"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: "group 'readers' of account 'RGW00889737169837717' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "Is the user a root user of the account?"
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "group 'readers' of account 'RGW00889737169837717' at http://127.0.0.1:8080"
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
      sample: "Is the user a root user of the account?"
    done:
      description: What is in the requested state.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [acme-root]
    not_done:
      description: All others of the list.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [research-root]
"""


import secrets

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.mentioned import mentioned
from ..module_utils.base.module_run import run
from ..module_utils.base.secret import Marks
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.connection_options import (
    CONNECTION_OPTIONS,
    CONNECTION_SECRETS,
    admin_secret,
    connect_as,
    workers,
)
from ..module_utils.rgw.iam.client import IamClient
from ..module_utils.rgw.iam.keys import KeyRules
from ..module_utils.rgw.iam.reconcile import first_plans, reconcile
from ..module_utils.rgw.iam.report import report, summary
from ..module_utils.rgw.iam.spec import IAM_OPTIONS, parse_iam

OPTIONS = {
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "home": {"type": "str", "required": True},
        "gateway_to_be_made": {"type": "bool", "default": False},
        "users_to_be_made": {"type": "list", "elements": "str", "default": []},
        "allow_weak_secrets": {"type": "bool", "default": False, "no_log": False},
        "retire": {"type": "bool", "default": False},
        "accounts": {"type": "list", "elements": "dict", "required": True, "options": IAM_OPTIONS},
    },
    "numbers": (),
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def reach(module: CensoredModule) -> dict:
    """Make what is in the accounts what it is declared to be; the module's result."""
    params = module.params
    endpoint = without_login(params["endpoint"])
    # Null and a missing option differ here, but AnsibleModule makes them equal.
    rules = KeyRules(params["allow_weak_secrets"], params["retire"])
    accounts = parse_iam(mentioned(params["accounts"], module.given["accounts"]), rules)
    if module.check_mode and params["gateway_to_be_made"]:
        # The administrator's secret does not exist yet, either.
        marks, plans = Marks(secrets.token_hex()), first_plans(accounts)
        module.warn(f"There is no gateway at {endpoint} yet, so no request was sent.")
    else:
        marks = Marks(admin_secret(params))
        plans = reconcile(
            lambda: connect_as(IamClient, params),
            accounts,
            params["home"],
            module.check_mode,
            workers(params),
            params["users_to_be_made"],
        )
    return {**report(plans, marks, module._diff), "summary": summary(plans, endpoint, module.check_mode)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    end_by_exception()
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
