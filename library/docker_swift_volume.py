#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: docker volumes whose data are in swift containers of a Ceph Object Gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_swift_volume
short_description: Manage docker volumes on swift containers of a Ceph Object Gateway
version_added: 0.3.0
description:
  - Brings docker volumes on this host into the state that a list describes. The data of such a volume are the objects
    of a swift container, which other hosts and clients of swift and S3 read, too. The role
    P(rgwkit.ceph.docker_volumes#role) runs the volume driver, which is C(rclone serve docker).
  - The module creates a swift container that is missing, and gives each container an id. The volume carries the id as
    the label C(io.rgwkit.container-id), so that a container which somebody has removed and created again is noticed.
  - Docker leaves options of an existing volume as they are, without a word. The module compares them, and creates the
    volume anew. The data are not touched. A volume that a container uses is not changed and not removed.
  - A second host that would write into the same container is refused, unless every host agrees by
    O(volumes[].access_mode). The metadata of the container tell which hosts write.
  - A driver that does not answer on its socket is reported at once. Docker itself waits 15 s for such a driver.
  - A volume with the driver V(local) is refused. Docker creates one without a word for a container that names a volume
    which docker does not know.
  - The module needs neither rclone nor a Python package. Seen with docker 20.10.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  idempotent:
    details: With O(restart_containers), containers are restarted only while they have dead mounts.
options:
  endpoint:
    description: Address of the gateway, V(http[s]://host[:port]), for the host where the module runs.
    type: str
    required: true
  user:
    description: The swift user, V(uid:subuser), with full access. The volume driver logs in as the same user.
    type: str
    required: true
  key: {description: The subuser's swift key., type: str}
  key_file:
    description:
      - File with the swift key, on the host where the module runs. A file that others may read or write is refused.
    type: path
  ca_file:
    description: PEM file with the certificate authorities to trust for an V(https) endpoint, instead of the system's.
    type: path
  validate_certs:
    description: Whether to check the gateway's certificate and host name.
    type: bool
    default: true
  timeout:
    description: Seconds that one request to the gateway may take.
    type: float
    default: 10.0
  wait:
    description: Seconds to retry a request while the gateway does not answer.
    type: float
    default: 10.0
  home: {description: The identity of this inventory., type: str, required: true}
  takeover:
    description: Whether this inventory takes over volumes that the toolkit created for another one.
    type: bool
    default: false
  host:
    description:
      - Name of this host among the hosts that use the containers. Each host needs a name of its own, which stays.
      - The default is the host's node name.
    type: str
  driver: {description: Name of the volume driver., type: str, default: rgwkit}
  driver_to_be_made:
    description:
      - Whether an earlier task of the same run starts the driver. In check mode, the driver does not run yet, and the
        volumes are planned as for a host without volumes.
    type: bool
    default: false
  cache:
    description: Folder of rclone's cache, for RV(not_uploaded).
    type: path
  restart_containers:
    description:
      - Whether to restart containers with dead mounts. When the driver ends under a container, the container does not
        get a new mount by itself.
    type: bool
    default: false
  purge:
    description: Whether to remove this inventory's volumes of the driver that are not in the list.
    type: bool
    default: false
  volumes:
    description: The volumes. An empty list only looks for dead mounts and for drivers that have gone.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: Name of the volume on this host., type: str, required: true}
      container:
        description: Name of the swift container. The default is the name of the volume.
        type: str
      state:
        description:
          - Whether the volume is to be there. With V(absent), the swift container and its objects stay.
        type: str
        choices: [present, absent]
        default: present
      access_mode:
        description:
          - Who uses the container, in the words of Kubernetes.
          - With V(ReadWriteOnce), this host is the only one that writes.
          - With V(ReadWriteMany), other hosts with the same mode write, too. Of a file that two hosts write, one
            version is lost.
          - With V(ReadOnlyMany), this host only reads.
        type: str
        choices: [ReadWriteOnce, ReadOnlyMany, ReadWriteMany]
        default: ReadWriteOnce
      moves_from:
        description:
          - Host whose right to write this host takes over. Make sure that the other host is down, as it is not told.
        type: str
      uid:
        description: Number of the user who owns all files, as containers see them. The default is V(0).
        type: int
      gid: {description: Number of the group of all files. The default is V(0)., type: int}
      umask:
        description: Permissions that all files lack, as three octal digits. The default is V(022).
        type: str
seealso:
  - module: rgwkit.ceph.rgw_buckets
author: rgwkit authors (@rgwkit)
"""

EXAMPLES = r"""
- name: Create a volume for uploads, which belong to the user of the web server in its image
  rgwkit.ceph.docker_swift_volume:
    endpoint: http://rgw.example.org:8080
    user: volumes:swift
    key_file: /etc/rgwkit/volumes.swift
    home: "{{ lookup('rgwkit.ceph.home') }}"
    volumes:
      - name: uploads
        uid: 33
        gid: 33
        umask: "027"

- name: Read the same files on another host
  rgwkit.ceph.docker_swift_volume:
    endpoint: http://rgw.example.org:8080
    user: volumes:swift
    key_file: /etc/rgwkit/volumes.swift
    home: "{{ lookup('rgwkit.ceph.home') }}"
    volumes:
      - {name: uploads, access_mode: ReadOnlyMany}

- name: Move the volume to this host after docker-1 is down
  rgwkit.ceph.docker_swift_volume:
    endpoint: http://rgw.example.org:8080
    user: volumes:swift
    key_file: /etc/rgwkit/volumes.swift
    home: "{{ lookup('rgwkit.ceph.home') }}"
    volumes:
      - {name: uploads, moves_from: docker-1}

- name: Restart containers with dead mounts
  rgwkit.ceph.docker_swift_volume:
    endpoint: http://rgw.example.org:8080
    user: volumes:swift
    key_file: /etc/rgwkit/volumes.swift
    home: "{{ lookup('rgwkit.ceph.home') }}"
    volumes: []
    restart_containers: true
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, at which gateway, in one sentence.
  returned: success
  type: str
  sample: "volumes on http://rgw.example.org:8080: 1 created, 2 unchanged"
volumes:
  description: The volumes after the run, or in check mode as they would be, in the order of the list.
  returned: success
  type: list
  elements: dict
  sample:
    - name: uploads
      container: uploads
      state: present
      container_id: 4fdb3c9e8a5d4b0f9d0f4f6a1c9b7e21
      access_mode: ReadWriteOnce
      options: {remote: "rgw:uploads", uid: "33", gid: "33", umask: "027"}
      changed: true
      changes: ["container uploads: created", "volume created"]
  contains:
    name: {description: Name of the volume., returned: success, type: str, sample: uploads}
    container: {description: Name of the swift container., returned: success, type: str, sample: uploads}
    state: {description: V(present) or V(absent)., returned: success, type: str, sample: present}
    container_id:
      description: Id of the swift container. In check mode, a container without an id has V((a new id)).
      returned: when present
      type: str
      sample: 4fdb3c9e8a5d4b0f9d0f4f6a1c9b7e21
    access_mode: {description: Who uses the container., returned: when present, type: str, sample: ReadWriteOnce}
    options:
      description: What the driver is told of the volume.
      returned: when present
      type: dict
      sample: {remote: "rgw:uploads", uid: "33", gid: "33", umask: "027"}
    changed:
      description: Whether the run changed this volume, or in check mode would change it.
      returned: success
      type: bool
      sample: true
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      returned: success
      type: list
      elements: str
      sample: ["container uploads: created", "volume created"]
dead_mounts:
  description: Volumes of running containers that cannot be used, as the driver ended under the container.
  returned: success
  type: list
  elements: dict
  sample:
    - container: web
      volume: uploads
      path: /var/www/uploads
      problem: Transport endpoint is not connected
      restarted: false
  contains:
    container: {description: Name of the container., returned: success, type: str, sample: web}
    volume: {description: Name of the volume., returned: success, type: str, sample: uploads}
    path: {description: Path inside of the container., returned: success, type: str, sample: /var/www/uploads}
    problem:
      description: What a program gets that looks at the path.
      returned: success
      type: str
      sample: Transport endpoint is not connected
    restarted:
      description: Whether the run restarted the container, or in check mode would restart it.
      returned: success
      type: bool
      sample: false
running:
  description: Names of all running containers that use volumes of the driver.
  returned: success
  type: list
  elements: str
  sample: [web]
not_uploaded:
  description:
    - Files in O(cache) that have not reached swift, as remote/container/path. Empty without O(cache).
    - The driver uploads such a file as soon as a container mounts the volume.
  returned: success
  type: list
  elements: str
  sample: []
drivers_gone:
  description:
    - Volume drivers that docker remembers and that no longer answer. Every list of the volumes waits 15 s for them.
  returned: success
  type: list
  elements: str
  sample: []
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: reach
    target: the volume driver rgwkit at /run/docker/plugins/rgwkit.sock
    status: null
    code: there is no such socket
    hint: Start the driver.
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: reach}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: the volume driver rgwkit at /run/docker/plugins/rgwkit.sock
    status:
      description: HTTP status of the answer; V(null) if there was none.
      returned: always
      type: int
      sample: null
    code: {description: What came back., returned: always, type: str, sample: there is no such socket}
    hint: {description: What to do next., returned: always, type: str, sample: Start the driver.}
"""

import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.http.evidence import without_login
from ..module_utils.volumes.options import VOLUME_OPTIONS
from ..module_utils.volumes.run import Run

ARGUMENTS = {
    "endpoint": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "key": {"type": "str", "no_log": True},
    "key_file": {"type": "path", "no_log": False},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "timeout": {"type": "float", "default": 10.0},
    "wait": {"type": "float", "default": 10.0},
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
    "host": {"type": "str"},
    "driver": {"type": "str", "default": "rgwkit"},
    "driver_to_be_made": {"type": "bool", "default": False},
    "cache": {"type": "path"},
    "restart_containers": {"type": "bool", "default": False},
    "purge": {"type": "bool", "default": False},
    "volumes": {"type": "list", "elements": "dict", "required": True, "options": VOLUME_OPTIONS},
}
SECRETS = [("key", "key_file")]


def reach(module: CensoredModule) -> dict:
    """Make the volumes what they are declared to be; the module's result."""
    params = {**module.params, "host": module.params["host"] or os.uname().nodename}
    found = Run(params, module.check_mode)
    result = found.result()
    for warning in found.warnings:
        module.warn(warning)
    return {**result, "summary": found.summary(without_login(params["endpoint"]))}


def main() -> None:
    module = CensoredModule(ARGUMENTS, mutually_exclusive=SECRETS, required_one_of=SECRETS, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
