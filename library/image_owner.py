#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: image_owner
short_description: Read which user runs in a container image
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Resolves the user of an image by the files C(/etc/passwd) and C(/etc/group) of the image, as docker and podman do
    when they start a container. A folder of the host that such a container is to write needs that owner.
  - Nothing of the image is started. The module creates a container without a network, reads the two files, and removes
    the container.
  - An image without a user is root's. A user by number needs no entry in C(/etc/passwd).
  - The module does not see that a program changes its user after its start. Name that user with
    O(containers[].user).
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  containers:
    description: The containers whose users are to be resolved.
    type: list
    elements: dict
    required: true
    suboptions:
      image:
        description: Name of the image, with its tag. The image must be on this host.
        type: str
        required: true
      user:
        description:
          - User that the container is run with, or that its program changes to, as C(USER) or C(USER:GROUP), each as
            name or number. By default the user of the image.
        type: str
        default: ""
  runtime:
    description: Program that keeps the images.
    type: str
    choices: [docker, podman]
    default: docker
seealso:
  - module: rgwkit.ceph.host_folders
  - module: rgwkit.ceph.container_image_info
"""

EXAMPLES = r"""
- name: Read who runs in two images
  rgwkit.ceph.image_owner:
    containers:
      - image: "rgwkit/registry:2.8"
      # The process starts as root and changes its user.
      - image: "rgwkit/haproxy:2.6"
        user: haproxy
  register: image_owner
"""

RETURN = r"""
owners:
  description: The users, in the order of O(containers).
  returned: success
  type: list
  elements: dict
  sample:
    - {image: "rgwkit/haproxy:2.6", user: haproxy, name: haproxy, uid: 100, gid: 101, groups: []}
  contains:
    image:
      description: Name of the image.
      returned: always
      type: str
      sample: "rgwkit/haproxy:2.6"
    user:
      description: The user that was resolved, as given or as in the image; empty for an image without one.
      returned: always
      type: str
      sample: haproxy
    name:
      description: Name of the user in the image; empty for a number without an entry.
      returned: always
      type: str
      sample: haproxy
    uid:
      description: Number of the user in the container.
      returned: always
      type: int
      sample: 100
    gid:
      description: Number of the user's group in the container.
      returned: always
      type: int
      sample: 101
    groups:
      description: Numbers of the user's further groups in the container.
      returned: always
      type: list
      elements: int
      sample: []
mapped:
  description:
    - Whether these users have other numbers on the host, because docker maps users (userns-remap, or a daemon without
      root), or because podman runs without root.
  returned: success
  type: bool
  sample: false
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "read"
    target: "image shop/web:1"
    status: null
    code: "docker has no such image"
    hint: "Pull or build the image first."
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
      sample: "image shop/web:1"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "docker has no such image"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Pull or build the image first."
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.module_run import run
from ..module_utils.host.image_owner import Owners, no_image
from ..module_utils.host.images import connect_images

CONTAINER = {"image": {"type": "str", "required": True}, "user": {"type": "str", "default": ""}}
ARGUMENTS = {
    "containers": {"type": "list", "elements": "dict", "required": True, "options": CONTAINER},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
}


def look(module: AnsibleModule) -> dict:
    """The users of these images."""
    runtime = module.params["runtime"]
    images = connect_images(runtime)
    owners, found = Owners(images), []
    for container in module.params["containers"]:
        owner = owners.owner(container["image"], container["user"])
        if owner is None:
            raise no_image(container["image"], runtime)
        if owner.doubt:
            module.warn(owner.doubt)
        found.append(owner.as_dict())
    return {"changed": False, "owners": found, "mapped": images.maps_users()}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    end_by_exception()
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
