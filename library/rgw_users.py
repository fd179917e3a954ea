#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: users of a Ceph Object Gateway, with their subusers, keys and caps."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_users
short_description: Manage users, subusers, keys, caps and quotas of a Ceph Object Gateway
version_added: 0.1.0
description:
  - Brings the users of a Ceph Object Gateway (RGW) into the state that a list describes, through the gateway's admin
    API. The module needs neither C(radosgw-admin) nor a Ceph keyring.
  - Options that an entry does not mention stay as they are, and so do users that are not in the list. An option that an
    entry sets to V(null) gets the value of a new user, for example no address, no cap, or the gateway's quotas for new
    users.
  - A new user gets everything that C(radosgw-admin user create) would set, such as the quotas that the gateway's
    operator has set for new users. To learn these values, a run that creates users first creates a user called
    C(rgwkit-new-user-) and a random number, suspended and without keys, reads it and removes it at once.
  - The module checks the whole list before it reads anything, and reads all users before it writes anything. It also
    checks new access keys, addresses, caps, limits and placements with the gateway before the first write.
  - A user takes one request if nothing is to be done, and three (read, write, read again) otherwise, plus one for each
    new access key or address. A run that creates users takes three more. A difference that remains after the write is
    an error. The module works on several users at once, and takes the steps of one user in order.
  - If the run breaks off, the error lists the users that are done and those that are not. The next run continues.
  - Secrets travel in request bodies only. They are in no URL, no command line, no message, no diff and no return value.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
  - rgwkit.ceph.rgw_user
attributes:
  check_mode:
    details:
      - Secret files are not written either; their secrets show as V((generated\)).
      - The number of buckets and the quotas that the gateway gives a new user are only known once a user is created,
        so these values are V(null) in check mode. For an entry that sets them to V(null), the module assumes RGW's own
        defaults - 1000 buckets and no quota.
  diff_mode:
    details:
      - Secrets show as marks such as V(hmac-sha256:1a2b3c4d). The marks are keyed with the admin's secret key. As long
        as that key stays the same, equal marks mean equal secrets.
options:
  allow_weak_secrets:
    description:
      - Accept secrets of fewer than 16 characters. Empty secrets are never accepted.
      - Ansible masks the value of O(users[].subusers[].secret) in errors and in the system log. A short value also
        occurs in other words, which are then garbled; O(users[].subusers[].secret_file) avoids that.
    type: bool
    default: false
  retire:
    version_added: "0.2.0"
    description:
      - Remove the subusers and keys whose O(users[].subusers[].state) is V(retired). Otherwise they are left alone.
      - This is the last step of a rotation, once all clients use the new keys. In Ceph no token outlives the swift key
        that it was issued for. So a swift key is not replaced in place, but followed by the key of another subuser.
    type: bool
    default: false
  gateway_to_be_made:
    version_added: "0.2.0"
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then plans
        all users as for a gateway without users, sends no request, and warns that it did not.
      - Otherwise a gateway that does not answer is an error, also in check mode.
    type: bool
    default: false
  accounts_to_be_made:
    version_added: "0.3.0"
    description:
      - Names of accounts (V(name) or V(tenant$name)) that an earlier task of the same play creates. In check mode,
        users of these accounts are planned although the accounts do not exist yet.
    type: list
    elements: str
    default: []
  return_details:
    version_added: "0.3.0"
    description:
      - Of which users RV(users) has the details, such as quotas and keys.
      - V(all) is each user of the list, V(changed) each user that the run changes, or in check mode would change. Other
        users then have C(uid), C(tenant), C(state), C(changed) and C(changes) only.
      - In runs that change little, V(changed) makes the result of a long list several times smaller, and Ansible
        handles the result sooner. The diff is the same in both cases.
    type: str
    choices: [all, changed]
    default: all
notes:
  - The admin user needs the caps V(metadata=*) and V(users=*), and V(buckets=read) for the number of buckets in errors.
    With the cap V(zone=read) in addition, the module refuses to write to a gateway outside the metadata master zone.
  - Names are kept as the bytes that somebody gave to the gateway. In results, bytes other than UTF-8 show as C(\\xfc).
  - An e-mail address takes a request of its own, because only there the gateway checks that no other user has the
    address.
  - The removal of a subuser or key takes a request of its own, because Ceph 14 otherwise blocks the name for new ones.
  - Works with Ceph 14 (Nautilus) to 20 (Tentacle). Up to Ceph 18 the gateway refuses to overwrite a record that another
    client has changed meanwhile, and the module starts again from the new record. Later gateways do not check, so a
    change that another client makes to the same user between the module's read and its write is lost.
"""

EXAMPLES = r"""
- name: Create a swift user for a Docker registry, with a generated secret in a file
  rgwkit.ceph.rgw_users:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: registry
        display_name: Docker registry
        subusers:
          - name: swift
            access: readwrite
            secret_file: /etc/rgwkit/secrets/registry.swift

- name: Create a swift user with a secret from Ansible Vault, over TLS with the company's own CA
  rgwkit.ceph.rgw_users:
    endpoint: https://rgw.example.org
    ca_file: /etc/ssl/certs/example-ca.pem
    access_key: admin
    secret_key: "{{ vault_rgw_admin_secret }}"
    users:
      - uid: registry
        subusers:
          - name: swift
            access: readwrite
            secret: "{{ vault_registry_swift_secret }}"

- name: Create the users of the inventory in one task
  rgwkit.ceph.rgw_users:
    endpoint: "{{ rgw_endpoint }}"
    access_key: "{{ rgw_admin_access_key }}"
    secret_key: "{{ rgw_admin_secret_key }}"
    users: "{{ rgw_users }}"

- name: Add an S3 key to the user's existing keys, and the right to read the usage log
  rgwkit.ceph.rgw_users:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: billing
        email: billing@example.org
        max_buckets: 10
        caps:
          usage: read
          buckets: read
        s3_keys:
          - access_key: BILLING2026
            secret_file: /etc/rgwkit/secrets/billing.s3

- name: Limit a tenant's user, and remove all S3 keys that are not listed
  rgwkit.ceph.rgw_users:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: alice
        tenant: research
        purge: true
        user_quota:
          max_size: 10TiB
        bucket_quota:
          max_size: null # no limit
          max_objects: 1000000
        rate_limit:
          max_read_ops: 6000
        s3_keys:
          - access_key: ALICE2026
            secret_file: /etc/rgwkit/secrets/alice.s3

- name: Create a new subuser and leave the old subuser alone
  rgwkit.ceph.rgw_users: &rotation
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: registry
        subusers:
          - name: registry-b
            access: readwrite
            secret_file: /etc/rgwkit/secrets/registry-b
          - name: registry-a
            state: retired

- name: Remove the old subuser after the last client has moved on
  rgwkit.ceph.rgw_users:
    <<: *rotation
    retire: true

- name: Lock one user out and remove another
  rgwkit.ceph.rgw_users:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    users:
      - uid: mallory
        suspended: true
      - uid: trent
        tenant: research
        state: absent
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, at which gateway, in one sentence.
  returned: success
  type: str
  sample: "users on http://gateway.example:8080: 3 created, 995 unchanged; 3 new secret files in /srv/secrets"
users:
  description:
    - The users of the list after the run, or in check mode as they would be, in the order of the list. No secrets.
    - Users that do not change have no details with O(return_details=changed).
  returned: success
  type: list
  elements: dict
  sample:
    - uid: registry
      tenant: ""
      state: present
      display_name: Docker registry
      email: ""
      suspended: false
      system: false
      admin: false
      max_buckets: 1000
      op_mask: [read, write, delete]
      default_placement: ""
      default_storage_class: ""
      placement_tags: []
      account: ""
      account_root: false
      user_quota: {max_size: -1, max_objects: -1, enabled: false}
      bucket_quota: {max_size: -1, max_objects: -1, enabled: false}
      rate_limit: {max_read_ops: 0, max_write_ops: 0, max_read_bytes: 0, max_write_bytes: 0, enabled: false}
      caps: {}
      s3_keys: []
      subusers: [{name: swift, access: readwrite}]
      temp_url_keys: []
      changed: true
      changes: ['subusers.swift.access: "read" -> "readwrite"']
  contains:
    uid:
      description: Name of the user, without its tenant.
      type: str
      returned: always
      sample: registry
    tenant:
      description: Tenant of the user; empty if it has none.
      type: str
      returned: always
      sample: ""
    state:
      description: V(present) or V(absent).
      type: str
      returned: always
      sample: present
    display_name:
      description: Full name.
      type: str
      returned: when present, and changed or with O(return_details=all)
      sample: Docker registry
    email:
      description: E-mail address; empty if there is none.
      type: str
      returned: when present, and changed or with O(return_details=all)
      sample: registry@example.org
    suspended:
      description: Whether the user is locked out.
      type: bool
      returned: when present, and changed or with O(return_details=all)
      sample: false
    system:
      description: Whether the user is a system user.
      type: bool
      returned: when present, and changed or with O(return_details=all)
      sample: false
    admin:
      description: Whether the user has the rights of all users.
      type: bool
      returned: when present, and changed or with O(return_details=all)
      sample: false
    max_buckets:
      description:
        - Number of buckets that the user may own; V(0) for no limit, a negative number for none.
        - In check mode V(null) for a new user whose entry does not set it, as are the quotas.
      type: int
      returned: when present, and changed or with O(return_details=all)
      sample: 1000
    op_mask:
      description: Operations that the user may perform.
      type: list
      elements: str
      returned: when present, and changed or with O(return_details=all)
      sample: [read, write, delete]
    default_placement:
      description: Placement target of new buckets; empty for the zone group's default.
      type: str
      returned: when present, and changed or with O(return_details=all)
      sample: ""
    default_storage_class:
      description: Storage class of new objects; empty for V(STANDARD).
      type: str
      returned: when present, and changed or with O(return_details=all)
      sample: ""
    placement_tags:
      description: Tags of the user.
      type: list
      elements: str
      returned: when present, and changed or with O(return_details=all)
      sample: [ssd]
    account:
      description: ID of the user's account; empty if the user is in none.
      type: str
      returned: when present, and changed or with O(return_details=all)
      sample: RGW00889737169837717
    account_root:
      description: Whether the user is a root user of the account.
      type: bool
      returned: when present, and changed or with O(return_details=all)
      sample: false
    user_quota:
      description: Limit for all buckets together; C(max_size) in bytes, V(-1) for no limit.
      type: dict
      returned: when present, and changed or with O(return_details=all)
      sample: {max_size: 10737418240, max_objects: -1, enabled: true}
    bucket_quota:
      description: Limit for each bucket, in the same form.
      type: dict
      returned: when present, and changed or with O(return_details=all)
      sample: {max_size: -1, max_objects: -1, enabled: false}
    rate_limit:
      description: Limits per minute on each gateway; V(0) for no limit.
      type: dict
      returned: when present, and changed or with O(return_details=all)
      sample: {max_write_ops: 0, max_read_ops: 6000, max_write_bytes: 0, max_read_bytes: 0, enabled: true}
    caps:
      description: Admin caps by type.
      type: dict
      returned: when present, and changed or with O(return_details=all)
      sample: {usage: read}
    s3_keys:
      description: All S3 keys of the user, listed or not.
      type: list
      elements: dict
      returned: when present, and changed or with O(return_details=all)
      sample: [{access_key: BILLING2026}]
      contains:
        access_key:
          description: Identifier of the key.
          type: str
          returned: always
          sample: BILLING2026
        subuser:
          description: Subuser that the key belongs to.
          type: str
          returned: when the key belongs to a subuser
          sample: billing-ro
        active:
          description: V(false).
          type: bool
          returned: when the key is disabled
          sample: false
    subusers:
      description: All subusers of the user, listed or not.
      type: list
      elements: dict
      returned: when present, and changed or with O(return_details=all)
      sample: [{name: swift, access: readwrite}]
      contains:
        name:
          description: Name, without the uid.
          type: str
          returned: always
          sample: swift
        access:
          description:
            - V(none), V(read), V(write), V(readwrite) or V(full), or the gateway's own word for any other access.
            - V(null) for a swift key whose subuser does not exist.
          type: str
          returned: always
          sample: readwrite
        active:
          description: V(false).
          type: bool
          returned: when the subuser's swift key is disabled
          sample: false
    temp_url_keys:
      description: Indexes of the user's temp-URL keys.
      type: list
      elements: dict
      returned: when present, and changed or with O(return_details=all)
      sample: [{index: 0}]
      contains:
        index:
          description: Index of the key, V(0) or V(1).
          type: int
          returned: always
          sample: 0
    changed:
      description: Whether the run changed this user, or in check mode would change it.
      type: bool
      returned: always
      sample: true
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      type: list
      elements: str
      returned: always
      sample:
        - 'subusers.swift.access: "read" -> "readwrite"'
        - 'subusers.swift.secret: "hmac-sha256:1a2b3c4d" -> "hmac-sha256:9e0f1a2b"'
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: write
    target: user 'registry' at http://127.0.0.1:8080
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'metadata=*'."
    done: [alice]
    not_done: [registry]
  contains:
    operation:
      description: What the module attempted.
      type: str
      returned: always
      sample: write
    target:
      description: Object of the operation.
      type: str
      returned: always
      sample: user 'registry' at http://127.0.0.1:8080
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      type: int
      returned: always
      sample: 403
    code:
      description: Error code of the gateway, or how the connection failed.
      type: str
      returned: always
      sample: AccessDenied
    hint:
      description: What to do next.
      type: str
      returned: always
      sample: "The user of access key 'admin' needs the admin caps 'metadata=*'."
    done:
      description: Users that are in the requested state, as V(uid) or V(tenant$uid).
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [alice]
    not_done:
      description: All other users of the list. For users in progress, a part of the change may have been written.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [registry]
"""

import secrets
from collections.abc import Sequence

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.garbage import not_searched
from ..module_utils.base.mentioned import by_option_names, mentioned
from ..module_utils.base.module_run import run
from ..module_utils.base.secret import Marks
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.accounts.client import AccountClient
from ..module_utils.rgw.accounts.of_users import with_accounts
from ..module_utils.rgw.connection_options import (
    CONNECTION_OPTIONS,
    CONNECTION_SECRETS,
    admin_secret,
    connect,
    connect_as,
    workers,
)
from ..module_utils.rgw.plan_checks import check_plans
from ..module_utils.rgw.reconcile import Outcome, first_outcomes, reconcile
from ..module_utils.rgw.user_options import NUMBERS, USER_OPTIONS
from ..module_utils.rgw.user_report import report, summary
from ..module_utils.rgw.user_spec import parse_users

ARGUMENT_SPEC = {
    **CONNECTION_OPTIONS,
    "allow_weak_secrets": {"type": "bool", "default": False, "no_log": False},
    "retire": {"type": "bool", "default": False},
    "gateway_to_be_made": {"type": "bool", "default": False},
    "accounts_to_be_made": {"type": "list", "elements": "str", "default": []},
    "return_details": {"type": "str", "choices": ["all", "changed"], "default": "all"},
    "users": {"type": "list", "elements": "dict", "required": True, "options": USER_OPTIONS},
}
OPTIONS = {
    "argument_spec": ARGUMENT_SPEC,
    "numbers": NUMBERS,
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def unasked(endpoint: str, outcomes: Sequence[Outcome]) -> str:
    """The warning about a plan for a gateway that does not exist yet."""
    count = sum(outcome.plan.changed for outcome in outcomes)
    return (
        f"There is no gateway at {without_login(endpoint)} yet, so no request was sent. Of {len(outcomes)} users, "
        f"{count} would be created. "
        "Errors that only a gateway can detect, such as a missing placement target, appear once the gateway exists."
    )


def reach(module: CensoredModule) -> dict:
    """Make the users what they are declared to be; the module's result."""
    params = module.params
    # Ansible returns the parameters with the result. Thousands of entries, with all their nulls, serve nobody there.
    filled_in = params.pop("users")
    # Null and a missing option differ here, but AnsibleModule makes them equal.
    users = parse_users(
        mentioned(filled_in, by_option_names(module.given["users"], USER_OPTIONS)),
        params["allow_weak_secrets"],
        params["retire"],
    )
    if module.check_mode and params["gateway_to_be_made"]:
        # The administrator's secret does not exist yet, either.
        marks, outcomes = Marks(secrets.token_hex()), first_outcomes(users)
        module.warn(unasked(params["endpoint"], outcomes))
    else:
        marks = Marks(admin_secret(params))
        coming = params["accounts_to_be_made"] if module.check_mode else []
        users = with_accounts(lambda: connect_as(AccountClient, params), users, coming)
        outcomes = reconcile(lambda: connect(params), users, module.check_mode, workers(params), check_plans)
    # The users' secrets are in no result. A search for thousands of secrets in each word of it would take minutes.
    module.no_log_values.intersection_update([params["secret_key"]])
    sentence = summary(outcomes, without_login(params["endpoint"]), module.check_mode)
    told = report(outcomes, marks, module._diff, details_of_all=params["return_details"] == "all")
    return {**told, "summary": sentence}


def main() -> None:
    with not_searched():
        module = CensoredModule(**OPTIONS)
        run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
