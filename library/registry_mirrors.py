#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: mirrors of registries for the container engines of a host."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_mirrors
short_description: Have docker and podman pull images through mirrors of registries
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Adds mirrors to the key C(registry-mirrors) of docker's C(daemon.json), and writes a file of its own below
    C(registries.conf.d) for podman, skopeo, buildah and CRI-O. The authorities of a mirror's certificate go to
    C(certs.d).
  - Everything else in C(daemon.json), mirrors of others included, stays as it is. A record in O(folder) says what the
    module has added, and the module changes and removes nothing else.
  - The docker daemon reads its file again on SIGHUP, and containers run on. The module waits until the daemon uses the
    mirrors. If the daemon or podman refuses them, all files are put back.
  - SIGHUP makes the docker daemon read the other keys of C(daemon.json), too. Some of them change without a restart,
    such as C(debug), C(labels) and C(insecure-registries).
  - Refused before anything is changed are a C(daemon.json) that is no JSON or a link, a daemon with the flag
    C(--registry-mirror), which does not start with both, and registries that another file of C(registries.conf.d) has
    settings for.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: The diff names the mirrors and files that change. No other content of C(daemon.json) is shown.}
options:
  home:
    description: Owner of the mirrors, the identity of the inventory.
    type: str
    required: true
  takeover:
    description: Whether to take over mirrors that another inventory has added.
    type: bool
    default: false
  folder:
    description: Folder of the toolkit for the record.
    type: path
    default: /etc/rgwkit/registry-mirrors
  engines:
    description:
      - Engines that are to use the mirrors. V(podman) stands for everything that reads C(registries.conf).
      - From engines that are not in the list, the module takes back what it has added.
    type: list
    elements: str
    choices: [docker, podman]
    default: [docker]
  mirrors:
    description: >-
      Mirrors, in the order in which engines ask them. An empty list takes back all that the module has added.
    type: list
    elements: dict
    required: true
    suboptions:
      url:
        description: URL of the mirror, V(https://HOST:PORT) or V(http://HOST:PORT), without a path and without a user.
        type: str
        required: true
      registry:
        description:
          - Registry that is mirrored, as in the names of images, with or without the beginning of a repository's name.
          - Docker asks mirrors for images of V(docker.io) only. Mirrors of other registries are for podman.
        type: str
        default: docker.io
      ca_file:
        description: File on the host with the authorities of the mirror's certificate. By default those of the system.
        type: path
  docker_config:
    description: Configuration file of the docker daemon.
    type: path
    default: /etc/docker/daemon.json
  docker_pid_file:
    description: File with the process id of the docker daemon, unless the configuration file has the key C(pidfile).
    type: path
    default: /run/docker.pid
  containers_folder:
    description: Folder of C(registries.conf).
    type: path
    default: /etc/containers
seealso:
  - module: rgwkit.ceph.registry_mirror_preflight
"""

EXAMPLES = r"""
- name: Pull images of Docker Hub through a mirror
  rgwkit.ceph.registry_mirrors:
    home: production
    engines: [docker, podman]
    mirrors:
      - url: https://mirror.example.org:5000
        ca_file: /etc/ssl/certs/example-ca.pem

- name: Take the mirrors back
  rgwkit.ceph.registry_mirrors:
    home: production
    mirrors: []
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, in one sentence.
  returned: success
  type: str
  sample: "mirrors of registries: 1 mirror for docker, 3 changes"
changes:
  description: What the run changed, or in check mode would change, a line for each change.
  returned: success
  type: list
  elements: str
  sample: ["/etc/docker/daemon.json: registry-mirrors none -> https://mirror.example.org:5000"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: use
    target: the docker daemon
    status: null
    code: the daemon was started with --registry-mirror
    hint: Remove --registry-mirror from the unit or start script of docker, restart docker, and run this again.
  contains:
    operation: {description: What the module attempted., type: str, returned: always, sample: use}
    target: {description: Object of the operation., type: str, returned: always, sample: the docker daemon}
    status: {description: HTTP status of the docker daemon's answer., type: int, returned: always, sample: null}
    code:
      description: What came back.
      type: str
      returned: always
      sample: the daemon was started with --registry-mirror
    hint:
      description: What to do next.
      type: str
      returned: always
      sample: Remove --registry-mirror from the unit or start script of docker, restart docker, and run this again.
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.words import plural
from ..module_utils.host.owned_folder import Owned
from ..module_utils.http.evidence import without_login
from ..module_utils.registry.mirrors.plan import Wanted
from ..module_utils.registry.mirrors.reconcile import reconcile
from ..module_utils.registry.mirrors.spec import ENGINES, HUB, parse_mirrors

ARGUMENTS = {
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "folder": {"type": "path", "default": "/etc/rgwkit/registry-mirrors"},
    "engines": {"type": "list", "elements": "str", "choices": list(ENGINES), "default": ["docker"]},
    "mirrors": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "url": {"type": "str", "required": True},
            "registry": {"type": "str", "default": HUB},
            "ca_file": {"type": "path"},
        },
    },
    "docker_config": {"type": "path", "default": "/etc/docker/daemon.json"},
    "docker_pid_file": {"type": "path", "default": "/run/docker.pid"},
    "containers_folder": {"type": "path", "default": "/etc/containers"},
}


def reach(module: CensoredModule) -> dict:
    """Bring the mirrors to their state; the module's result."""
    given = module.params
    wanted = Wanted(
        parse_mirrors(given["mirrors"], given["engines"]),
        given["engines"],
        Owned(given["folder"], given["home"], given["takeover"]),
        given["docker_config"],
        given["docker_pid_file"],
        given["containers_folder"],
    )
    changes = reconcile(wanted, module.check_mode).changes
    would = " would be made" if module.check_mode and changes else ""
    counted = f"{plural(len(changes), 'change')}{would}" if changes else "no change"
    engines = f" for {' and '.join(wanted.engines)}" if wanted.mirrors else ""
    return {
        "changed": bool(changes),
        "diff": {"prepared": "".join(f"{line}\n" for line in changes)},
        "changes": changes,
        "summary": f"mirrors of registries: {plural(len(wanted.mirrors), 'mirror')}{engines}, {counted}",
    }


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    urls = {one["url"] for one in module.params["mirrors"]}
    module.strike(urls - set(map(without_login, urls)))
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
