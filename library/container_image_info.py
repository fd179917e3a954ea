#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: container_image_info
short_description: Read which container images are on this host
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Asks docker or podman for images by their names. Needs neither Python packages nor another collection.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  names: {description: "Names of images, with their tags.", type: list, elements: str, required: true}
  runtime:
    description: Program that keeps the images.
    type: str
    choices: [docker, podman]
    default: docker
seealso:
  - module: rgwkit.ceph.podman_image
  - module: rgwkit.ceph.debian_image
"""

EXAMPLES = r"""
- name: Read the images of the demo
  rgwkit.ceph.container_image_info:
    names: ["rgwkit/ceph:18", "rgwkit/registry:2.8"]
    runtime: podman
  register: demo_images

- name: Show the images that are missing
  ansible.builtin.debug:
    msg: "{{ demo_images.missing }}"
"""

RETURN = r"""
images:
  description: The images that are on this host, each as C(docker image inspect) or C(podman image inspect) shows it.
  returned: success
  type: list
  elements: dict
  sample:
    - Id: sha256:9f2c1d7e4b6a8035d1c2b3a4958677fedcba98765432100123456789abcdef01
      RepoTags: ["rgwkit/ceph:18"]
      Created: "2026-11-28T01:02:03.456789Z"
missing:
  description: The names that no image has.
  returned: success
  type: list
  elements: str
  sample: ["rgwkit/registry:2.8"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "connect to"
    target: "the docker daemon"
    status: null
    code: "[Errno 2] No such file or directory"
    hint: "Start the daemon, or point DOCKER_HOST at it."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "connect to"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the docker daemon"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "[Errno 2] No such file or directory"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Start the daemon, or point DOCKER_HOST at it."
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.images import connect_images

ARGUMENTS = {
    "names": {"type": "list", "elements": "str", "required": True},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
}


def look(params: dict) -> dict:
    """The images of these names."""
    images = connect_images(params["runtime"])
    found = {name: images.image(name) for name in params["names"]}
    missing = [name for name, image in found.items() if image is None]
    return {"changed": False, "images": [image for image in found.values() if image], "missing": missing}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: look(module.params))


if __name__ == "__main__":
    main()
