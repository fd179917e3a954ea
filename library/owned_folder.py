#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: owned_folder
short_description: Make a folder of the toolkit's own, or remove what the toolkit put there
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - A folder of the toolkit's own has a mark, the file C(.rgwkit), which says whose the folder is. One with content and
    without the mark, one of another inventory, a folder of the system, a home and a mount point are refused, before
    anything is changed.
  - Missing parents are made as who runs the task, with mode 0755. A symbolic link is followed only where no other user
    than root, or who runs the task, can have placed it.
  - V(absent) removes the named contents, and then the folder if nothing else is in it.
attributes:
  check_mode: {description: Says what would be made or removed., support: full}
  diff_mode: {description: "Names what is made, changed or removed.", support: full}
  idempotent: {description: A second run changes nothing., support: full}
options:
  path: {description: The folder., type: path, required: true}
  home: {description: "Whose the folder is: the identity of the inventory.", type: str, required: true}
  takeover: {description: Whether a folder that another home has marked is taken over., type: bool, default: false}
  state:
    description: Whether the folder is to be there. Without the mark, V(absent) leaves the folder alone.
    type: str
    choices: [present, absent]
    default: present
  owner: {description: "The folder's owner, as name or id; by default, who runs the task.", type: str}
  group: {description: "The folder's group, as name or id; by default, the group of who runs the task.", type: str}
  mode: {description: "The folder's mode, in octal digits.", type: str, default: "0700"}
  exclusive:
    description: Whether nothing of anybody else may be in a folder without a mark. With V(false) such a folder is
      marked, and keeps its owner and mode.
    type: bool
    default: true
  legacy:
    description: Name of a file in the folder that stands for a mark, for folders of releases that marked none.
    type: str
    default: ""
  contents:
    description:
      - What V(absent) removes, as names below the folder, with V(*) and V(?), which stand for no slash. One that ends
        in a slash means a folder with all that is in it.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Create the registry's folder
  rgwkit.ceph.owned_folder:
    path: /etc/rgwkit/registry
    home: "{{ inventory_dir }}"
    group: "65532"
    mode: "0750"

- name: Remove the registry's files
  rgwkit.ceph.owned_folder:
    path: /etc/rgwkit/registry
    home: "{{ inventory_dir }}"
    state: absent
    contents: [config.yml, "*.pem", data/]
"""

RETURN = r"""
changes: {description: "What was made, changed or removed.", returned: success, type: list, elements: str}
left:
  description: With V(absent), what stays, since the toolkit did not write it, or since the folder is not the toolkit's.
  returned: success
  type: list
  elements: str
"""

import grp
import os
import pwd

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.errors import InputError
from ..module_utils.base.module_run import run
from ..module_utils.host.owned_folder import Outcome, Owned, ensure, remove

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "owner": {"type": "str"},
    "group": {"type": "str"},
    "mode": {"type": "str", "default": "0700"},
    "exclusive": {"type": "bool", "default": True},
    "legacy": {"type": "str", "default": ""},
    "contents": {"type": "list", "elements": "str", "default": []},
}


def _user_id(name: str | None) -> int:
    if name is None:
        return os.geteuid()
    return int(name) if name.isdigit() else pwd.getpwnam(name).pw_uid


def _group_id(name: str | None) -> int:
    if name is None:
        return os.getegid()
    return int(name) if name.isdigit() else grp.getgrnam(name).gr_gid


def _mode(text: str) -> int:
    try:
        return int(text, 8)
    except ValueError as error:
        raise InputError(f"mode: {text} is not an octal number. Next: write one, such as 0700") from error


def bring(params: dict, check_mode: bool) -> Outcome:
    """Bring the folder to its state."""
    given = {name: params[name] for name in ("path", "home", "takeover", "exclusive", "legacy")}
    if params["state"] == "absent":
        return remove(Owned(**given), params["contents"], check_mode)
    access = {"owner": _user_id(params["owner"]), "group": _group_id(params["group"]), "mode": _mode(params["mode"])}
    return ensure(Owned(**given, **access), check_mode)


def reach(module: AnsibleModule) -> dict:
    """Bring the folder to its state; the module's result."""
    path = module.params["path"]
    try:
        done = bring(module.params, module.check_mode)
    except KeyError as error:
        text = f"owner or group of {path}: {error.args[0]}. Next: write a name that this host has, or an id"
        raise InputError(text) from error
    if done.left:
        module.warn(f"{path} stays, with what this toolkit did not write there: {', '.join(done.left)}")
    shown = "".join(f"{path}: {change}\n" for change in done.changes)
    return {"changed": bool(done.changes), "changes": done.changes, "left": done.left, "diff": {"prepared": shown}}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
