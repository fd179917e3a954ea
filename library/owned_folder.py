#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: owned_folder
short_description: Create a folder of the toolkit, or remove what the toolkit wrote there
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - A folder of the toolkit has a mark, the file C(.rgwkit), which names its owner. A folder with content but without
    the mark, a folder of another inventory, a system folder, a home directory and a mount point are refused, before
    anything is changed.
  - Missing parents are created as the user who runs the task, with mode 0755. A symbolic link is followed only if no
    user other than root, or the user who runs the task, can have created it.
  - V(absent) removes the named contents, and then the folder if nothing else is in it.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff names what is created, changed or removed."}
options:
  path: {description: The folder., type: path, required: true}
  home: {description: "Owner of the folder: the identity of the inventory.", type: str, required: true}
  takeover: {description: Whether to take over a folder that another home has marked., type: bool, default: false}
  state:
    description: Whether the folder should exist. V(absent) leaves a folder without the mark alone.
    type: str
    choices: [present, absent]
    default: present
  owner: {description: "The folder's owner, as name or id; by default the user who runs the task.", type: str}
  group: {description: "The folder's group, as name or id; by default the group of that user.", type: str}
  mode: {description: "The folder's mode, in octal digits.", type: str, default: "0700"}
  exclusive:
    description:
      - Whether a folder without a mark must be free of foreign content. With V(false) such a folder is marked and
        keeps its owner and mode.
    type: bool
    default: true
  legacy:
    description: Name of a file in the folder that counts as a mark, for folders of releases that wrote none.
    type: str
    default: ""
  contents:
    description:
      - Contents that V(absent) removes, as names relative to the folder. V(*) and V(?) match no slash. A name that ends
        in a slash means a folder with everything in it.
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
changes:
  description: What the run created, changed or removed, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: [mode 0755 -> 0750]
left:
  description:
    - With O(state=absent), the names that remain in the folder because the toolkit did not write them, or because the
      folder does not belong to the toolkit.
  returned: success
  type: list
  elements: str
  sample: [notes.txt]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "/etc"
    status: null
    code: "the folder is the system's, and the toolkit needs one of its own"
    hint: "Name a folder below it."
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
      sample: "/etc"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "the folder is the system's, and the toolkit needs one of its own"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Name a folder below it."
"""

import grp
import os
import pwd

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.errors import InputError
from ..module_utils.base.file_access import octal_mode
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


def bring(params: dict, check_mode: bool) -> Outcome:
    """Bring the folder to its state."""
    given = {name: params[name] for name in ("path", "home", "takeover", "exclusive", "legacy")}
    if params["state"] == "absent":
        return remove(Owned(**given), params["contents"], check_mode)
    access = {
        "owner": _user_id(params["owner"]),
        "group": _group_id(params["group"]),
        "mode": octal_mode(params["mode"]),
    }
    return ensure(Owned(**given, **access), check_mode)


def reach(module: AnsibleModule) -> dict:
    """Bring the folder to its state; the module's result."""
    path = module.params["path"]
    try:
        done = bring(module.params, module.check_mode)
    except KeyError as error:
        text = f"Cannot use owner or group of {path}: {error.args[0]}. Next: give a name that this host knows, or an id"
        raise InputError(text) from error
    if done.left:
        module.warn(f"The folder {path} remains, since the toolkit did not write {', '.join(done.left)} there")
    shown = "".join(f"{path}: {change}\n" for change in done.changes)
    return {"changed": bool(done.changes), "changes": done.changes, "left": done.left, "diff": {"prepared": shown}}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
