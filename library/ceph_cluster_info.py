#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_cluster_info
short_description: Read the facts about a Ceph cluster that its gateways depend on
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Reads the identity, the monitors' addresses, the versions and the health of a cluster with C(ceph), on a host that
    has an administrator's keyring. Each command has a time limit.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.ceph_tool
options:
  timeout: {description: Seconds that one run of a tool may take., type: float, default: 15}
  zones:
    description: Whether to read the names of realms, zonegroups and zones as well, with C(radosgw-admin).
    type: bool
    default: false
  hostnames:
    version_added: "0.3.0"
    description: Whether to read the host names of the zonegroups as well, with C(radosgw-admin).
    type: bool
    default: false
seealso:
  - module: rgwkit.ceph.rgw_preflight
"""

EXAMPLES = r"""
- name: Read the cluster on a monitor's host
  rgwkit.ceph.ceph_cluster_info:

- name: Read a cluster that cephadm manages
  rgwkit.ceph.ceph_cluster_info:
    via: cephadm

- name: Read the cluster and its zones in a container
  rgwkit.ceph.ceph_cluster_info:
    via: container
    container: ceph-mon
    zones: true
"""

RETURN = r"""
cluster:
  description: The facts about the cluster.
  returned: success
  type: dict
  sample:
    fsid: 7d2ad5c4-5a0c-4f0c-9e0c-0d2f6a1b7c3e
    monitors: [["192.0.2.11:3300", "192.0.2.11:6789"]]
    versions: {mon: [16.2.15], mgr: [16.2.15], osd: [16.2.15], rgw: []}
    health: {status: HEALTH_OK, checks: {}}
    osd_max_object_name_len: 2048
    orchestrator: ""
    minimal_conf: "[global]\n\tfsid = 7d2ad5c4-5a0c-4f0c-9e0c-0d2f6a1b7c3e\n"
    time: 1764300000.25
  contains:
    fsid:
      description: Id of the cluster.
      returned: always
      type: str
      sample: 7d2ad5c4-5a0c-4f0c-9e0c-0d2f6a1b7c3e
    monitors:
      description: Addresses of each monitor, as C(host:port).
      returned: always
      type: list
      elements: list
      sample: [["192.0.2.11:3300", "192.0.2.11:6789"], ["192.0.2.12:3300", "192.0.2.12:6789"]]
    versions:
      description: Running versions of the daemons of each kind, oldest first.
      returned: always
      type: dict
      sample: {mon: [16.2.15], mgr: [16.2.15], osd: [16.2.13, 16.2.15], rgw: [16.2.15]}
    health:
      description: The cluster's C(status), and the message of each health check in C(checks).
      returned: always
      type: dict
      sample: {status: HEALTH_WARN, checks: {OSDMAP_FLAGS: noout flag(s) set}}
    osd_max_object_name_len:
      description: Value of this option in an OSD that is up; V(null) if no OSD is up or none reports the option.
      returned: always
      type: int
      sample: 2048
    orchestrator:
      description: Backend of the orchestrator, such as V(cephadm); empty without an orchestrator.
      returned: always
      type: str
      sample: cephadm
    minimal_conf:
      description: The ceph.conf that a client needs at least.
      returned: always
      type: str
      sample: "[global]\n\tfsid = 7d2ad5c4-5a0c-4f0c-9e0c-0d2f6a1b7c3e\n\tmon_host = 192.0.2.11\n"
    time:
      description: Clock of the host where the module ran, in seconds since 1970.
      returned: always
      type: float
      sample: 1764300000.25
    realms:
      description: Names of the realms.
      returned: with O(zones=true)
      type: list
      elements: str
      sample: [example]
    zonegroups:
      description: Names of the zonegroups.
      returned: with O(zones=true)
      type: list
      elements: str
      sample: [default]
    zones:
      description: Names of the zones.
      returned: with O(zones=true)
      type: list
      elements: str
      sample: [default]
    hostnames:
      description: Host names of all zonegroups.
      returned: with O(hostnames=true)
      type: list
      elements: str
      sample: [s3.example.com]
    hostnames_s3website:
      description: Host names of all zonegroups for web sites.
      returned: with O(hostnames=true)
      type: list
      elements: str
      sample: [www.example.com]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: the health by ceph
    status: null
    code: no end within 15 s
    hint: "Most often no monitor answers: look at `ceph -s` there."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target: {description: Object of the operation., returned: always, type: str, sample: the health by ceph}
    status:
      description: "V(null), because a command-line tool has no HTTP status."
      returned: always
      type: int
      sample: null
    code:
      description: "What came back, for example the exit code and error message of the tool."
      returned: always
      type: str
      sample: no end within 15 s
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "Most often no monitor answers: look at `ceph -s` there."
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.ceph.cluster import read_cluster, read_hostnames, read_zones
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "timeout": {"type": "float", "default": 15},
    "zones": {"type": "bool", "default": False},
    "hostnames": {"type": "bool", "default": False},
}


def look(params: dict) -> dict:
    """The cluster, and its zones and host names where they are wanted."""
    cluster = read_cluster(tool_of(params, "ceph"))
    if params["zones"]:
        cluster.update(read_zones(tool_of(params, "radosgw-admin")))
    if params["hostnames"]:
        cluster.update(read_hostnames(tool_of(params, "radosgw-admin")))
    return {"cluster": cluster}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True)
    run(module, lambda: look(module.params))


if __name__ == "__main__":
    main()
