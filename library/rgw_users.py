#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: users of a Ceph Object Gateway, with their subusers, keys and caps."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_users
short_description: Manage users, swift subusers, keys and caps of a Ceph Object Gateway
version_added: 0.1.0
description:
  - Makes the users of a Ceph Object Gateway (RGW) what a list says they are, through the gateway's admin API. It needs
    neither C(radosgw-admin) nor a Ceph keyring.
  - What an entry does not mention is left alone, and so are users that are not in the list.
  - The whole list is checked before anything is read, and all users are read before anything is written.
  - A user costs one request if nothing is to be done, and three (read, write, read again) if something is. A difference
    that remains after the write is an error.
  - Secrets travel in request bodies only. They are in no URL, no command line, no message, no diff and no return value.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.rgw_connection
attributes:
  check_mode:
    description: Can run in check mode and return what would be changed, without changing anything.
    support: full
    details:
      - Secret files are not written either; their secrets show as V((generated\)).
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
  users:
    description:
      - The users. No uid, e-mail address, access key or secret file may occur twice.
    type: list
    elements: dict
    required: true
    suboptions:
      uid:
        description:
          - Name of the user, without its tenant.
          - Letters, digits and C(. _ @ + = , -), beginning with a letter or digit.
        type: str
        required: true
      tenant:
        description: Tenant of the user. The gateway knows the user as C(tenant$uid).
        type: str
      state:
        description:
          - With V(absent) the user is removed, and the other options of the entry are not looked at.
          - A user that owns buckets is not removed; the error says how many there are.
          - A secret file is never removed.
        type: str
        choices: [present, absent]
        default: present
      display_name:
        description: Full name. A new user without one gets its uid.
        type: str
      email:
        description:
          - E-mail address, kept in lower case. No two users of a gateway may have the same.
          - An empty one removes the address.
        type: str
      suspended:
        description: Whether the user is locked out. Its keys and data stay.
        type: bool
      max_buckets:
        description:
          - How many buckets the user may own; V(0) means any number, a negative one none.
          - A new user without it gets V(1000), which is RGW's default.
        type: int
      caps:
        description:
          - Admin caps by type, each V(read), V(write) or V(*), for example C(usage) to V(read).
        type: dict
      keys:
        description:
          - S3 keys.
        type: list
        elements: dict
        suboptions:
          access_key:
            description:
              - Identifier of the key. It is not secret and shows up in messages.
            type: str
            required: true
          secret:
            description:
              - Secret of the key. Give either this or O(users[].keys[].secret_file).
            type: str
          secret_file:
            description:
              - As O(users[].subusers[].secret_file), for this key.
            type: path
      subusers:
        description:
          - Subusers, which is what clients of the swift API log in as.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the subuser, V(swift) or in full V(registry:swift).
            type: str
            required: true
          access:
            description:
              - What the subuser may do with the containers of its user. A registry needs V(readwrite); V(full) adds the
                account itself, for example its temp-URL keys.
              - Required for a subuser that does not exist yet.
            type: str
            choices: [read, write, readwrite, full]
          secret:
            description:
              - Secret of the swift key. A subuser has one swift key; a new secret ends the old one and all tokens that
                were issued with it at once.
            type: str
          secret_file:
            description:
              - File with the secret, an absolute path on the host where the module runs. One newline at its end is
                ignored. A file that every account of the host may read or write is refused.
              - A file that does not exist is made, with mode V(0600), in directories of mode V(0700) as far as they
                are missing too. If the gateway holds a secret already, the file gets that one; otherwise the module
                makes one of 40 letters and digits, and writes the file before it tells the gateway.
              - An existing file is never changed. To change the secret, put a new one into the file.
            type: path
  allow_weak_secrets:
    description:
      - Accept secrets of fewer than 16 characters. Empty ones are never accepted.
      - Ansible masks the value of O(users[].subusers[].secret) in everything it prints. With a short one, that garbles
        other words; O(users[].subusers[].secret_file) avoids it.
    type: bool
    default: false
notes:
  - The admin user needs the caps V(metadata=*) and V(users=*), and V(buckets=read) for the number of buckets in errors.
  - An e-mail address is set by a request of its own, as only there the gateway makes sure that no other user has it.
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
      description: How many buckets the user may own; V(0) means any number, a negative one none.
      type: int
      returned: when present
      sample: 1000
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
            - V(read), V(write), V(readwrite) or V(full), or the gateway's own word for anything else.
            - V(null) for a swift key without its subuser.
          type: str
          returned: always
          sample: readwrite
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
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.rgw_connection import CONNECTION_OPTIONS, CONNECTION_SECRETS, connect
from ..module_utils.rgw_errors import InputError, RgwError
from ..module_utils.rgw_secrets import Marks
from ..module_utils.rgw_user_report import report
from ..module_utils.rgw_user_spec import parse_users
from ..module_utils.rgw_users import reconcile

_SECRET_OPTIONS = {"secret": {"type": "str", "no_log": True}, "secret_file": {"type": "path", "no_log": False}}

ARGUMENT_SPEC = {
    **CONNECTION_OPTIONS,
    "allow_weak_secrets": {"type": "bool", "default": False, "no_log": False},
    "users": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "uid": {"type": "str", "required": True},
            "tenant": {"type": "str"},
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            "display_name": {"type": "str"},
            "email": {"type": "str"},
            "suspended": {"type": "bool"},
            "max_buckets": {"type": "int"},
            "caps": {"type": "dict"},
            "keys": {
                "type": "list",
                "elements": "dict",
                "no_log": False,
                "options": {"access_key": {"type": "str", "required": True, "no_log": False}, **_SECRET_OPTIONS},
            },
            "subusers": {
                "type": "list",
                "elements": "dict",
                "options": {
                    "name": {"type": "str", "required": True},
                    "access": {"type": "str", "choices": ["read", "write", "readwrite", "full"]},
                    **_SECRET_OPTIONS,
                },
            },
        },
    },
}


def main() -> None:
    module = AnsibleModule(
        argument_spec=ARGUMENT_SPEC,
        mutually_exclusive=CONNECTION_SECRETS,
        required_one_of=CONNECTION_SECRETS,
        supports_check_mode=True,
    )
    try:
        users = parse_users(module.params["users"], module.params["allow_weak_secrets"])
        client = connect(module.params)
        outcomes = reconcile(client, users, module.check_mode)
    except InputError as error:
        module.fail_json(msg=str(error))
    except RgwError as error:
        module.fail_json(msg=str(error), failure=error.as_dict())
    module.exit_json(**report(outcomes, Marks(client.credentials.secret_key)))


if __name__ == "__main__":
    main()
