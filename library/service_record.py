#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: service_record
short_description: Record what a service has loaded, or find out what it has not loaded yet
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - The record is a file with the runtime of a service and with digests of all that the service reads at its start. A
    role compares the record in check mode before it starts, reloads or restarts the service, and writes the record
    afterwards. After a run that was killed in between, the record still differs, so the next run restarts the service.
  - The record is written with mode 0600. It holds no content, only names and digests.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff has the names of what differs, and no content."}
options:
  path: {description: The record., type: path, required: true}
  runtime: {description: "What runs the service, such as V(docker).", type: str, default: ""}
  definition:
    description:
      - What the service has loaded besides files, by names for people, such as C(image) or C(options). The values can
        be of any type.
    type: dict
    default: {}
  files:
    description: Files on the host that the service has loaded. Their content counts.
    type: list
    elements: path
    default: []
"""

EXAMPLES = r"""
- name: Check whether HAProxy has loaded the current configuration
  rgwkit.ceph.service_record:
    path: /etc/rgwkit/ingress/loaded
    runtime: docker
    files: [/etc/rgwkit/ingress/haproxy.cfg]
  check_mode: true
  register: loaded
"""

RETURN = r"""
differs:
  description: Names of what the service has not loaded yet. C(runtime) comes first, if the runtime changes.
  returned: success
  type: list
  elements: str
  sample: [image, /etc/rgwkit/ingress/haproxy.cfg]
previous_runtime:
  description: Runtime in the record as it was; empty without a record.
  returned: success
  type: str
  sample: docker
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

import os

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.managed_file import write_text
from ..module_utils.base.module_run import run
from ..module_utils.host.service_record import differences, read, wanted

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "runtime": {"type": "str", "default": ""},
    "definition": {"type": "dict", "default": {}},
    "files": {"type": "list", "elements": "path", "default": []},
}


def record(module: AnsibleModule) -> dict:
    """Compare the record, and write it outside of check mode; the module's result."""
    path, runtime = module.params["path"], module.params["runtime"]
    before, now = read(path), wanted(runtime, module.params["definition"], module.params["files"])
    differs = differences(before, now)
    changed = before is None or bool(differs)
    if changed and not module.check_mode:
        write_text(path, now.text(), os.geteuid())
    shown = "".join(f"{path}: {name}\n" for name in differs)
    return {
        "changed": changed,
        "differs": differs,
        "previous_runtime": before.runtime if before else "",
        "diff": {"prepared": shown},
    }


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: record(module))


if __name__ == "__main__":
    main()
