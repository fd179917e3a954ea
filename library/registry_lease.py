#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_lease
short_description: Have a registry become writable again by itself when nobody sees to it any more
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - A dead man's switch for what makes a registry read-only for a while. Taken before that, the lease makes a guard
    on the host wait for signs of life; when none comes for O(seconds), it puts the writable configuration in place of
    O(config), restarts the registry, and removes lease and guard. It does so whatever has become of Ansible.
  - Signs of life are V(renewed), and what M(rgwkit.ceph.registry_gc), M(rgwkit.ceph.registry_migrate) and
    M(rgwkit.ceph.registry_blobs) do with their option C(lease) for as long as they run.
  - A lease that is over is never renewed, so that who still has it knows that the registry took no push since.
  - Where systemd runs, the guard is a unit, which a reboot does not end. Elsewhere it is a process of its own, which a
    reboot does end.
attributes:
  check_mode: {description: "Says what is there, and does nothing.", support: full}
  diff_mode: {description: A lease is no part of what a play changes., support: none}
  idempotent: {description: A lease is no part of what a play changes., support: N/A}
options:
  path:
    description: The lease's folder, of mode 0700. For V(held) it has the file C(writable.yml) already.
    type: path
    required: true
  state:
    description:
      - V(held) takes the lease, or goes on with what an interrupted run has left.
      - V(renewed) is a sign of life, and fails where the lease is over.
      - V(released) ends the lease and its guard, and removes what belongs to them.
    type: str
    choices: [held, renewed, released]
    default: held
  seconds:
    description: For how long a sign of life is enough. Needed for V(held); V(renewed) keeps it unless it is given.
    type: float
  config: {description: "The registry's configuration, which C(writable.yml) takes the place of.", type: path}
  container: {description: Name of the registry's container. V(held) needs this or O(unit)., type: str}
  unit: {description: "Name of the registry's systemd unit.", type: str}
  collector:
    description: Name of the systemd unit of a garbage collector that has to end before the registry becomes writable.
    type: str
    default: ""
  guard_unit: {description: "Name of the guard's unit, where systemd runs.", type: str, required: true}
  home: {description: "Whose the guard's unit is: the identity of the inventory.", type: str, default: ""}
  required: {description: Whether V(released) fails where the lease is over., type: bool, default: false}
requirements: ["for O(container): docker's command line"]
notes:
  - This module never reports a change.
"""

EXAMPLES = r"""
- name: Have the registry become writable when there is no sign of life for ten minutes
  rgwkit.ceph.registry_lease:
    path: /etc/rgwkit/registry/lease
    seconds: 600
    config: /etc/rgwkit/registry/config.yml
    container: registry
    guard_unit: registry-lease.service

- name: Give a sign of life
  rgwkit.ceph.registry_lease:
    path: /etc/rgwkit/registry/lease
    guard_unit: registry-lease.service
    state: renewed

- name: End the lease
  rgwkit.ceph.registry_lease:
    path: /etc/rgwkit/registry/lease
    guard_unit: registry-lease.service
    state: released
"""

RETURN = r"""
found:
  description: Whether there was a lease, or what is left of one.
  returned: always
  type: bool
  sample: true
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
