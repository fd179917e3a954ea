#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: debian_image
short_description: Make a container image from Debian packages, without a container registry
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Installs packages into an empty file system with C(mmdebstrap) and streams it into the docker daemon as an image.
  - For machines that reach a Debian mirror but no container registry.
  - The suite's updates and security updates are installed from the beginning, and are in the image's own sources.list.
  - An image of that name whose label C(io.rgwkit.recipe) says it has the same suite and packages is left alone, unless
    O(renew) asks for what the archive has by now.
  - The labels C(io.rgwkit.made) and C(io.rgwkit.releases) say when an image was made, and from which states of the
    archive.
requirements: [mmdebstrap, the Python package docker, root]
attributes:
  check_mode: {description: Says whether the image would be made., support: full}
  diff_mode: {description: Shows the recipe before and after., support: full}
  idempotent: {description: A second run changes nothing., support: full}
options:
  name: {description: "Name and tag of the image, for example V(rgwkit/ceph-base:16).", type: str, required: true}
  suite: {description: "Debian suite or codename, for example V(bookworm).", type: str, required: true}
  packages: {description: "Packages to install, without recommended ones.", type: list, elements: str, required: true}
  mirror: {description: Base URL of the Debian archive. The one that this host installs from by default., type: str}
  security_mirror:
    description:
      - Base URL of the archive with the security updates. By default the one that this host installs them from; where
        that is none, the folder beside O(mirror) whose name ends in C(-security).
      - V(none) does without, for a suite that has none any more. V(sid) needs none.
    type: str
  renew:
    description:
      - Make the image anew when the archive has been updated since it was made (by the dates of its release files).
    type: bool
    default: false
  allow_expired_release:
    description: Accept a mirror whose release file is past its validity, as frozen and archived mirrors have it.
    type: bool
    default: false
  labels: {description: Labels to put on the image., type: dict, default: {}}
  timeout: {description: Seconds that making the image may take., type: int, default: 900}
"""

EXAMPLES = r"""
- name: Ceph 16 from Debian 12
  rgwkit.ceph.debian_image:
    name: rgwkit/ceph-base:16
    suite: bookworm
    packages: [ceph-mon, ceph-mgr, ceph-osd, radosgw]

- name: Debian's registry, which still has the swift driver
  rgwkit.ceph.debian_image:
    name: rgwkit/registry:2.8
    suite: bookworm
    packages: [docker-registry, ca-certificates]

- name: From a mirror of the house, frozen a while ago
  rgwkit.ceph.debian_image:
    name: rgwkit/ceph-base:18
    suite: trixie
    packages: [ceph-mon, ceph-mgr, ceph-osd, radosgw]
    mirror: http://mirror.example.com/debian
    security_mirror: http://mirror.example.com/debian-security
    allow_expired_release: true

- name: The registry's image with the security updates of today
  rgwkit.ceph.debian_image:
    name: rgwkit/registry:2.8
    suite: bookworm
    packages: [docker-registry, ca-certificates]
    renew: true
"""

RETURN = r"""
image_id: {description: Id of the image (absent in check mode when it would be made)., returned: success, type: str}
seconds: {description: How long it took., returned: changed, type: float}
"""

import time
from typing import Optional

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.host.debian_archive import find_sources
from ..module_utils.host.debian_image import RECIPE_LABEL, RELEASES_LABEL, Recipe, bootstrap, image_labels
from ..module_utils.host.docker_client import connect

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "suite": {"type": "str", "required": True},
    "packages": {"type": "list", "elements": "str", "required": True},
    "mirror": {"type": "str"},
    "security_mirror": {"type": "str"},
    "renew": {"type": "bool", "default": False},
    "allow_expired_release": {"type": "bool", "default": False},
    "labels": {"type": "dict", "default": {}},
    "timeout": {"type": "int", "default": 900},
}


def reach(params: dict, check_mode: bool) -> dict:
    """Make the image unless it is there with the same recipe, and as new as asked for; returns the module's result."""
    client = connect(timeout=params["timeout"])
    recipe = Recipe(*(params[field] for field in Recipe._fields))
    present = next(iter(client.images.list(name=params["name"])), None)
    same = present is not None and present.labels.get(RECIPE_LABEL) == recipe.digest()
    if same and not params["renew"]:
        return {"changed": False, "image_id": present.id}
    sources = find_sources(recipe.suite, recipe.mirror, recipe.security_mirror)
    labels = image_labels(recipe, sources)
    before, after = _shown(present.labels if present else None), _shown(labels)
    result = {"changed": before != after, "diff": {"before": before, "after": after}}
    if not result["changed"]:
        return dict(result, image_id=present.id)
    if check_mode:
        return result
    begin = time.monotonic()
    image_id = bootstrap(
        client.api, recipe, sources, params["name"], dict(params["labels"], **labels), params["timeout"]
    )
    return dict(result, image_id=image_id, seconds=round(time.monotonic() - begin, 1))


def _shown(labels: Optional[dict]) -> str:
    """What tells two images apart, for people: the recipe and the archive's state."""
    if labels is None:
        return "recipe: absent\n"
    return f"recipe: {labels.get(RECIPE_LABEL, 'unknown')}\narchive: {labels.get(RELEASES_LABEL, 'unknown')}\n"


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
