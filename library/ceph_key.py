#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_key
short_description: Keys by which daemons and clients reach a Ceph cluster
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Makes cephx keys with exactly the caps that are listed, by C(ceph auth) in a container, on this host or through
    C(cephadm shell). The keyring there must be allowed to administer keys, as client.admin's is.
  - The monitors make the key itself. It goes to O(keys[].keyring_file), into no argument, log, diff or return value.
extends_documentation_fragment:
  - rgwkit.ceph.ceph_tool
attributes:
  check_mode: {description: Says what would be changed., support: full}
  diff_mode: {description: Shows the caps., support: full}
  idempotent: {description: A second run changes nothing., support: full}
options:
  keys:
    description: The keys.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: "Type and id, for example V(client.rgw.gateway1).", type: str, required: true}
      caps:
        description: What it may do, for each of C(mon), C(osd), C(mgr), C(mds). Others are taken away.
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
- name: A gateway may use the pools of gateways, and no others
  rgwkit.ceph.ceph_key:
    keys:
      - name: client.rgw.gateway1
        caps: {mon: allow rw, osd: allow rwx tag rgw *=*, mgr: allow rw}
        keyring_file: /etc/ceph/ceph.client.rgw.gateway1.keyring

- name: A monitoring system may look, on a cluster that cephadm made
  rgwkit.ceph.ceph_key:
    via: cephadm
    keys:
      - name: client.monitoring
        caps: {mon: allow r, mgr: allow r}

- name: No more
  rgwkit.ceph.ceph_key:
    via: container
    container: ceph-mon
    keys:
      - name: client.rgw.gateway1
        state: absent
"""

RETURN = r"""
keys:
  description: The keys as they are now, without the keys themselves.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Type and id., type: str}
    caps: {description: What it may do; null when there is no such key., type: dict}
    changes: {description: "What was changed, in words.", type: list, elements: str}
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
    keys = [{"name": outcome.name, "caps": outcome.after, "changes": outcome.changes} for outcome in outcomes]
    sides = ({outcome.name: getattr(outcome, side) for outcome in outcomes} for side in ("before", "after"))
    before, after = (json.dumps(side, indent=2, sort_keys=True) + "\n" for side in sides)
    changed = any(outcome.changes for outcome in outcomes)
    return {"changed": changed, "keys": keys, "diff": {"before": before, "after": after}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True)
    params = module.params
    run(module, lambda: report(reconcile(tool_of(params, "ceph"), parse_keys(params["keys"]), module.check_mode)))


if __name__ == "__main__":
    main()
