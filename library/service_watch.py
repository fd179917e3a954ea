#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: service_watch
short_description: Wait until a service reports that it is ready, or explain why it is not
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Waits for a line in the log of a service, or for its port. If the service ends, restarts or never gets ready, the
    task fails with the last lines of the log and the output of diagnostic commands, so that nobody has to collect
    them.
  - Without O(ready_log) and O(ready_port), the module only reports the state, and warns if the process is restarted
    again and again.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  name:
    description: Name of the container. For O(runtime=systemd), the unit with its suffix.
    type: str
    required: true
  runtime:
    description:
      - What runs the service. With V(podman), a unit with the name of the container and the suffix C(.service) runs
        the container.
    type: str
    choices: [docker, podman, systemd]
    default: docker
  scope:
    description: Whether the unit is one of the system's, or of the user who runs the module.
    type: str
    choices: [system, user]
    default: system
  ready_log:
    description: Regular expression for the log line that means ready. Lines before the last start do not count.
    type: str
  ready_port:
    description: What accepts a connection once the service is ready.
    type: dict
    suboptions:
      address: {description: Address to connect to., type: str, required: true}
      port: {description: Port to connect to., type: int, required: true}
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
  rgwkit.ceph.service_watch:
    name: rgwkit-demo
    ready_log: '^\[[0-9.]+ s\] ready: '
    commands: [ceph -s, ss -lnt]

- name: Read the state of a registry that podman runs
  rgwkit.ceph.service_watch:
    name: registry
    runtime: podman
  register: registry_seen

- name: Wait up to ten seconds for a unit
  rgwkit.ceph.service_watch:
    name: registry.service
    runtime: systemd
    ready_log: listening on
    timeout: 10
"""

RETURN = r"""
ready:
  description: Whether the log has the line of O(ready_log), or O(ready_port) accepts a connection.
  returned: success
  type: bool
  sample: true
state:
  description: State as docker or systemd reports it, or V(missing) if there is no such container or unit.
  returned: success, and when the service did not become ready
  type: str
  sample: running
running:
  description: Whether the process runs.
  returned: success
  type: bool
  sample: true
exit_code:
  description: Exit code of the last run, V(0) for a running process; V(null) if there is no such container or unit.
  returned: success
  type: int
  sample: 0
restarts: {description: Number of restarts by docker or systemd., returned: success, type: int, sample: 0}
looping:
  description:
    - Whether the process is restarted again and again. The pauses of docker between restarts grow to a minute;
      recreating the container ends them. A unit that has failed counts, too.
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
labels:
  description: Labels of the container, or of a unit that the role P(rgwkit.ceph.service#role) wrote.
  returned: success
  type: dict
  sample: {io.rgwkit.home: /srv/inventories/production}
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

from typing import Any, Dict

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.host.unit_scope import SCOPES, SYSTEM
from ..module_utils.services.source import source_of
from ..module_utils.services.watch import Ready, watch

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "runtime": {"type": "str", "choices": ["docker", "podman", "systemd"], "default": "docker"},
    "scope": {"type": "str", "choices": list(SCOPES), "default": SYSTEM},
    "ready_log": {"type": "str"},
    "ready_port": {
        "type": "dict",
        "options": {"address": {"type": "str", "required": True}, "port": {"type": "int", "required": True}},
    },
    "timeout": {"type": "int", "default": 60},
    "commands": {"type": "list", "elements": "str", "default": []},
    "tail": {"type": "int", "default": 20},
}


def look(module: AnsibleModule) -> Dict[str, Any]:
    """Watch the service; fail where it does not get ready."""
    given = module.params
    source = source_of(given["runtime"], given["name"], given["scope"])
    ready = Ready(given["ready_log"], **(given["ready_port"] or {}))
    seen = watch(source, ready, given["timeout"], given["commands"], given["tail"])
    if ready.waits and not seen.ready:
        module.fail_json(msg=seen.failure(source, ready.words), state=seen.state)
    if seen.looping and not ready.waits:
        module.warn(seen.warning(source))
    return seen._asdict()


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True, mutually_exclusive=[("ready_log", "ready_port")])
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
