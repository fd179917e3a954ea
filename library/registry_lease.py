#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_lease
short_description: Make a read-only registry writable again by itself when a play stops renewing its lease
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - A dead man's switch for work that sets a registry to read-only for a while. Take the lease before that work. A guard
    on the host then waits for renewals. If none comes for O(seconds), the guard replaces O(config) with the writable
    configuration, restarts the registry, and removes the lease and itself, whatever has become of Ansible.
  - V(renewed) renews the lease, and so do M(rgwkit.ceph.registry_gc), M(rgwkit.ceph.registry_migrate) and
    M(rgwkit.ceph.registry_blobs) with their option C(lease) while they run.
  - An expired lease is never renewed. So whoever still has the lease knows that the registry has accepted no push since
    the lease was taken.
  - On a host with systemd, the guard is a unit, which survives a reboot. On other hosts, the guard is a process, which
    ends with a reboot.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.lock
options:
  path:
    description: Folder of the lease, mode 0700. For V(held), the file C(writable.yml) must be in the folder already.
    type: path
    required: true
  state:
    description:
      - V(held) takes the lease, or takes over the lease of an interrupted run.
      - V(renewed) renews the lease, and fails if the lease has expired.
      - V(released) ends the lease and its guard, and removes the files of both.
    type: str
    choices: [held, renewed, released]
    default: held
  seconds:
    description: Seconds until a lease that is not renewed expires. Required for V(held); V(renewed) can change it.
    type: float
  config: {description: "The registry's configuration, which C(writable.yml) replaces.", type: path}
  container: {description: Name of the registry's container. V(held) needs this or O(unit)., type: str}
  unit: {description: "Name of the registry's systemd unit.", type: str}
  collector:
    description: Systemd unit of a garbage collector that must end before the registry becomes writable.
    type: str
    default: ""
  guard_unit: {description: "Name of the guard's unit, on a host with systemd.", type: str, required: true}
  record:
    description:
      - Record of what the registry has loaded, written by M(rgwkit.ceph.service_record). After a restart, the guard
        enters O(config) there, so that the next play does not restart the registry again.
    type: path
    version_added: "0.3.0"
  home: {description: "Owner of the guard's unit: the identity of the inventory.", type: str, default: ""}
  required: {description: Whether V(released) fails if the lease has expired., type: bool, default: false}
requirements: ["for O(container): docker's command line"]
notes:
  - This module never reports a change.
"""

EXAMPLES = r"""
- name: Take a lease that expires after ten minutes without a renewal
  rgwkit.ceph.registry_lease:
    path: /etc/rgwkit/registry/lease
    seconds: 600
    config: /etc/rgwkit/registry/config.yml
    container: registry
    guard_unit: registry-lease.service

- name: Renew the lease
  rgwkit.ceph.registry_lease:
    path: /etc/rgwkit/registry/lease
    guard_unit: registry-lease.service
    state: renewed

- name: Release the lease
  rgwkit.ceph.registry_lease:
    path: /etc/rgwkit/registry/lease
    guard_unit: registry-lease.service
    state: released
"""

RETURN = r"""
found:
  description: Whether a lease, or the remains of one, existed before the run.
  returned: success
  type: bool
  sample: true
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "start"
    target: "the guard of /etc/docker/registry/lease"
    status: null
    code: "it did not start within 15 s, and the registry was left writable"
    hint: "See what `/usr/bin/python3 -I /etc/docker/registry/lease/guard.py /etc/docker/registry/lease` says."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "start"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the guard of /etc/docker/registry/lease"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "it did not start within 15 s, and the registry was left writable"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "See what `/usr/bin/python3 -I /etc/docker/registry/lease/guard.py /etc/docker/registry/lease` says."
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.errors import InputError
from ..module_utils.base.module_run import run
from ..module_utils.registry.storage.guard import Terms
from ..module_utils.registry.storage.lease import SYSTEMD, hold, left_behind, release, renew

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "state": {"type": "str", "choices": ["held", "renewed", "released"], "default": "held"},
    "seconds": {"type": "float"},
    "config": {"type": "path"},
    "container": {"type": "str"},
    "unit": {"type": "str"},
    "collector": {"type": "str", "default": ""},
    "guard_unit": {"type": "str", "required": True},
    "record": {"type": "path"},
    "home": {"type": "str", "default": ""},
    "required": {"type": "bool", "default": False},
}


def reach(given: dict, check_mode: bool) -> bool:
    """Reach the state; whether there was a lease, or what is left of one. Raises InputError, ToolError, OSError."""
    path = given["path"]
    if given["seconds"] is not None and not 0 < given["seconds"] < float("inf"):
        raise InputError("seconds has to be a number above 0. Next: give one")
    if check_mode:
        return left_behind(path, given["guard_unit"])
    guard_unit = given["guard_unit"] if os.path.isdir(SYSTEMD) else ""
    if given["state"] == "renewed":
        renew(path, given["seconds"])
        return True
    if given["state"] == "released":
        return release(path, guard_unit, given["required"])
    found = left_behind(path, guard_unit)
    terms = Terms(
        seconds=given["seconds"],
        config=given["config"],
        container=given["container"] or "",
        unit=given["unit"] or "",
        collector=given["collector"],
        guard_unit=guard_unit,
        docker_host=os.environ.get("DOCKER_HOST", ""),
        record=given["record"] or "",
    )
    what = given["container"] or given["unit"]
    hold(path, terms, f"Makes {what} writable again (rgwkit: {given['home']})")
    return found


def main() -> None:
    module = AnsibleModule(
        ARGUMENTS,
        supports_check_mode=True,
        required_if=[("state", "held", ["seconds", "config"]), ("state", "held", ["container", "unit"], True)],
        mutually_exclusive=[("container", "unit")],
    )
    given = module.params
    run(module, lambda: {"found": reach(given, module.check_mode)}, f"The lease in {given['path']}")


if __name__ == "__main__":
    main()
