#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: play_lock
short_description: Take or release a lock on a host while a play works there
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Takes a lock that names the play that holds it, or fails if another play holds the lock.
  - A play may take its lock several times; the last release frees the lock.
  - The next play from the same controller takes over the lock of a play that was killed. Whether a play on another
    controller, or in another pid namespace, still runs cannot be seen; see O(take_over).
  - The lock is a file below C(/run/rgwkit) for root, and below C(/run/user) for another user, so that plays of
    different users on one host do not exclude each other.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.lock
attributes:
  check_mode:
    details: In check mode the module takes nothing, and warns if another play holds the lock.
  action:
    description: Has a corresponding action plugin, so that parts of the options can be run on the controller.
    support: full
    details: The controller part identifies the play and its fellow plays; the other part runs on the host.
options:
  name:
    description: Name of the lock. Plays with locks of different names do not exclude each other.
    type: str
    required: true
  state: {description: Whether to take the lock or to release it., type: str, choices: [held, released], default: held}
  whole:
    description: Whether V(released) undoes every take of this play instead of only the last one.
    type: bool
    default: false
  take_over:
    description: Whether to take the lock from a play that may still run, as this controller cannot see that play.
    type: bool
    default: false
  about: {description: Description of this play for the messages of other plays., type: str, default: ""}
  play: {description: "Process that runs the play. Set by the action plugin.", type: str}
  instead_of: {description: "Play whose lock is taken over. Set by the action plugin.", type: str, default: ""}
notes:
  - This module never reports a change.
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
  description: The play that holds the lock after the run; V(null) if no play does.
  returned: when the lock could be read
  type: dict
  sample:
    play: controller/0d5c6f3e-5f4b-4c55-9a43-9d3b1f0a7c21/4026531836/1234/982731
    about: /srv/inventory
    since: 1764300000.25
    depth: 1
  contains:
    play:
      description: "Process of the play: host, boot, pid namespace, pid and start time of the process."
      returned: always
      type: str
      sample: controller/0d5c6f3e-5f4b-4c55-9a43-9d3b1f0a7c21/4026531836/1234/982731
    about: {description: The play's O(about)., returned: always, type: str, sample: /srv/inventory}
    since:
      description: Time at which the play last took the lock, in seconds since 1970.
      returned: always
      type: float
      sample: 1764300000.25
    depth: {description: Number of times that the play holds the lock., returned: always, type: int, sample: 1}
held:
  description: Whether this play holds the lock.
  returned: when the lock could be read
  type: bool
  sample: true
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "open"
    target: "/run/rgwkit/2c26b46b.lock.guard"
    status: null
    code: "Permission denied"
    hint: "Check the file's permissions."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "open"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "/run/rgwkit/2c26b46b.lock.guard"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "Permission denied"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check the file's permissions."
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
    # No key `path`: AnsibleModule would read the status of that file, which another host of the inventory on the same
    # machine may remove at that moment.
    return {"held": held, "holder": asdict(holder) if holder else None}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    if module.params["play"] is None:
        module.fail_json(msg="The action plugin play_lock did not set the option play. Next: run play_lock as a task")
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
