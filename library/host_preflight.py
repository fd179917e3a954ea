#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: host_preflight
short_description: Find problems of this host that would make a play fail, before anything is changed
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Checks root privileges, commands, Python modules, the docker daemon, podman, addresses, ports, disk space and
    certificates, and fails once with all findings. Each finding has a remedy, with the names of packages in this
    host's distribution.
  - The module needs none of these things itself, so it can be the first task of a play.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
attributes:
  action:
    description: Has a corresponding action plugin, so that parts of the options can be run on the controller.
    support: full
    details: The controller part says what to do where the host does not let the user become root.
options:
  root:
    description: Whether the tasks that follow need root. With O(scope=user), they do not.
    type: bool
    default: true
  scope:
    version_added: "0.3.0"
    description:
      - Whose services the tasks that follow run. With V(user), they are those of an ordinary user, who runs this
        module. The kernel has to let the user create user namespaces, and the user needs subordinate ids, a systemd
        manager that outlives the login, and a readable journal. With O(podman_network), networks have to work for the
        user, too.
    type: str
    choices: [system, user]
    default: system
  docker:
    version_added: "0.3.0"
    description:
      - Whether the tasks that follow need the docker daemon. The daemon must answer the user who runs this module, at
        E(DOCKER_HOST) or the local socket. With O(root), a socket that is closed to another user than root is not
        reported beside that user.
    type: bool
    default: false
  podman:
    version_added: "0.3.0"
    description:
      - Whether podman is to run services. It has to be podman 4.3 or later, and the host has to run systemd. Name the
        command in O(commands), too.
    type: bool
    default: false
  podman_network:
    version_added: "0.3.0"
    description: Whether the tasks that follow need a network of podman's in which containers find each other by name.
    type: bool
    default: false
  commands:
    version_added: "0.3.0"
    description: Commands that this host must have.
    type: list
    elements: str
    default: []
  python_modules:
    version_added: "0.3.0"
    description: Python modules that the interpreter of this module must be able to import.
    type: list
    elements: str
    default: []
  images:
    version_added: "0.3.0"
    description:
      - Images that the tasks that follow get for this host. This host needs the command C(mmdebstrap) if one of them
        has to be made from Debian packages.
    type: list
    elements: dict
    default: []
    suboptions:
      name: {description: Name and tag of the image on this host., type: str, required: true}
      source:
        description:
          - How this host gets the image if it is absent. With V(auto), docker, or podman with O(podman), pulls the
            image where it can read O(images[].pull) from its registry; otherwise this host makes the image, as with
            V(bootstrap). V(pull) and V(build) need a registry in any case, and are not checked.
        type: str
        choices: [auto, pull, build, bootstrap]
        default: auto
      pull: {description: Reference of the image to pull; empty for none., type: str, default: ""}
  packages:
    version_added: "0.3.0"
    description:
      - Debian packages that the tasks that follow install, each with the lowest version that they can use. The version
        is the one that this host has, or that C(apt) would install. Where C(apt) does not say, nothing is reported.
    type: list
    elements: dict
    default: []
    suboptions:
      name: {description: Name of the package., type: str, required: true}
      version: {description: "The lowest version, without an epoch.", type: str, required: true}
      purpose: {description: "What needs the package, in words.", type: str, required: true}
      instead: {description: "What to set for a play that needs no such package.", type: str, required: true}
  ports:
    description: TCP ports that must be free.
    type: list
    elements: dict
    default: []
    suboptions:
      port: {description: The port., type: int, required: true}
      purpose: {description: "Purpose of the port, in words.", type: str, required: true}
      variable: {description: Name of the variable that sets the port., type: str, required: true}
  addresses:
    version_added: "0.2.0"
    description: Addresses or names of this host to listen on.
    type: list
    elements: dict
    default: []
    suboptions:
      address: {description: The address., type: str, required: true}
      purpose: {description: "Purpose of the address, in words.", type: str, required: true}
      variable: {description: Name of the variable that sets the address., type: str, required: true}
  disk:
    description: Disk space that must be free.
    type: list
    elements: dict
    default: []
    suboptions:
      path: {description: A path on the file system. It need not exist yet., type: path, required: true}
      mib: {description: MiB that must be free., type: int, required: true}
      purpose: {description: "Purpose of the space, in words.", type: str, required: true}
  certificates:
    version_added: "0.2.0"
    description:
      - Certificates of servers. Each must match its key, be valid now and cover the names that clients use. A
        certificate that expires within 14 days is a warning.
    type: list
    elements: dict
    default: []
    suboptions:
      certificate: {description: "PEM file with the server's certificate and its chain.", type: path, required: true}
      key:
        description: PEM file with the private key; may be the same file. It must not be open to every account.
        type: path
        required: true
      names: {description: Names and addresses that clients use., type: list, elements: str, required: true}
      purpose: {description: "Purpose of the certificate, in words.", type: str, required: true}
      variable: {description: Name of the variable that sets the certificate., type: str, required: true}
"""

EXAMPLES = r"""
- name: Check what containers need, before the first task of community.docker
  rgwkit.ceph.host_preflight:
    docker: true
    commands: [docker]
    python_modules: [requests]

- name: Check that an ordinary user can run services by podman
  rgwkit.ceph.host_preflight:
    scope: user
    podman: true
    commands: [podman]

- name: Check that HAProxy is or will be recent enough
  rgwkit.ceph.host_preflight:
    packages:
      - {name: haproxy, version: "2.4", purpose: the ingress, instead: rgw_ingress_runtime=docker}

- name: Check that the gateway's port is free
  rgwkit.ceph.host_preflight:
    ports:
      - {port: 8080, purpose: the Ceph gateway, variable: ceph_demo_rgw_port}

- name: Check that docker can pull the image, or that this host can make the image
  rgwkit.ceph.host_preflight:
    docker: true
    images:
      - {name: "rgwkit/ceph:18", pull: "quay.io/ceph/ceph:v18"}

- name: Check the disk space for an image
  rgwkit.ceph.host_preflight:
    disk:
      - {path: /var/lib/docker, mib: 3000, purpose: the Ceph image}

- name: Check the registry's certificate
  rgwkit.ceph.host_preflight:
    root: false
    certificates:
      - certificate: /etc/ssl/registry.pem
        key: /etc/ssl/private/registry.key
        names: [registry.example.com]
        purpose: the registry
        variable: registry_tls_certificate_file

- name: Report findings without failing
  rgwkit.ceph.host_preflight:
    root: false
    ports:
      - {port: 5000, purpose: the registry, variable: registry_port}
  register: host
  failed_when: false
"""

RETURN = r"""
findings:
  description: Problems that would make the play fail; empty on success.
  returned: always
  type: list
  elements: dict
  sample:
    - what: port 5000, wanted for the registry, is taken by docker-proxy (process 4711)
      remedy: stop that, or choose another port for the registry with registry_port
      severity: error
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    what:
      description: What is wrong.
      returned: always
      type: str
      sample: the Ceph image needs 3000 MiB at /var/lib/docker, 812 MiB are free
    remedy: {description: How to fix the problem., returned: always, type: str, sample: free some space there}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.findings import as_data, describe
from ..module_utils.host.certificates import Pair, check_certificate
from ..module_utils.host.checks import check_address, check_disk, check_port
from ..module_utils.host.needs import (
    Image,
    Package,
    check_command,
    check_docker,
    check_images,
    check_module,
    check_package,
    check_root,
)
from ..module_utils.host.podman import check_podman
from ..module_utils.host.podman_network import check_podman_network
from ..module_utils.host.rootless import check_rootless
from ..module_utils.host.unit_scope import SCOPES, SYSTEM, USER

PORT = {"port": ("int", True), "purpose": ("str", True), "variable": ("str", True)}
ADDRESS = {"address": ("str", True), "purpose": ("str", True), "variable": ("str", True)}
IMAGE = {
    "name": {"type": "str", "required": True},
    "source": {"type": "str", "choices": ["auto", "pull", "build", "bootstrap"], "default": "auto"},
    "pull": {"type": "str", "default": ""},
}
PACKAGE = dict.fromkeys(("name", "version", "purpose", "instead"), ("str", True))
DISK = {"path": ("path", True), "mib": ("int", True), "purpose": ("str", True)}
CERTIFICATE = {
    "certificate": {"type": "path", "required": True},
    "key": {"type": "path", "required": True, "no_log": False},
    "names": {"type": "list", "elements": "str", "required": True},
    "purpose": {"type": "str", "required": True},
    "variable": {"type": "str", "required": True},
}


def _list_of(fields: dict) -> dict:
    options = {name: {"type": kind, "required": required} for name, (kind, required) in fields.items()}
    return {"type": "list", "elements": "dict", "default": [], "options": options}


ARGUMENTS = {
    "root": {"type": "bool", "default": True},
    "scope": {"type": "str", "choices": list(SCOPES), "default": SYSTEM},
    "docker": {"type": "bool", "default": False},
    "podman": {"type": "bool", "default": False},
    "podman_network": {"type": "bool", "default": False},
    "commands": {"type": "list", "elements": "str", "default": []},
    "python_modules": {"type": "list", "elements": "str", "default": []},
    "images": {"type": "list", "elements": "dict", "default": [], "options": IMAGE},
    "packages": _list_of(PACKAGE),
    "ports": _list_of(PORT),
    "addresses": _list_of(ADDRESS),
    "disk": _list_of(DISK),
    "certificates": {"type": "list", "elements": "dict", "default": [], "options": CERTIFICATE},
}


def problems(params: dict) -> list:
    """What the host lacks, but for certificates."""
    runtime = "podman" if params["podman"] else "docker"
    by_root = params["root"] and params["scope"] == SYSTEM
    checks = [check_root()] if by_root else []
    checks += check_rootless(params["podman_network"]) if params["scope"] == USER else []
    checks += [check_command(command) for command in params["commands"]]
    checks += [check_module(name) for name in params["python_modules"]]
    checks += [check_docker(by_root)] if params["docker"] else []
    checks += [check_podman()] if params["podman"] else []
    checks += [check_podman_network()] if params["podman_network"] else []
    checks += [check_images((Image(**want) for want in params["images"]), runtime)]
    checks += [check_package(Package(**want)) for want in params["packages"]]
    checks += [check_port(want["port"], want["purpose"], want["variable"]) for want in params["ports"]]
    checks += [check_address(**want) for want in params["addresses"]]
    checks += [check_disk(want["path"], want["mib"] << 20, want["purpose"]) for want in params["disk"]]
    return [finding for finding in checks if finding]


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    findings = problems(module.params)
    for want in module.params["certificates"]:
        against, warning = check_certificate(Pair(**want))
        findings += against
        if warning:
            module.warn(f"{warning.what}. Remedy: {warning.remedy}")
    if findings:
        module.fail_json(msg="this host is not ready:\n" + describe(findings), findings=as_data(findings))
    module.exit_json(changed=False, findings=[])


if __name__ == "__main__":
    main()
