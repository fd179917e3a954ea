#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: play_lock
short_description: Take or release a lock on a host for as long as a play works there
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Takes a lock that says which play has it, or fails where another play has it.
  - A play may take its lock several times; the last release gives it back.
  - The lock of a play that was killed is taken over by the next one from the same controller. Whether a play on another
    controller, or in another pid namespace, still runs cannot be seen from here, see O(take_over).
  - The lock is a file below C(/run/rgwkit) for root, and below the temporary folder for another user, so that plays of
    different users on a host do not exclude each other.
attributes:
  check_mode: {description: "Takes nothing, and warns where another play has the lock.", support: full}
  diff_mode: {description: A lock is no part of what a play changes., support: none}
  idempotent: {description: A lock is no part of what a play changes., support: N/A}
  action: {description: "Runs on the controller, which knows its own plays, and on the host.", support: full}
options:
  name: {description: "Which lock: plays with other names do not meet.", type: str, required: true}
  state: {description: Whether to take the lock or to release it., type: str, choices: [held, released], default: held}
  whole: {description: "Whether V(released) undoes all takes of this play, not one.", type: bool, default: false}
  take_over: {description: Whether to take the lock from whoever has it., type: bool, default: false}
  about: {description: "What another play is told of this one.", type: str, default: ""}
  play: {description: "Set by the action: the process that runs the play.", type: str}
  instead_of: {description: "Set by the action: the play whose lock is taken over.", type: str, default: ""}
notes:
  - M(rgwkit.ceph.play_lock) is never a change.
"""

EXAMPLES = r"""
- name: Take the play lock
  rgwkit.ceph.play_lock:
    name: production

- name: Release the play lock
  rgwkit.ceph.play_lock:
    name: production
    state: released

- name: Take the play lock from a controller that is gone
  rgwkit.ceph.play_lock:
    name: production
    take_over: true
"""

RETURN = r"""
holder:
  description: Who has the lock now, or null.
  returned: always
  type: dict
  sample: {play: "controller/6f.../4026531836/1234/99", about: /srv/inventory, since: 1764300000.0, depth: 1}
held: {description: Whether this play has the lock., returned: always, type: bool, sample: true}
path: {description: The lock's file on the host., returned: always, type: str, sample: /run/rgwkit/2c26b46b.lock}
"""

from dataclasses import asdict

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.play_lock import PlayLock

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["held", "released"], "default": "held"},
    "whole": {"type": "bool", "default": False},
    "take_over": {"type": "bool", "default": False},
    "about": {"type": "str", "default": ""},
    "play": {"type": "str"},
    "instead_of": {"type": "str", "default": ""},
}


def reach(given: dict, check_mode: bool) -> dict:
    """Take or release the lock; who has the lock now."""
    lock = PlayLock(given["name"])
    if check_mode:
        holder = lock.holder()
    elif given["state"] == "held":
        holder = lock.take(given["play"], given["about"], given["instead_of"])
    else:
        holder = lock.release(given["play"], given["whole"])
    held = holder is not None and holder.play == given["play"]
    return {"held": held, "path": lock.path, "holder": asdict(holder) if holder else None}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    if module.params["play"] is None:
        module.fail_json(msg="the option play is set by the action play_lock. Next: run play_lock as a task of a play")
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
