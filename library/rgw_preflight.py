#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_preflight
short_description: Find problems that would keep a Ceph gateway on this host from working, before anything is changed
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Checks the gateways that are planned for this host against the host and its cluster, and fails once with all
    findings. Each finding has a remedy. A problem that does not block the gateway today is a warning.
  - The module checks whether this host reaches the monitors, the cluster's identity and health, clocks, versions, the
    longest object name, zones, addresses, ports, frontend options, certificates and disk space.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  cluster:
    description: The return value C(cluster) of M(rgwkit.ceph.ceph_cluster_info), or the whole result if it failed.
    type: dict
    required: true
  instances:
    description: The gateways of this host.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: Name of the instance., type: str, required: true}
      entity: {description: "Its cephx name, for example V(client.rgw.gateway1.a).", type: str, required: true}
      address: {description: Address to listen on., type: str, default: 0.0.0.0}
      port: {description: Port to listen on., type: int, required: true}
      frontend: {description: Web server of the gateway., type: str, choices: [beast, civetweb], default: beast}
      frontend_options: {description: Options of the web server., type: dict, default: {}}
      certificate: {description: File with the certificate chain; empty without TLS., type: str, default: ""}
      private_key:
        description: File with the certificate's key; empty if the key is in the same file.
        type: str
        default: ""
      server_name: {description: Name or address that clients use., type: str, default: ""}
  version:
    description:
      - Version of the gateway, for example V(16.2.15). By default the version of the C(radosgw) on this host, if any.
    type: str
  runtime:
    description:
      - What runs the gateways. A cluster whose daemons cephadm manages accepts gateways of cephadm only. These gateways
        are recognized by the beginning of their name, which is O(instances[].entity).
    type: str
    choices: [docker, podman, package, cephadm]
    default: package
  fsid: {description: Id that the cluster must have; empty for any., type: str, default: ""}
  realm: {description: Realm that must exist; empty for none., type: str, default: ""}
  zonegroup: {description: Zonegroup that must exist; empty for the default., type: str, default: ""}
  zone: {description: Zone that must exist; empty for the default., type: str, default: ""}
  conf: {description: The host's ceph.conf., type: path, default: /etc/ceph/ceph.conf}
  data: {description: Folder of the gateways' data., type: path, default: /var/lib/ceph/radosgw}
seealso:
  - module: rgwkit.ceph.ceph_cluster_info
"""

EXAMPLES = r"""
- name: Read the cluster
  rgwkit.ceph.ceph_cluster_info:
  delegate_to: "{{ groups['mons'][0] }}"
  register: cluster

- name: Check one gateway that listens on every address
  rgwkit.ceph.rgw_preflight:
    cluster: "{{ cluster.cluster }}"
    instances:
      - {name: a, entity: client.rgw.gateway1.a, port: 8080}

- name: Check a gateway with TLS in a named zone, before its packages are installed
  rgwkit.ceph.rgw_preflight:
    cluster: "{{ cluster.cluster }}"
    version: 18.2.7
    zone: north
    instances:
      - name: a
        entity: client.rgw.gateway1.a
        address: 192.0.2.21
        port: 443
        certificate: /etc/ssl/gateway.pem
        private_key: /etc/ssl/private/gateway.key
        server_name: gateway.example.com

- name: Report findings without failing
  rgwkit.ceph.rgw_preflight:
    cluster: "{{ cluster.cluster }}"
    instances: []
  register: found
  failed_when: false
"""

RETURN = r"""
findings:
  description: Problems that would keep a gateway from working; empty on success.
  returned: always
  type: list
  elements: dict
  sample:
    - what: the cluster has no OSD that is up
      remedy: "bring the OSDs up first: `ceph osd tree`"
      severity: error
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    what: {description: What is wrong., returned: always, type: str, sample: the cluster has no OSD that is up}
    remedy:
      description: How to fix the problem.
      returned: always
      type: str
      sample: "bring the OSDs up first: `ceph osd tree`"
notes:
  description: Warnings about problems that do not block the gateway today, in the same form as C(findings).
  returned: always
  type: list
  elements: dict
  sample:
    - what: the gateway would be 16.2.15, and another one is 18.2.7, whose new buckets it cannot read
      remedy: "it answers HTTP 500 for them: make none until all gateways are of Ceph 18"
      severity: error
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    what:
      description: What is wrong.
      returned: always
      type: str
      sample: the gateway would be 16.2.15, and another one is 18.2.7, whose new buckets it cannot read
    remedy:
      description: How to fix the problem.
      returned: always
      type: str
      sample: "it answers HTTP 500 for them: make none until all gateways are of Ceph 18"
running:
  description: Names of the instances that are running already.
  returned: always
  type: list
  elements: str
  sample: [a]
version:
  description: Version of the gateway that the checks assumed; V(null) if the gateway is not installed yet.
  returned: always
  type: str
  sample: 16.2.15
"""

import subprocess

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.findings import as_data, describe
from ..module_utils.ceph.cluster import version_of
from ..module_utils.gateway.preflight import Wanted, look
from ..module_utils.gateway.preflight_cluster import Expected, Ours
from ..module_utils.host.checks import has_port

INSTANCE = {
    "name": {"type": "str", "required": True},
    "entity": {"type": "str", "required": True},
    "address": {"type": "str", "default": "0.0.0.0"},  # noqa: S104
    "port": {"type": "int", "required": True},
    "frontend": {"type": "str", "choices": ["beast", "civetweb"], "default": "beast"},
    "frontend_options": {"type": "dict", "default": {}},
    "certificate": {"type": "str", "default": ""},
    "private_key": {"type": "str", "default": "", "no_log": False},
    "server_name": {"type": "str", "default": ""},
}
ARGUMENTS = {
    "cluster": {"type": "dict", "required": True},
    "instances": {"type": "list", "elements": "dict", "required": True, "options": INSTANCE},
    "version": {"type": "str"},
    "runtime": {"type": "str", "choices": ["docker", "podman", "package", "cephadm"], "default": "package"},
    "fsid": {"type": "str", "default": ""},
    "realm": {"type": "str", "default": ""},
    "zonegroup": {"type": "str", "default": ""},
    "zone": {"type": "str", "default": ""},
    "conf": {"type": "path", "default": "/etc/ceph/ceph.conf"},
    "data": {"type": "path", "default": "/var/lib/ceph/radosgw"},
}


def installed_version() -> str | None:
    """The version of radosgw on this host; None without radosgw."""
    try:
        done = subprocess.run(["radosgw", "--version"], capture_output=True, text=True, check=False, timeout=10)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
    return version_of(done.stdout)


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    params = module.params
    version = params["version"] or installed_version()
    expected = Expected(*(params[name] for name in Expected._fields))
    ours = Ours(version, params["runtime"])
    found = look(Wanted(params["instances"], ours, params["conf"], params["data"], params["cluster"], expected))
    running = [one["name"] for one in params["instances"] if has_port(one["port"], one["entity"])]
    result = {
        "findings": as_data(found.errors),
        "notes": as_data(found.warnings),
        "running": running,
        "version": version,
    }
    for note in found.warnings:
        module.warn(f"{note.what}; {note.remedy}")
    if found.errors:
        module.fail_json(msg="no gateway would work here:\n" + describe(found.errors), **result)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
