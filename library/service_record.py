#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: service_record
short_description: Record what services have loaded, or find out what has changed since
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - The record of a service is a file with the runtime of the service, and with digests of all that the service reads at
    its start and of all that a role manages for the service besides.
  - A role compares the records in check mode. A service that differs in nothing needs none of the role's other tasks.
    The role writes the record once the service runs as wanted. After a run that was killed in between, the record
    still differs, so the next run restarts the service.
  - A record is written with mode 0600. It holds no content, only names and digests, and the definition of the process
    in O(services[].kept), which has no secrets.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff has the names of what differs, and no content."}
options:
  services:
    description: The services, each with its record.
    type: list
    elements: dict
    required: true
    suboptions:
      path: {description: The record., type: path, required: true}
      runtime:
        description: What runs the service, such as V(docker), or V(none) for files that no process loads.
        type: str
        default: ""
      definition:
        description:
          - What the service has loaded besides files, by names for people, such as C(options). The values can be of any
            type. A difference needs a restart or reload.
        type: dict
        default: {}
      files:
        description: Files on the host that the service has loaded. Their content counts.
        type: list
        elements: path
        default: []
      programs:
        description: Programs on the host that the service runs. Their size and modification time count.
        type: list
        elements: path
        default: []
      image:
        description: Image of the service's container. Its name and ID count among what the service has loaded.
        type: str
      managed:
        description: What the role manages for the service, and the service does not load at its start.
        type: dict
        default: {}
      managed_files:
        description: >-
          Files on the host that the role manages, and the service does not load at its start. Their content, owner and
          mode count.
        type: list
        elements: path
        default: []
      block:
        description:
          - >-
            Name of the service's block in managed files that several services share, as in the line
            C(# BEGIN rgwkit: NAME). Blocks with other names do not count.
        type: str
        default: ""
      kept:
        description:
          - Definition of the process as text in JSON, without secrets. The record keeps it, so that the process can be
            run again as it ran before a change.
        type: str
        default: ""
      container:
        description:
          - Docker container of the service. If the container does not run, restarts again and again, or was created or
            updated by somebody else, the process differs.
        type: str
      unit:
        description:
          - Systemd unit of the service. If the unit does not run, is not enabled, or its files have changed, the
            process differs.
        type: str
      scope:
        description: Whether the unit is one of the system's, or of the user who runs the module.
        type: str
        choices: [system, user]
        default: system
"""

EXAMPLES = r"""
- name: Check whether HAProxy runs with the current configuration
  rgwkit.ceph.service_record:
    services:
      - path: /etc/rgwkit/ingress/loaded
        runtime: docker
        files: [/etc/rgwkit/ingress/haproxy.cfg]
        container: rgwkit-ingress
  check_mode: true
  register: loaded
"""

RETURN = r"""
services:
  description: What differs, for each of the O(services) in the same order.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /etc/rgwkit/ingress/loaded
      differs: [image, /etc/rgwkit/ingress/haproxy.cfg]
      drift: ["process: missing"]
      previous_runtime: docker
      previous: {name: rgwkit-ingress, runtime: docker, image: "rgwkit/haproxy:2.6"}
  contains:
    path: {description: The record., returned: success, type: str, sample: /etc/rgwkit/ingress/loaded}
    differs:
      description: Names of what the service has not loaded yet. C(runtime) comes first, if the runtime changes.
      returned: success
      type: list
      elements: str
      sample: [image, /etc/rgwkit/ingress/haproxy.cfg]
    drift:
      description: Names of what else is not as the role left it, with the reason for a process that does not run.
      returned: success
      type: list
      elements: str
      sample: ["process: missing"]
    previous_runtime:
      description: Runtime in the record as it was; empty without a record.
      returned: success
      type: str
      sample: docker
    previous:
      description: >-
        The definition in the record as it was; empty without one. If the name of its image means another image by
        now, it has the ID of the image instead.
      returned: success
      type: dict
      sample: {name: rgwkit-ingress, runtime: docker, image: "rgwkit/haproxy:2.6"}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "read or write"
    target: "/etc/rgwkit/ingress/loaded"
    status: null
    code: "Permission denied"
    hint: "Check the path, its permissions and the disk's free space."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "read or write"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "/etc/rgwkit/ingress/loaded"
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
      sample: "Check the path, its permissions and the disk's free space."
"""

from typing import Any, Dict, List

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.host.unit_scope import SCOPES, SYSTEM
from ..module_utils.services.check import check

ARGUMENTS = {
    "services": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "mutually_exclusive": [("container", "unit")],
        "options": {
            "path": {"type": "path", "required": True},
            "runtime": {"type": "str", "default": ""},
            "definition": {"type": "dict", "default": {}},
            "files": {"type": "list", "elements": "path", "default": []},
            "programs": {"type": "list", "elements": "path", "default": []},
            "image": {"type": "str"},
            "managed": {"type": "dict", "default": {}},
            "managed_files": {"type": "list", "elements": "path", "default": []},
            "block": {"type": "str", "default": ""},
            "kept": {"type": "str", "default": ""},
            "container": {"type": "str"},
            "unit": {"type": "str"},
            "scope": {"type": "str", "choices": list(SCOPES), "default": SYSTEM},
        },
    },
}


def record(module: CensoredModule) -> Dict[str, Any]:
    """Compare all services; the module's result."""
    results = [check(service, not module.check_mode) for service in module.params["services"]]
    lines: List[str] = [f"{one['path']}: {name}" for one in results for name in one["differs"] + one["drift"]]
    changed = [one.pop("changed") for one in results]
    return {"changed": any(changed), "services": results, "diff": {"prepared": "".join(f"{line}\n" for line in lines)}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: record(module))


if __name__ == "__main__":
    main()
