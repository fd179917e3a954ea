#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: host_folders
short_description: Create folders of the host that containers write, or remove them
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates folders with the owner that the image of the container tells (see M(rgwkit.ceph.image_owner)), and returns
    what each container is to be run with.
  - The folders are below one folder of the toolkit, which has the mark of M(rgwkit.ceph.owned_folder) and mode 0700.
    Containers see the folders below it only. A folder with content but without the mark, and one of another inventory,
    is refused.
  - A folder that several users share belongs to a common group, has the set-group-ID bit, and the containers get that
    group.
  - For SELinux, an entry of C(volumes) ends in C(:z) or C(:Z), upon which docker or podman labels the folder when the
    container is created. Without SELinux, both ignore the letter.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff names what is created, changed or removed."}
options:
  path:
    description: Folder that has the others. It is created as the user who runs the task.
    type: path
    required: true
  home:
    description: "The identity of this inventory, which the mark names."
    type: str
    required: true
  takeover:
    description: Whether a folder that another inventory created is taken over.
    type: bool
    default: false
  state:
    description:
      - V(absent) removes the folders that are empty, and those with content if O(remove_data=true). Then O(path) goes
        if nothing else is in it.
    type: str
    choices: [present, absent]
    default: present
  remove_data:
    description: Whether O(state=absent) removes folders with everything in them.
    type: bool
    default: false
  runtime:
    description: Program that keeps the images and runs the containers.
    type: str
    choices: [docker, podman]
    default: docker
  containers:
    description: The containers that use the folders.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the container in O(folders[].used_by) and in RV(containers).
        type: str
        required: true
      image:
        description: Image of the container, with its tag. The image must be on this host.
        type: str
        required: true
      user:
        description:
          - User that the container is run with, or that its program changes to, as C(USER) or C(USER:GROUP), each as
            name or number. By default the user of the image.
        type: str
        default: ""
  folders:
    description: The folders.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: Name of the folder below O(path)., type: str, required: true}
      used_by:
        description: The containers that mount the folder. Needed with O(state=present).
        type: list
        elements: dict
        default: []
        suboptions:
          container: {description: Name of one of O(containers)., type: str, required: true}
          target: {description: Path of the folder in the container., type: str, required: true}
          read_only: {description: Whether the container cannot write there., type: bool, default: false}
      group:
        description:
          - Number of a common group, for a folder that several users share. The containers get that group, which needs
            no entry in a file. By default the group of the user.
        type: int
      mode:
        description: The folder's mode, in octal digits. By default V(0700), with O(folders[].group) V(2770).
        type: str
      relabel:
        description:
          - Label for SELinux. V(shared) lets all containers use the folder (C(:z)), V(private) one container only
            (C(:Z)), which is refused if more containers use the folder. V(none) leaves the label as it is.
        type: str
        choices: [shared, private, none]
        default: shared
      hand_over:
        description:
          - Whether the content of the folder goes to the new owner if the folder's owner or group changes. Only what
            belonged to the owner before changes its owner and group. By default, the module fails if the owner of a
            folder with content would change.
        type: bool
        default: false
seealso:
  - module: rgwkit.ceph.image_owner
  - module: rgwkit.ceph.owned_folder
"""

EXAMPLES = r"""
- name: Create the folders of a web shop
  rgwkit.ceph.host_folders:
    path: /srv/rgwkit/shop
    home: "{{ lookup('rgwkit.ceph.home') }}"
    containers:
      - {name: web, image: "shop/web:1"}
      - {name: worker, image: "shop/worker:1", user: worker}
    folders:
      - name: sessions
        used_by: [{container: web, target: /var/lib/sessions}]
      - name: uploads
        group: 7000
        used_by:
          - {container: web, target: /srv/uploads}
          - {container: worker, target: /srv/uploads, read_only: true}
  register: shop_folders

- name: Run the web server
  community.docker.docker_container:
    name: shop-web
    image: "shop/web:1"
    volumes: "{{ shop_folders.containers.web.volumes }}"
    groups: "{{ shop_folders.containers.web.groups }}"

- name: Remove the folders with everything in them
  rgwkit.ceph.host_folders:
    path: /srv/rgwkit/shop
    home: "{{ lookup('rgwkit.ceph.home') }}"
    state: absent
    remove_data: true
    folders: [{name: sessions}, {name: uploads}]
"""

RETURN = r"""
changes:
  description: What the run created, changed or removed, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: ["made shop", "sessions: created for 999:999, mode 0700"]
folders:
  description: The folders, in the order of O(folders).
  returned: success, with O(state=present)
  type: list
  elements: dict
  sample: [{name: sessions, path: /srv/rgwkit/shop/sessions, owner: 999, group: 999, mode: "0700"}]
  contains:
    name:
      description: Name of the folder.
      returned: always
      type: str
      sample: sessions
    path:
      description: Path of the folder.
      returned: always
      type: str
      sample: /srv/rgwkit/shop/sessions
    owner:
      description: Number of the owner; V(null) in check mode if an image is not on this host yet.
      returned: always
      type: int
      sample: 999
    group:
      description: Number of the group; V(null) as for the owner.
      returned: always
      type: int
      sample: 999
    mode:
      description: Mode, in octal digits; V(null) as for the owner.
      returned: always
      type: str
      sample: "0700"
containers:
  description:
    - What the containers are to be run with, by their names. A container whose image is not on this host yet, which is
      possible in check mode only, is missing.
  returned: success, with O(state=present)
  type: dict
  sample:
    web: {uid: 999, gid: 999, volumes: ["/srv/rgwkit/shop/uploads:/srv/uploads:z"], groups: [7000]}
left:
  description: With O(state=absent), the names that remain below O(path).
  returned: success, with O(state=absent)
  type: list
  elements: str
  sample: [uploads/]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "/srv/shop"
    status: null
    code: "the folder has content (db) and no mark .rgwkit of this toolkit"
    hint: "Choose another folder or an empty one."
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
      sample: "/srv/shop"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "the folder has content (db) and no mark .rgwkit of this toolkit"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Choose another folder or an empty one."
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.module_run import run
from ..module_utils.host.owned_folder import Owned
from ..module_utils.host.relabel import RELABEL
from ..module_utils.host.storage.folders import Folders
from ..module_utils.host.storage.present import present
from ..module_utils.host.storage.spec import names, storage

CONTAINER = {
    "name": {"type": "str", "required": True},
    "image": {"type": "str", "required": True},
    "user": {"type": "str", "default": ""},
}
USE = {
    "container": {"type": "str", "required": True},
    "target": {"type": "str", "required": True},
    "read_only": {"type": "bool", "default": False},
}
FOLDER = {
    "name": {"type": "str", "required": True},
    "used_by": {"type": "list", "elements": "dict", "default": [], "options": USE},
    "group": {"type": "int"},
    "mode": {"type": "str"},
    "relabel": {"type": "str", "choices": list(RELABEL), "default": "shared"},
    "hand_over": {"type": "bool", "default": False},
}
ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "remove_data": {"type": "bool", "default": False},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "containers": {"type": "list", "elements": "dict", "default": [], "options": CONTAINER},
    "folders": {"type": "list", "elements": "dict", "required": True, "options": FOLDER},
}


def create(module: AnsibleModule, own: Owned) -> dict:
    """The folders, and what their containers are to be run with."""
    params = module.params
    wanted = storage(params["path"], params["containers"], params["folders"])
    done = present(wanted, own, params["runtime"], module.check_mode)
    for doubt in done.doubts:
        module.warn(doubt)
    return {"changes": done.changes, "folders": done.folders, "containers": done.containers}


def remove(module: AnsibleModule, own: Owned) -> dict:
    """What is gone, and what is left."""
    params = module.params
    done = Folders(own, module.check_mode).absent(names(params["folders"]), params["remove_data"])
    if done.left:
        module.warn(f"The folder {params['path']} remains, since it has {', '.join(done.left)}")
    return {"changes": done.changes, "left": done.left}


def bring(module: AnsibleModule) -> dict:
    """Bring the folders to their state; the module's result."""
    path, home, takeover = (module.params[name] for name in ("path", "home", "takeover"))
    own = Owned(path, home, takeover, os.geteuid(), os.getegid())
    found = (create if module.params["state"] == "present" else remove)(module, own)
    shown = "".join(f"{path}: {change}\n" for change in found["changes"])
    return {"changed": bool(found["changes"]), "diff": {"prepared": shown}, **found}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    end_by_exception()
    run(module, lambda: bring(module))


if __name__ == "__main__":
    main()
