#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: what is in accounts of a Ceph Object Gateway, as an inventory declares it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_iam_info
short_description: Read what is in accounts of a Ceph Object Gateway as inventory entries
version_added: 0.3.0
description:
  - Returns users, groups, roles and OIDC providers of accounts as entries for M(rgwkit.ceph.rgw_iam), without the
    values that new ones have. Applied with that module, the entries change nothing. So the content of existing accounts
    is taken over in three steps - read, review, run.
  - S3 keys are named, without secrets, for users whom the IAM API has made. M(rgwkit.ceph.rgw_users_info) names those
    of the others.
  - For a root user without a usable key, a key is made for the run and removed at its end.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.rgw_connection
options:
  roots:
    description:
      - Root users (V(uid) or V(tenant$uid)) of the accounts to read.
      - By default the records of all users are read, and each account that has a root user.
    type: list
    elements: str
notes:
  - Needs Ceph 19. The admin user needs the caps V(metadata=read) and V(users=*).
  - Whatever M(rgwkit.ceph.rgw_iam) would refuse is left out, with a warning that names what is left out, and the
    reason. On the gateway, everything that is left out stays.
  - The gateway keeps no scheme in the ARN of a provider. Entries have C(https), which only matters for a new provider.
seealso:
  - module: rgwkit.ceph.rgw_iam
  - module: rgwkit.ceph.rgw_accounts_info
"""

EXAMPLES = r"""
- name: Read what is in all accounts of an existing gateway
  rgwkit.ceph.rgw_iam_info:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
  register: living
"""

RETURN = r"""
accounts:
  description: The accounts, each as an entry of O(rgwkit.ceph.rgw_iam#module:accounts).
  returned: success
  type: list
  elements: dict
  sample:
    - root: acme-root
      oidc_providers: []
      users: [{name: ada, managed_policies: [AmazonS3ReadOnlyAccess], s3_keys: [{access_key: ADA2027}]}]
      groups: [{name: readers, members: [ada]}]
      roles: []
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
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS
from ..module_utils.rgw.iam.export import export_from

OPTIONS = {
    "numbers": (),
    "argument_spec": {**CONNECTION_OPTIONS, "roots": {"type": "list", "elements": "str"}},
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def look(module: CensoredModule) -> dict:
    """What is in the accounts as entries; the module's result."""
    found = export_from(module.params)
    for note in found.notes:
        module.warn(presentable(note))
    return {"changed": False, "accounts": presentable(found.entries)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
