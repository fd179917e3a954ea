#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: debian_image
short_description: Build a container image from Debian packages, without a container registry
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Installs packages into an empty file system with C(mmdebstrap) and streams the result into docker or podman as an
    image.
  - For machines that reach a Debian mirror but no container registry.
  - The suite's updates and security updates are installed from the start, and are in the image's own sources.list.
  - The label C(io.rgwkit.recipe) identifies suite and packages. An image of that name whose label matches is left
    alone, unless O(renew) asks for the archive's current packages.
  - The labels C(io.rgwkit.made) and C(io.rgwkit.releases) record when an image was built, and from which states of the
    archive.
requirements: [mmdebstrap, root]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: The diff shows the recipe and the state of the archive.}
options:
  name: {description: "Name and tag of the image, for example V(rgwkit/ceph-base:16).", type: str, required: true}
  suite: {description: "Debian suite or codename, for example V(bookworm).", type: str, required: true}
  packages: {description: "Packages to install, without recommended ones.", type: list, elements: str, required: true}
  mirror: {description: Base URL of the Debian archive. By default the archive of this host., type: str}
  security_mirror:
    version_added: "0.2.0"
    description:
      - Base URL of the archive with the security updates. By default the one that this host uses; if this host uses
        none, the folder beside O(mirror) whose name ends in C(-security).
      - V(none) builds without security updates, for a suite that no longer has any. V(sid) needs none.
    type: str
  renew:
    version_added: "0.2.0"
    description:
      - Rebuild the image if the archive has been updated since the image was built, by the dates of the archive's
        release files.
    type: bool
    default: false
  configure:
    version_added: "0.3.0"
    description:
      - Whether to install the packages, beside those that every Debian system has.
      - V(false) only unpacks the packages and the packages that they depend on, and runs none of their scripts. This
        takes a fraction of the time, and the image is smaller. It is for programs that need files alone. The image has
        a shell and coreutils, the accounts and the resolver's configuration of a new system, the certificate
        authorities of C(ca-certificates) if O(packages) has that package, and neither apt nor dpkg. It lacks packages
        that only scripts of packages need, such as adduser, debconf, dpkg and openssl. The packages' names and versions
        are in C(/var/lib/dpkg/status.d), where scanners look for them.
    type: bool
    default: true
  allow_expired_release:
    description: Accept a mirror whose release file has expired, as frozen and archived mirrors have it.
    type: bool
    default: false
  labels: {description: Labels to put on the image., type: dict, default: {}}
  runtime:
    version_added: "0.3.0"
    description: Program that keeps the image.
    type: str
    choices: [docker, podman]
    default: docker
  timeout: {description: Seconds that the build may take., type: int, default: 900}
"""

EXAMPLES = r"""
- name: Build an image of Ceph 16 from Debian 12
  rgwkit.ceph.debian_image:
    name: rgwkit/ceph-base:16
    suite: bookworm
    packages: [ceph-mon, ceph-mgr, ceph-osd, radosgw]

- name: Build an image of Debian's registry, which still has the swift driver
  rgwkit.ceph.debian_image:
    name: rgwkit/registry:2.8
    suite: bookworm
    packages: [docker-registry, ca-certificates]
    configure: false

- name: Build an image from an in-house mirror that was frozen a while ago
  rgwkit.ceph.debian_image:
    name: rgwkit/ceph-base:18
    suite: trixie
    packages: [ceph-mon, ceph-mgr, ceph-osd, radosgw]
    mirror: http://mirror.example.com/debian
    security_mirror: http://mirror.example.com/debian-security
    allow_expired_release: true

- name: Rebuild the registry's image if the archive has newer packages
  rgwkit.ceph.debian_image:
    name: rgwkit/registry:2.8
    suite: bookworm
    packages: [docker-registry, ca-certificates]
    configure: false
    renew: true
"""

RETURN = r"""
image_id:
  description: Id of the image.
  returned: success, except in check mode when the image would be built
  type: str
  sample: sha256:9f2c1d7e4b6a8035d1c2b3a4958677fedcba98765432100123456789abcdef01
seconds: {description: Seconds that the build took., returned: when the image was built, type: float, sample: 41.7}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "find"
    target: "Debian bokworm on http://deb.debian.org/debian"
    status: null
    code: "the mirror has no such suite"
    hint: "Check suite, or name another mirror."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "find"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "Debian bokworm on http://deb.debian.org/debian"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "the mirror has no such suite"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check suite, or name another mirror."
"""

import time
from typing import Optional

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.host.debian_archive import find_sources
from ..module_utils.host.debian_image import RECIPE_LABEL, RELEASES_LABEL, Recipe, bootstrap, image_labels
from ..module_utils.host.images import connect_images

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "suite": {"type": "str", "required": True},
    "packages": {"type": "list", "elements": "str", "required": True},
    "mirror": {"type": "str"},
    "security_mirror": {"type": "str"},
    "renew": {"type": "bool", "default": False},
    "configure": {"type": "bool", "default": True},
    "allow_expired_release": {"type": "bool", "default": False},
    "labels": {"type": "dict", "default": {}},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "timeout": {"type": "int", "default": 900},
}


def reach(params: dict, check_mode: bool) -> dict:
    """Build the image unless it exists with this recipe and is new enough; returns the module's result."""
    images = connect_images(params["runtime"], params["timeout"])
    recipe = Recipe(*(params[field] for field in Recipe._fields))
    present = images.image(params["name"])
    present_labels = (present["Config"].get("Labels") or {}) if present else {}
    if present and present_labels.get(RECIPE_LABEL) == recipe.digest() and not params["renew"]:
        return {"changed": False, "image_id": present["Id"]}
    sources = find_sources(recipe.suite, recipe.mirror, recipe.security_mirror)
    labels = image_labels(recipe, sources)
    before, after = _shown(present_labels if present else None), _shown(labels)
    result = {"changed": before != after, "diff": {"before": before, "after": after}}
    if not result["changed"]:
        return dict(result, image_id=present["Id"])
    if check_mode:
        return result
    begin = time.monotonic()
    image_id = bootstrap(images, recipe, sources, params["name"], dict(params["labels"], **labels), params["timeout"])
    return dict(result, image_id=image_id, seconds=round(time.monotonic() - begin, 1))


def _shown(labels: Optional[dict]) -> str:
    """The text of the diff: the recipe and the state of the archive."""
    if labels is None:
        return "recipe: absent\n"
    return f"recipe: {labels.get(RECIPE_LABEL, 'unknown')}\narchive: {labels.get(RELEASES_LABEL, 'unknown')}\n"


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
