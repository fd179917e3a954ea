#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_key
short_description: Manage the keys of daemons and clients of a Ceph cluster
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates cephx keys with exactly the listed caps, with C(ceph auth) in a container, on this host or through
    C(cephadm shell). The keyring there must be allowed to administer keys, as that of client.admin is.
  - The monitors generate the key itself. The module writes it to O(keys[].keyring_file) and to no argument, log, diff
    or return value.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.ceph_tool
attributes:
  diff_mode: {details: The diff shows the caps.}
options:
  keys:
    description: The keys.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: "Type and id, for example V(client.rgw.gateway1).", type: str, required: true}
      caps:
        description: The caps for each of C(mon), C(osd), C(mgr) and C(mds). All other caps of the key are removed.
        type: dict
      keyring_file: {description: "File on this host for the keyring, mode 0600.", type: path}
      state:
        description: V(absent) removes the key and its file.
        type: str
        choices: [present, absent]
        default: present
seealso:
  - module: rgwkit.ceph.rgw_admin_user
"""

EXAMPLES = r"""
- name: Create the key of a gateway, which may use the pools of gateways only
  rgwkit.ceph.ceph_key:
    keys:
      - name: client.rgw.gateway1
        caps: {mon: allow rw, osd: allow rwx tag rgw *=*, mgr: allow rw}
        keyring_file: /etc/ceph/ceph.client.rgw.gateway1.keyring

- name: Create a read-only key for monitoring on a cluster that cephadm manages
  rgwkit.ceph.ceph_key:
    via: cephadm
    keys:
      - name: client.monitoring
        caps: {mon: allow r, mgr: allow r}

- name: Remove the key of a gateway
  rgwkit.ceph.ceph_key:
    via: container
    container: ceph-mon
    keys:
      - name: client.rgw.gateway1
        state: absent
"""

RETURN = r"""
entities:
  description: The keys after the run, or in check mode as they would be, without their secret part.
  returned: success
  type: list
  elements: dict
  sample:
    - name: client.rgw.gateway1
      caps: {mon: allow rw, osd: allow rwx tag rgw *=*, mgr: allow rw}
      key_digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      changes: ['caps.mon: "allow r" -> "allow rw"']
  contains:
    name: {description: Type and id., returned: always, type: str, sample: client.rgw.gateway1}
    caps:
      description: Caps by service; V(null) if the key does not exist.
      returned: always
      type: dict
      sample: {mon: allow rw, osd: allow rwx tag rgw *=*, mgr: allow rw}
    key_digest:
      description: SHA-256 of the key, in hex digits; V(null) if the key does not exist yet.
      returned: always
      type: str
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      returned: always
      type: list
      elements: str
      sample: ['caps.mon: "allow r" -> "allow rw"']
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: make
    target: "key 'client.rgw.gateway1' by ceph"
    status: null
    code: "exit code 13, Error EACCES: access denied"
    hint: "The keyring there may not administer keys: it needs mon 'allow *', as client.admin has."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: make}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "key 'client.rgw.gateway1' by ceph"
    status:
      description: "V(null), because a command-line tool has no HTTP status."
      returned: always
      type: int
      sample: null
    code:
      description: "What came back, for example the exit code and error message of the tool."
      returned: always
      type: str
      sample: "exit code 13, Error EACCES: access denied"
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "The keyring there may not administer keys: it needs mon 'allow *', as client.admin has."
"""

import json

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.ceph.cephx import Outcome, parse_keys, reconcile
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

KEY = {
    "name": {"type": "str", "required": True},
    "caps": {"type": "dict"},
    "keyring_file": {"type": "path", "no_log": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "keys": {"type": "list", "elements": "dict", "required": True, "options": KEY, "no_log": False},
}


def report(outcomes: list[Outcome]) -> dict:
    """The module's result."""
    entities = [
        {"name": outcome.name, "caps": outcome.after, "key_digest": outcome.key_digest, "changes": outcome.changes}
        for outcome in outcomes
    ]
    sides = ({outcome.name: getattr(outcome, side) for outcome in outcomes} for side in ("before", "after"))
    before, after = (json.dumps(side, indent=2, sort_keys=True) + "\n" for side in sides)
    changed = any(outcome.changes for outcome in outcomes)
    return {"changed": changed, "entities": entities, "diff": {"before": before, "after": after}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True)
    params = module.params
    run(module, lambda: report(reconcile(tool_of(params, "ceph"), parse_keys(params["keys"]), module.check_mode)))


if __name__ == "__main__":
    main()
