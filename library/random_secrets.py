#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: random_secrets
short_description: Create files with random secrets that are missing
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates files with a random secret each, on the host. Each file has mode 0600 from its first moment, and its folder
    mode 0700 if the folder is missing.
  - A file that exists is never changed. One that others may read is an error.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff names the files that are created, and shows no content."}
options:
  files: {description: Absolute paths of the files., type: list, elements: path, required: true}
"""

EXAMPLES = r"""
- name: Create the password of a person
  rgwkit.ceph.random_secrets:
    files: [/etc/rgwkit/secrets/ada.password]
"""

RETURN = r"""
created:
  description: Paths of the files that the run created, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: [/etc/rgwkit/secrets/ada.password]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "secret file '/etc/x.password' is a symbolic link. Next: name the file itself."
    hint: ""
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "use"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the given parameters"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "secret file '/etc/x.password' is a symbolic link. Next: name the file itself."
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import make_random_secrets

ARGUMENTS = {"files": {"type": "list", "elements": "path", "required": True}}


def reach(params: dict, check_mode: bool) -> dict:
    """Create what is missing; the module's result."""
    created = make_random_secrets(params["files"], check_mode)
    shown = "".join(f"{path}: create\n" for path in created)
    return {"changed": bool(created), "created": created, "diff": {"prepared": shown}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
