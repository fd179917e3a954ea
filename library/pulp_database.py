#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: pulp_database
short_description: Bring the database of Pulp to the installed release, and its admin to a password
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Applies the migrations that the database of Pulp lacks, and runs them again if the storage of the settings differs
    from the one in the database, which Pulp corrects then.
  - Gives the user admin the password that is the credential C(admin.password) of O(program). The password is in no
    command line, and the module never reads the password.
  - After a change, the module reads the state again, and fails if a difference remains.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
options:
  program:
    description: The words that run pulpcore-manager with Pulp's user, settings and credentials.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Migrate the database of Pulp
  rgwkit.ceph.pulp_database:
    program: "{{ lookup('rgwkit.ceph.pulp', 'manager') }}"
"""

RETURN = r"""
migrations:
  description: Migrations that the run applied, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: [core.0001_initial]
password_set:
  description: Whether the run set the password of the user admin, or in check mode would.
  returned: success
  type: bool
  sample: true
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "read"
    target: "the database of Pulp"
    status: null
    code: "FATAL: password authentication failed for user pulp"
    hint: "Check the password of the user."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "read"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the database of Pulp"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "FATAL: password authentication failed for user pulp"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check the password of the user."
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.pulp.database import Manager, bring

ARGUMENTS = {"program": {"type": "list", "elements": "str", "required": True}}


def reach(params: dict, check_mode: bool) -> dict:
    """Bring the database to its state; the module's result."""
    before = bring(Manager(params["program"]), check_mode)
    return {
        "changed": bool(before.differences),
        "migrations": before.pending,
        "password_set": not before.admin,
        "diff": {"prepared": "".join(f"{line}\n" for line in before.differences)},
    }


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
