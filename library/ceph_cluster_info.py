#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_cluster_info
short_description: What a gateway has to know of its Ceph cluster
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Reads identity, addresses, versions and health by C(ceph) where an administrator's keyring is, in bounded time.
extends_documentation_fragment:
  - rgwkit.ceph.ceph_tool
attributes:
  check_mode: {description: Only reads., support: full}
  diff_mode: {description: Nothing is changed., support: none}
  idempotent: {description: Only reads., support: full}
options:
  timeout: {description: Seconds that one run of a tool may take., type: float, default: 15}
  zones:
    description: Whether to read the names of realms, zonegroups and zones, too, by C(radosgw-admin).
    type: bool
    default: false
seealso:
  - module: rgwkit.ceph.rgw_preflight
"""

EXAMPLES = r"""
- name: On a monitor's host
  rgwkit.ceph.ceph_cluster_info:

- name: On a cluster that cephadm made
  rgwkit.ceph.ceph_cluster_info:
    via: cephadm

- name: With its zones, from within a container
  rgwkit.ceph.ceph_cluster_info:
    via: container
    container: ceph-mon
    zones: true
"""

RETURN = r"""
cluster:
  description: The facts.
  returned: success
  type: dict
  contains:
    fsid: {description: The cluster's id., type: str}
    monitors: {description: "For each monitor its addresses, as host:port.", type: list, elements: list}
    versions: {description: "The versions that run of mon, mgr, osd and rgw, oldest first.", type: dict}
    health: {description: "C(status), and C(checks) with a message for each code.", type: dict}
    osd_max_object_name_len: {description: As an OSD has it in force; null if none is up., type: int}
    orchestrator: {description: "The orchestrator's backend, such as V(cephadm); empty without one.", type: str}
    minimal_conf: {description: What a client's ceph.conf has to say., type: str}
    time: {description: The clock of this host in seconds since 1970., type: float}
    realms: {description: Names (with O(zones))., type: list, elements: str}
    zonegroups: {description: Names (with O(zones))., type: list, elements: str}
    zones: {description: Names (with O(zones))., type: list, elements: str}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.ceph.cluster import read_cluster, read_zones
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "timeout": {"type": "float", "default": 15},
    "zones": {"type": "bool", "default": False},
}


def look(params: dict) -> dict:
    """The cluster, and its zones where they are wanted."""
    cluster = read_cluster(tool_of(params, "ceph"))
    if params["zones"]:
        cluster.update(read_zones(tool_of(params, "radosgw-admin")))
    return {"cluster": cluster}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True)
    run(module, lambda: look(module.params))


if __name__ == "__main__":
    main()
