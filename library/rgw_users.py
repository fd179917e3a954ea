#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: users of a Ceph Object Gateway, with their subusers, keys and caps."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_users
short_description: Manage users, subusers, keys, caps and quotas of a Ceph Object Gateway
version_added: 0.1.0
description:
  - Makes the users of a Ceph Object Gateway (RGW) what a list says they are, through the gateway's admin API. It needs
    neither C(radosgw-admin) nor a Ceph keyring.
  - What an entry does not mention is left alone, and so are users that are not in the list. What it gives as V(null)
    becomes what a new user has, for example no address, no cap, and the quotas that the gateway gives new users.
  - A new user gets all that C(radosgw-admin user create) would give it, such as the quotas that the gateway's operator
    has set for new users. To see that, a run that makes users makes one called C(rgwkit-new-user-) and a random number,
    suspended and without keys, reads it and removes it at once.
  - The whole list is checked before anything is read, and all users are read before anything is written. New access
    keys, addresses, caps, limits and placements are checked with the gateway before that, too.
  - A user costs one request if nothing is to be done, and three (read, write, read again) if something is, besides one
    for each new access key or address; a run that makes users costs three more. A difference that remains after the
    write is an error. Several users are worked on at once, the steps of one user in order.
  - If the run breaks on the way, the error lists the users that are done and those that are not. The next run goes on.
  - Secrets travel in request bodies only. They are in no URL, no command line, no message, no diff and no return value.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.rgw_connection
  - rgwkit.ceph.rgw_user
attributes:
  check_mode:
    description: Can run in check mode and return what would be changed, without changing anything.
    support: full
    details:
      - Secret files are not written either; their secrets show as V((generated\)).
      - How many buckets and which quotas the gateway gives a new user is only seen by making one, so these are V(null)
        then. Where an entry gives them as V(null), RGW's own defaults are taken - 1000 buckets and no quota.
  diff_mode:
    description: Returns what has changed, or in check mode would change.
    support: full
    details:
      - Secrets show as marks such as V(hmac-sha256:1a2b3c4d). Equal marks mean equal secrets, as long as the admin's
        secret key stays the same, which the marks are keyed with.
  idempotent:
    description: When run twice with the same options, the second run changes nothing.
    support: full
options:
  allow_weak_secrets:
    description:
      - Accept secrets of fewer than 16 characters. Empty ones are never accepted.
      - Ansible masks the value of O(users[].subusers[].secret) in errors and in the system log. With a short one, that
        garbles other words; O(users[].subusers[].secret_file) avoids it.
    type: bool
    default: false
  retire:
    description:
      - Remove the subusers and keys whose O(users[].subusers[].state) is V(retired). Otherwise these are left alone.
      - This is the last step of a rotation, after everything that uses them has moved on. Ceph lets no token outlive
        the swift key it was issued for, so a swift key is not replaced in place but followed by another subuser's.
    type: bool
    default: false
  gateway_to_be_made:
    description:
      - Whether the gateway is only going to be made, by an earlier task of the same play. In check mode, all users are
        then planned as for a gateway without users, nobody is asked, and a warning says so.
      - Otherwise a gateway that does not answer is an error, in check mode, too.
    type: bool
    default: false
notes:
  - The admin user needs the caps V(metadata=*) and V(users=*), and V(buckets=read) for the number of buckets in errors.
    With V(zone=read), too, the module refuses to write to a gateway that is not of the metadata master zone.
  - Names are kept as the bytes that somebody gave to the gateway. In results, bytes that are no UTF-8 show as C(\\xfc).
  - An e-mail address is set by a request of its own, as only there the gateway makes sure that no other user has it.
  - Subusers and keys are removed by requests of their own, as Ceph 14 otherwise keeps their names from being used
    again.
  - Works with Ceph 14 (Nautilus) to 20 (Tentacle). Up to 18 the gateway refuses a record that was written by somebody
    else meanwhile, and the module starts again from the new one. Later gateways do not look, so a change that somebody
    makes to the same user between the module's read and its write is lost.
"""

EXAMPLES = r"""
- name: A swift user for a Docker registry, its secret made once and kept in a file
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

- name: The same with a secret from Ansible Vault, over TLS with the company's own CA
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

- name: Many users in one task, from the inventory
  rgwkit.ceph.rgw_users:
    endpoint: "{{ rgw_endpoint }}"
    access_key: "{{ rgw_admin_access_key }}"
    secret_key: "{{ rgw_admin_secret_key }}"
    users: "{{ rgw_users }}"

- name: An S3 key beside the ones the user has, and the right to read the usage log
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
        keys:
          - access_key: BILLING2026
            secret_file: /etc/rgwkit/secrets/billing.s3

- name: A tenant's user with limits, and with no other S3 keys than the one listed
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
        keys:
          - access_key: ALICE2026
            secret_file: /etc/rgwkit/secrets/alice.s3

- name: A new subuser beside the old one, which is left alone
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

- name: The old one goes, once nothing uses it any more
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
users:
  description: The users of the list as they are now, or in check mode would be, in the order of the list. No secrets.
  returned: success
  type: list
  elements: dict
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
      returned: when present
      sample: Docker registry
    email:
      description: E-mail address; empty if there is none.
      type: str
      returned: when present
      sample: registry@example.org
    suspended:
      description: Whether the user is locked out.
      type: bool
      returned: when present
      sample: false
    max_buckets:
      description:
        - How many buckets the user may own; V(0) means any number, a negative one none.
        - In check mode V(null) for a new user whose entry does not say it. Likewise the quotas.
      type: int
      returned: when present
      sample: 1000
    op_mask:
      description: What the user may do at all.
      type: list
      elements: str
      returned: when present
      sample: [read, write, delete]
    default_placement:
      description: Placement target of new buckets; empty for that of the zone group.
      type: str
      returned: when present
      sample: ""
    default_storage_class:
      description: Storage class of new objects; empty for V(STANDARD).
      type: str
      returned: when present
      sample: ""
    placement_tags:
      description: Tags of the user.
      type: list
      elements: str
      returned: when present
      sample: [ssd]
    user_quota:
      description: Limit for all buckets together; C(max_size) in bytes, V(-1) for no limit.
      type: dict
      returned: when present
      sample: {max_size: 10737418240, max_objects: -1, enabled: true}
    bucket_quota:
      description: Limit for each bucket, likewise.
      type: dict
      returned: when present
      sample: {max_size: -1, max_objects: -1, enabled: false}
    rate_limit:
      description: Limits a minute and gateway; V(0) for none.
      type: dict
      returned: when present
      sample: {max_write_ops: 0, max_read_ops: 6000, max_write_bytes: 0, max_read_bytes: 0, enabled: true}
    caps:
      description: Admin caps by type.
      type: dict
      returned: when present
      sample: {usage: read}
    keys:
      description: S3 keys, those of the list and any others.
      type: list
      elements: dict
      returned: when present
      contains:
        access_key:
          description: Identifier of the key.
          type: str
          returned: always
          sample: BILLING2026
        subuser:
          description: The subuser whose key it is.
          type: str
          returned: when it is not the user's own
          sample: billing-ro
    subusers:
      description: Subusers, those of the list and any others.
      type: list
      elements: dict
      returned: when present
      contains:
        name:
          description: Name, without the uid.
          type: str
          returned: always
          sample: swift
        access:
          description:
            - V(none), V(read), V(write), V(readwrite) or V(full), or the gateway's own word for anything else.
            - V(null) for a swift key without its subuser.
          type: str
          returned: always
          sample: readwrite
    temp_url_keys:
      description: Which temp-URL keys there are.
      type: list
      elements: dict
      returned: when present
      contains:
        index:
          description: V(0) or V(1).
          type: int
          returned: always
          sample: 0
    changed:
      description: Whether something was, or in check mode would be, changed for this user.
      type: bool
      returned: always
      sample: true
    changes:
      description: What was changed, a line each.
      type: list
      elements: str
      returned: always
      sample:
        - 'subusers.swift.access: "read" -> "readwrite"'
        - 'subusers.swift.secret: "hmac-sha256:1a2b3c4d" -> "hmac-sha256:9e0f1a2b"'
failure:
  description: What failed, in parts.
  returned: when the gateway or a secret file did not do what was asked
  type: dict
  contains:
    operation:
      description: What was attempted.
      type: str
      returned: always
      sample: write
    target:
      description: On what.
      type: str
      returned: always
      sample: user 'registry' at http://127.0.0.1:8080
    status:
      description: HTTP status; V(null) if no answer came.
      type: int
      returned: always
      sample: 403
    code:
      description: Error code of the gateway, or what became of the connection.
      type: str
      returned: always
      sample: AccessDenied
    hint:
      description: What to do next.
      type: str
      returned: always
      sample: "The user of access key 'admin' needs the admin caps 'metadata=*'."
    done:
      description: Users that are what they should be, as V(uid) or V(tenant$uid).
      type: list
      elements: str
      returned: when the run broke after it had begun to write
      sample: [registry]
    not_done:
      description: The other users of the list. Of those that were under way, a part may have been written.
      type: list
      elements: str
      returned: when the run broke after it had begun to write
      sample: [billing]
"""

import secrets
from collections.abc import Sequence

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.secret import Marks
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS, admin_secret, connect, workers
from ..module_utils.rgw.plan_checks import check_plans
from ..module_utils.rgw.reconcile import Outcome, first_outcomes, reconcile
from ..module_utils.rgw.user_options import NUMBERS, USER_OPTIONS
from ..module_utils.rgw.user_report import report
from ..module_utils.rgw.user_spec import mentioned, parse_users

ARGUMENT_SPEC = {
    **CONNECTION_OPTIONS,
    "allow_weak_secrets": {"type": "bool", "default": False, "no_log": False},
    "retire": {"type": "bool", "default": False},
    "gateway_to_be_made": {"type": "bool", "default": False},
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
    """What a plan says that no gateway was asked about."""
    count = sum(outcome.plan.changed for outcome in outcomes)
    return (
        f"There is no gateway at {without_login(endpoint)} yet, so nobody was asked. Of {len(outcomes)} users, "
        f"{count} would be made. "
        "What only a gateway can refuse, such as a placement target that it lacks, is found when it is there."
    )


def reach(module: CensoredModule) -> dict:
    """Make the users what they are declared to be; the module's result."""
    params = module.params
    # Ansible returns what is left of the parameters. Thousands of entries, with all their nulls, serve nobody there.
    filled_in = params.pop("users")
    # Null and nothing differ here, and AnsibleModule makes them the same.
    users = parse_users(mentioned(filled_in, module.given["users"]), params["allow_weak_secrets"], params["retire"])
    if module.check_mode and params["gateway_to_be_made"]:
        # The administrator's secret is not there yet, either.
        marks, outcomes = Marks(secrets.token_hex()), first_outcomes(users)
        module.warn(unasked(params["endpoint"], outcomes))
    else:
        marks = Marks(admin_secret(params))
        outcomes = reconcile(lambda: connect(params), users, module.check_mode, workers(params), check_plans)
    # The users' secrets are in no result. To look for each of thousands in each word of it would take minutes.
    module.no_log_values.intersection_update([params["secret_key"]])
    return report(outcomes, marks, module._diff)


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
