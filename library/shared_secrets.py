#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: shared_secrets
short_description: Read, create or write secret files that several hosts share
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Reads secret files on one host, and writes the same files on other hosts, with mode 0600, for
    P(rgwkit.ceph.shared_secrets#role).
  - The folders are created with mode 0700, and marked as those of the inventory. A folder of another inventory is
    refused.
  - Files and folders that are as they should be are left alone.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  check_mode:
    details: In check mode, a file that does not exist yet is left out of RV(contents).
  diff_mode: {details: "The diff names what is created or changed, and shows no content."}
options:
  files:
    description: The files.
    type: list
    elements: dict
    required: true
    suboptions:
      path: {description: Path of the file., type: path, required: true}
      content:
        description: The content that the file is to have. Without a content, the file is read.
        type: str
      generate:
        description: Whether a missing file without O(files[].content) is created with 40 random letters and digits.
        type: bool
        default: false
  home: {description: "Owner of the folders: the identity of the inventory.", type: str, required: true}
  takeover: {description: Whether to take over a folder that another home has marked., type: bool, default: false}
"""

EXAMPLES = r"""
- name: Read a secret, or create the secret if it is missing
  rgwkit.ceph.shared_secrets:
    files:
      - {path: /etc/rgwkit/secrets/http.secret, generate: true}
    home: production
  delegate_to: registry1
  run_once: true
  register: shared
  no_log: true

- name: Write the same secret
  rgwkit.ceph.shared_secrets:
    files: "{{ shared.contents }}"
    home: production
  no_log: true
"""

RETURN = r"""
changes:
  description: What the run created or changed, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: ["/etc/rgwkit/secrets/http.secret: create"]
contents:
  description:
    - The files that were read or created, in the form of O(files). Register the result with C(no_log=true).
    - Files with a given O(files[].content) are left out.
  returned: success
  type: list
  elements: dict
  sample:
    - path: /etc/rgwkit/secrets/http.secret
      content: "..."
  contains:
    path: {description: Path of the file., returned: success, type: str, sample: /etc/rgwkit/secrets/http.secret}
    content: {description: The secret., returned: success, type: str, sample: "..."}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "read"
    target: "secret file '/etc/rgwkit/secrets/swift.secret'"
    status: null
    code: "there is no such file"
    hint: "Create the file, or name the host that has it in shared_secrets_source."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "read"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "secret file '/etc/rgwkit/secrets/swift.secret'"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "there is no such file"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Create the file, or name the host that has it in shared_secrets_source."
"""

from typing import Any, Dict

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.host.shared_secrets import bring, files_of

FILE = {
    "path": {"type": "path", "required": True},
    "content": {"type": "str", "no_log": True},
    "generate": {"type": "bool", "default": False},
}
ARGUMENTS = {
    "files": {"type": "list", "elements": "dict", "required": True, "options": FILE},
    "home": {"type": "str", "required": True},
    "takeover": {"type": "bool", "default": False},
}


def reach(params: Dict[str, Any], check_mode: bool) -> Dict[str, Any]:
    """Read, create or write the files; the module's result."""
    done = bring(files_of(params["files"]), params["home"], params["takeover"], check_mode)
    return {
        "changed": bool(done.changes),
        "changes": done.changes,
        "contents": [{"path": path, "content": content} for path, content in done.contents.items()],
        "diff": {"prepared": "".join(f"{change}\n" for change in done.changes)},
    }


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
