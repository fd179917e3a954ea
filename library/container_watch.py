#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: container_watch
short_description: Wait until a container says that it is ready, or say why it is not
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Waits for a line in a container's log. A container that ends, restarts or stays silent fails the task with the
    tail of its log and the output of diagnostic commands, so that nobody has to look for them.
  - Without O(ready_log) it only reports, and warns of a container that docker restarts again and again.
requirements: [the Python package docker]
attributes:
  check_mode: {description: Only reads., support: full}
  diff_mode: {description: Nothing is changed., support: none}
  idempotent: {description: Only reads., support: full}
options:
  name: {description: Name of the container., type: str, required: true}
  ready_log:
    description: Regular expression for the log line that means ready. Only lines since the last start count.
    type: str
  timeout: {description: Seconds to wait., type: int, default: 60}
  commands:
    description: Shell commands to run inside the container for the report when it runs but is not ready.
    type: list
    elements: str
    default: []
  tail: {description: Number of log lines to report., type: int, default: 20}
"""

EXAMPLES = r"""
- name: The demo gateway has started
  rgwkit.ceph.container_watch:
    name: rgwkit-demo
    ready_log: '^\[[0-9.]+ s\] ready: '
    commands: [ceph -s, ss -lnt]

- name: Look at a registry once
  rgwkit.ceph.container_watch:
    name: registry
  register: registry_seen

- name: A registry that must listen within ten seconds
  rgwkit.ceph.container_watch:
    name: registry
    ready_log: listening on
    timeout: 10
"""

RETURN = r"""
ready: {description: Whether the line was seen., returned: always, type: bool}
state: {description: "The container's state in docker's words, or V(missing).", returned: always, type: str}
exit_code: {description: Its exit code when it has ended., returned: always, type: int}
restarts: {description: How often docker restarted it., returned: always, type: int}
looping:
  description: Whether docker restarts it again and again, with pauses of up to a minute, which starting it anew ends.
  returned: always
  type: bool
seconds: {description: How long was waited., returned: always, type: float}
log_tail: {description: Its last log lines., returned: always, type: list, elements: str}
commands: {description: Output lines of each command., returned: always, type: dict}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.container_watch import watch
from ..module_utils.host.docker_client import connect

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "ready_log": {"type": "str"},
    "timeout": {"type": "int", "default": 60},
    "commands": {"type": "list", "elements": "str", "default": []},
    "tail": {"type": "int", "default": 20},
}


def look(module: AnsibleModule) -> dict:
    """Watch the container; fail where it does not come up."""
    name, ready_log = module.params["name"], module.params["ready_log"]
    seen = watch(connect(), name, ready_log, *(module.params[key] for key in ("timeout", "commands", "tail")))
    if ready_log is not None and not seen.ready:
        module.fail_json(msg=seen.failure(name, f"a log line like '{ready_log}'"), state=seen.state)
    if seen.looping:
        module.warn(
            f"docker has restarted container {name} {seen.restarts} times; its last words: {seen.log_tail[-1:]}"
        )
    return seen._asdict()


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
