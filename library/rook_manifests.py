#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: an outside Ceph Object Gateway and its users as objects of Rook."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rook_manifests
short_description: Write an outside gateway and its users as objects of Rook
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Writes files for C(kubectl apply) into a folder, for a Rook cluster in external mode. The module talks to no cluster
    and to no gateway.
  - C(objects.yaml) has the CephObjectStore and a CephObjectStoreUser for each user, with mode 0644. C(secret.yaml) has
    the login of Rook's operator, the authorities that it trusts, and the keys of users, with mode 0600.
  - A CephObjectStoreUser cannot say all that an entry of O(users) can, for example subusers. The module then writes
    nothing and names everything of all users that the kind cannot say.
  - Rook makes a user exactly what the object says. It removes keys and caps that the object does not have. Without
    keys in the object, it keeps one of the user's keys, or makes one. A user without O(users[].max_buckets) gets 1000.
  - The objects are those of Rook 1.20. An entry with O(users[].state=absent) has no object.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_user
attributes:
  diff_mode: {details: "The diff shows objects without secrets. Of the others, the diff says that they change."}
options:
  path: {description: Folder to write to. The folder must exist., type: path, required: true}
  home: {description: "Identity of the inventory, which all objects carry as an annotation.", type: str, default: ""}
  namespace: {description: Namespace of the Rook cluster., type: str, default: rook-ceph}
  store: {description: Name of the CephObjectStore., type: str, required: true}
  endpoint:
    description:
      - URL of the gateway, or of the load balancer before the gateways, as pods reach it. Rook takes host and port.
    type: str
    required: true
  ca_file:
    description: PEM file on this host with the authorities that signed the gateway's certificate.
    type: path
  access_key:
    description:
      - Access key of the user as whom Rook's operator administers the gateway, with the caps C(buckets=*), C(users=*),
        C(usage=read), C(metadata=read) and C(zone=read).
    type: str
    required: true
  secret_key_file: {description: File on this host with that user's secret key., type: path, required: true}
  allow_weak_secrets:
    description: Whether to accept secrets of fewer than 16 characters.
    type: bool
    default: false
  uids:
    description: Uids of those of O(users) that get an object. Empty means all of them.
    type: list
    elements: str
    default: []
seealso:
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: Write a gateway and one user for Rook
  rgwkit.ceph.rook_manifests:
    path: /srv/deploy/rook
    store: outside
    endpoint: http://rgw.example.com:8080
    access_key: rgw-admin-ops-user
    secret_key_file: /srv/secrets/rook.secret
    users:
      - uid: app
        display_name: Application
        max_buckets: 10
        user_quota: {max_size: 100GiB}
        caps: {usage: read}
        s3_keys:
          - {access_key: APP, secret_file: /srv/secrets/app.s3.secret}

- name: Write a gateway with TLS and none of its users
  rgwkit.ceph.rook_manifests:
    path: /srv/deploy/rook
    store: outside
    endpoint: https://rgw.example.com
    ca_file: /etc/ssl/certs/example-ca.pem
    access_key: rgw-admin-ops-user
    secret_key_file: /srv/secrets/rook.secret
    users: []

- name: Write those users of an inventory that Rook is to manage
  rgwkit.ceph.rook_manifests:
    path: /srv/deploy/rook
    store: outside
    endpoint: http://rgw.example.com:8080
    access_key: rgw-admin-ops-user
    secret_key_file: /srv/secrets/rook.secret
    users: "{{ rgw_users_list }}"
    uids: [app, backup]
"""

RETURN = r"""
path:
  description: The folder.
  returned: success
  type: str
  sample: /srv/deploy/rook
files:
  description: Names of the files that belong there.
  returned: success
  type: list
  elements: str
  sample: [objects.yaml, secret.yaml]
changes:
  description: Names of the files that the run wrote, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: [secret.yaml]
uids:
  description: Uids of the users that have an object.
  returned: success
  type: list
  elements: str
  sample: [app, backup]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "rook_objects_uids: no entry of the users has the uid 'ap'. Next: check the name"
    hint: ""
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "use"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the given parameters"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "rook_objects_uids: no entry of the users has the uid 'ap'. Next: check the name"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""

import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError, checked
from ..module_utils.base.managed_file import read_text
from ..module_utils.base.mentioned import by_option_names, mentioned
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.http.endpoint import Endpoint
from ..module_utils.kubernetes.folder import apply, changes
from ..module_utils.kubernetes.rendered import rendered
from ..module_utils.kubernetes.rook.store import Store
from ..module_utils.kubernetes.rook.users import user_objects
from ..module_utils.rgw.user_options import NUMBERS, USER_OPTIONS
from ..module_utils.rgw.user_spec import parse_users

FILES = ("objects.yaml", "secret.yaml")
ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "home": {"type": "str", "default": ""},
    "namespace": {"type": "str", "default": "rook-ceph"},
    "store": {"type": "str", "required": True},
    "endpoint": {"type": "str", "required": True},
    "ca_file": {"type": "path"},
    "access_key": {"type": "str", "required": True, "no_log": False},
    "secret_key_file": {"type": "path", "required": True, "no_log": False},
    "allow_weak_secrets": {"type": "bool", "default": False, "no_log": False},
    "uids": {"type": "list", "elements": "str", "default": []},
    "users": {"type": "list", "elements": "dict", "required": True, "options": USER_OPTIONS},
}


def chosen(users: list, uids: list) -> list:
    """The entries of these users, or all of them. Raises InputError for a uid that no entry has."""
    known = {user["uid"] for user in users}
    strange = [uid for uid in uids if uid not in known]
    if strange:
        raise InputError(f"rook_objects_uids: no entry of the users has the uid '{strange[0]}'. Next: check the name")
    return [user for user in users if not uids or user["uid"] in uids]


def authorities(path: str | None) -> str:
    """The text of the file with the authorities. Raises InputError."""
    text = read_text(path) if path else ""
    if text is None:
        raise InputError(f"ca_file: there is no file {path} on this host. Next: check the path")
    return text


def reach(module: CensoredModule) -> dict:
    """Write the files; the module's result."""
    params = module.params
    endpoint = checked("rook_objects_endpoint", Endpoint.parse, params["endpoint"])
    place = (params["store"], params["namespace"], params["home"])
    store = Store(*place, endpoint, authorities(params["ca_file"]))
    store.check()
    entries = mentioned(params["users"], by_option_names(module.given["users"], USER_OPTIONS))
    users = parse_users(chosen(entries, params["uids"]), params["allow_weak_secrets"])
    public, private = user_objects(store, users)
    login = given_secret("secret_key_file", None, params["secret_key_file"])
    files = [
        rendered("objects.yaml", [*store.public(), *public]),
        rendered("secret.yaml", [*store.private(params["access_key"], login), *private], secret=True),
    ]
    found = changes(params["path"], files, FILES, os.geteuid())
    if not module.check_mode:
        apply(found, os.geteuid())
    return {
        "changed": bool(found),
        "path": params["path"],
        "files": list(FILES),
        "changes": [os.path.basename(change.path) for change in found],
        "uids": [user.uid for user in users if user.present],
        "diff": [change.diff() for change in found],
    }


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=NUMBERS, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
