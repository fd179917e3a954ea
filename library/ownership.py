#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ownership
short_description: Find out who owns containers, volumes, networks, units and folders, before they are changed
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Fails, with all objections at once, if a name is in use by something that this inventory did not create.
  - The label C(io.rgwkit.home) names the owner of a container, volume or network, the description that of a unit, and a
    mark that of a folder (see M(rgwkit.ceph.owned_folder)). An empty folder has no owner. Whatever an earlier release
    created without such a label belongs to this inventory if it uses this inventory's folder.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  home: {description: The identity of this inventory., type: str, required: true}
  takeover:
    description: Whether this inventory takes over what the toolkit created for another one.
    type: bool
    default: false
  state:
    description:
      - Whether the things are going to be created or removed. With V(absent), things that the toolkit did not create
        are no objection.
    type: str
    choices: [present, absent]
    default: present
  runtime: {description: Program that runs the containers., type: str, choices: [docker, podman], default: docker}
  scope:
    version_added: "0.3.0"
    description: Whether the units are the system's, or those of the user who runs the module.
    type: str
    choices: [system, user]
    default: system
  things:
    description: The names to check.
    type: list
    elements: dict
    required: true
    suboptions:
      kind:
        description: Kind of thing that has the name.
        type: str
        choices: [container, volume, network, unit, folder]
        required: true
      name: {description: "The name. A unit's has its suffix, a folder's is its path.", type: str, required: true}
      folder: {description: This inventory's folder that the thing uses., type: path, default: ""}
      variable: {description: Name of the variable that sets the name., type: str, default: ""}
      legacy:
        description: For a folder, name of a file in it that counts as a mark.
        type: str
        default: ""
"""

EXAMPLES = r"""
- name: Check the ownership of the demo's names
  rgwkit.ceph.ownership:
    home: "{{ inventory_dir }}"
    things:
      - {kind: container, name: rgwkit-demo, folder: /srv/demo, variable: ceph_demo_name}
      - {kind: volume, name: rgwkit-demo-data}
"""

RETURN = r"""
ours:
  description: Existing things that this inventory may change, each as C(kind/name).
  returned: success
  type: list
  elements: str
  sample: [container/rgwkit-demo, volume/rgwkit-demo-data]
others:
  description: Existing things that stay as they are, in the same form.
  returned: success
  type: list
  elements: str
  sample: [network/registry]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "run"
    target: "podman"
    status: null
    code: "this host has no such program"
    hint: "Install podman."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "run"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "podman"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "this host has no such program"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Install podman."
"""

from dataclasses import replace

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.ownership import KINDS, Lookout, Thing, objections
from ..module_utils.host.unit_scope import SCOPES, SYSTEM

THING = {
    "kind": {"type": "str", "choices": list(KINDS), "required": True},
    "name": {"type": "str", "required": True},
    "folder": {"type": "path", "default": ""},
    "variable": {"type": "str", "default": ""},
    "legacy": {"type": "str", "default": ""},
}
ARGUMENTS = {
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "scope": {"type": "str", "choices": list(SCOPES), "default": SYSTEM},
    "things": {"type": "list", "elements": "dict", "required": True, "options": THING},
}


def judge(module: AnsibleModule) -> dict:
    """Whose the things are; fail where one of them is not this inventory's."""
    home, takeover = module.params["home"], module.params["takeover"]
    lookout = Lookout(module.params["runtime"], module.params["state"] == "absent", module.params["scope"])
    seen = [lookout.look(Thing(**thing), home) for thing in module.params["things"]]
    verdicts = [replace(one, ours=one.ours or (takeover and one.made_here)) for one in seen]
    against = objections(verdicts, home, module.params["state"] == "absent")
    if against:
        module.fail_json(msg=". ".join(against))
    there = [(f"{one.thing.kind}/{one.thing.name}", one.ours) for one in verdicts if one.exists]
    ours = [name for name, is_ours in there if is_ours]
    return {"ours": ours, "others": [name for name, is_ours in there if not is_ours]}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: judge(module))


if __name__ == "__main__":
    main()
