#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: podman_image
short_description: Pull, build or tag an image of podman
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Runs C(podman) for what the role P(rgwkit.ceph.container_image#role) does with C(community.docker) on docker.
requirements: [podman]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: The diff shows the ID of the image.}
  idempotent: {support: partial, details: A build with O(cache=false) makes a new image.}
options:
  name: {description: "Name and tag of the image, for V(pull) with its registry.", type: str, required: true}
  source:
    description:
      - V(pull) gets the image from its registry. V(build) makes the image by the C(Dockerfile) in O(path), on the
        host's network and in docker's format, which may have a health check. V(tag) gives O(name) to O(image).
    type: str
    choices: [pull, build, tag]
    required: true
  renew:
    description: With O(source=pull), whether to ask the registry for a newer image, too, where one is present.
    type: bool
    default: false
  path: {description: Folder with the C(Dockerfile). Required for O(source=build)., type: path}
  arguments: {description: Arguments of the build., type: dict, default: {}}
  labels: {description: Labels to put on the image that is built., type: dict, default: {}}
  cache: {description: Whether a build may use the layers of earlier ones., type: bool, default: true}
  image: {description: Name or ID of the image that is present. Required for O(source=tag)., type: str}
seealso:
  - module: rgwkit.ceph.container_image_info
"""

EXAMPLES = r"""
- name: Pull an image
  rgwkit.ceph.podman_image:
    name: quay.io/ceph/ceph:v18
    source: pull

- name: Build a layer over the image
  rgwkit.ceph.podman_image:
    name: rgwkit/ceph:18
    source: build
    path: /srv/layer
    arguments: {BASE: "quay.io/ceph/ceph:v18"}

- name: Give the image a second name
  rgwkit.ceph.podman_image:
    name: ceph:tested
    source: tag
    image: rgwkit/ceph:18
"""

RETURN = r"""
image:
  description: The image, as C(podman image inspect) shows it; empty in check mode if the image is not there yet.
  returned: success
  type: dict
  sample:
    Id: 9f2c1d7e4b6a8035d1c2b3a4958677fedcba98765432100123456789abcdef01
    RepoTags: ["localhost/rgwkit/ceph:18"]
    Created: "2026-11-28T01:02:03.456789Z"
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "pull"
    target: "image quay.io/ceph/ceph:v18 with podman"
    status: null
    code: "initializing source: manifest unknown"
    hint: "Check the name, the network and the login (podman login)."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "pull"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "image quay.io/ceph/ceph:v18 with podman"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "initializing source: manifest unknown"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check the name, the network and the login (podman login)."
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.host.podman_images import PodmanImages

# What a pull or a build may take.
SECONDS = 1800
ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "source": {"type": "str", "choices": ["pull", "build", "tag"], "required": True},
    "renew": {"type": "bool", "default": False},
    "path": {"type": "path"},
    "arguments": {"type": "dict", "default": {}},
    "labels": {"type": "dict", "default": {}},
    "cache": {"type": "bool", "default": True},
    "image": {"type": "str"},
}
REQUIRED_IF = [("source", "build", ("path",)), ("source", "tag", ("image",))]


def reach(params: dict, check_mode: bool) -> dict:
    """Bring the image to this host; the module's result."""
    images, name = PodmanImages(SECONDS), params["name"]
    before = images.image(name) or {}
    if _is_done(images, params, before):
        return _result(before, before)
    if check_mode:
        return {**_result(before, {"Id": "unknown"}), "image": before}
    if params["source"] == "pull":
        images.pull(name)
    elif params["source"] == "tag":
        images.tag_image(params["image"], name)
    else:
        images.build(name, params["path"], params["arguments"], params["labels"], params["cache"])
    return _result(before, images.image(name) or {})


def _is_done(images: PodmanImages, params: dict, before: dict) -> bool:
    """Whether nothing has to be done for what is there."""
    if params["source"] == "tag":
        named = images.image(params["image"]) or {}
        return bool(before) and before["Id"] == named.get("Id")
    return params["source"] == "pull" and bool(before) and not params["renew"]


def _result(before: dict, after: dict) -> dict:
    ids = [f"image: {image.get('Id', 'absent')}\n" for image in (before, after)]
    return {"changed": ids[0] != ids[1], "image": after, "diff": {"before": ids[0], "after": ids[1]}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, required_if=REQUIRED_IF, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
