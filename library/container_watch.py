#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: container_watch
short_description: Wait until a container reports that it is ready, or explain why it is not
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Waits for a line in a container's log. If the container ends, restarts or never logs the line, the task fails with
    the last lines of the log and the output of diagnostic commands, so that nobody has to collect them.
  - Without O(ready_log), the module only reports the state, and warns if docker restarts the container repeatedly.
requirements: [the Python package docker]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  name: {description: Name of the container., type: str, required: true}
  ready_log:
    description: Regular expression for the log line that means ready. Lines before the last start do not count.
    type: str
  timeout: {description: Seconds to wait., type: int, default: 60}
  commands:
    description: Shell commands to run inside a container that runs but is not ready, for the report.
    type: list
    elements: str
    default: []
  tail: {description: Number of log lines to report., type: int, default: 20}
"""

EXAMPLES = r"""
- name: Wait for the demo's gateway
  rgwkit.ceph.container_watch:
    name: rgwkit-demo
    ready_log: '^\[[0-9.]+ s\] ready: '
    commands: [ceph -s, ss -lnt]

- name: Read the state of a registry's container
  rgwkit.ceph.container_watch:
    name: registry
  register: registry_seen

- name: Wait up to ten seconds for a registry
  rgwkit.ceph.container_watch:
    name: registry
    ready_log: listening on
    timeout: 10
"""

RETURN = r"""
ready:
  description: Whether the log has the line of O(ready_log).
  returned: success
  type: bool
  sample: true
state:
  description: State of the container as docker reports it, or V(missing) if there is no such container.
  returned: success, and when the container did not become ready
  type: str
  sample: running
exit_code:
  description: Exit code of the last run, V(0) for a running container; V(null) if there is no such container.
  returned: success
  type: int
  sample: 0
restarts: {description: Number of restarts by docker., returned: success, type: int, sample: 0}
looping:
  description:
    - Whether docker restarts the container again and again. Its pauses between restarts grow to a minute; recreating
      the container ends them.
  returned: success
  type: bool
  sample: false
seconds: {description: Seconds that the module waited., returned: success, type: float, sample: 3.4}
log_tail:
  description: Last lines of the log.
  returned: success
  type: list
  elements: str
  sample: ["[3.4 s] ready: http://127.0.0.1:8080"]
commands:
  description: Last output lines of each of the O(commands), if they were run.
  returned: success
  type: dict
  sample: {}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "connect to"
    target: "the docker daemon"
    status: null
    code: "[Errno 2] No such file or directory"
    hint: "Start the daemon, or point DOCKER_HOST at it."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "connect to"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the docker daemon"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "[Errno 2] No such file or directory"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Start the daemon, or point DOCKER_HOST at it."
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.container_watch import watch
from ..module_utils.host.docker.client import connect

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
            f"docker has restarted container {name} {seen.restarts} times; its last log line: {seen.log_tail[-1:]}"
        )
    return seen._asdict()


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
