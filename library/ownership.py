#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ownership
short_description: Find out whose containers, volumes, networks and units are, before they are changed
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Fails, with all objections at once, where a name is in use by something that this inventory did not make.
  - Containers, volumes and networks say whose they are by the label C(io.rgwkit.home), units by their description,
    folders by a mark (see M(rgwkit.ceph.owned_folder)); an empty folder is nobody's.
    What an earlier release made without is this inventory's where it uses this inventory's folder.
attributes:
  check_mode: {description: Only reads., support: full}
  diff_mode: {description: Nothing is changed., support: none}
  idempotent: {description: Only reads., support: full}
options:
  home: {description: The identity of this inventory., type: str, required: true}
  takeover:
    description: Whether what the toolkit made for another inventory is taken for this one's.
    type: bool
    default: false
  state:
    description:
      - Whether the things are to be made or removed. With V(absent), what the toolkit did not make is no objection.
    type: str
    choices: [present, absent]
    default: present
  runtime: {description: Who runs the containers., type: str, choices: [docker, podman], default: docker}
  things:
    description: The names to look at.
    type: list
    elements: dict
    required: true
    suboptions:
      kind:
        description: What has the name.
        type: str
        choices: [container, volume, network, unit, folder]
        required: true
      name: {description: "The name; of a unit, with its suffix; of a folder, its path.", type: str, required: true}
      folder: {description: The folder of this inventory that it uses., type: path, default: ""}
      variable: {description: Name of the variable that chooses the name., type: str, default: ""}
      legacy:
        description: Of a folder, the name of a file in it that stands for a mark.
        type: str
        default: ""
"""

EXAMPLES = r"""
- name: Check whose names the demo would use
  rgwkit.ceph.ownership:
    home: "{{ inventory_dir }}"
    things:
      - {kind: container, name: rgwkit-demo, folder: /srv/demo, variable: ceph_demo_name}
      - {kind: volume, name: rgwkit-demo-data}
"""

RETURN = r"""
ours:
  description: What is there and may be changed, in the form C(kind/name).
  returned: success
  type: list
  elements: str
others:
  description: What is there and is left alone, in the same form.
  returned: success
  type: list
  elements: str
"""

from dataclasses import replace

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.ownership import KINDS, Lookout, Thing, objections

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
    "things": {"type": "list", "elements": "dict", "required": True, "options": THING},
}


def judge(module: AnsibleModule) -> dict:
    """Whose the things are; fail where one of them is not this inventory's."""
    home, takeover = module.params["home"], module.params["takeover"]
    lookout = Lookout(module.params["runtime"])
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
