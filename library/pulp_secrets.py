#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: pulp_secrets
short_description: Create the secret files of Pulp that are missing
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates the files that Pulp needs and nobody chooses - the key of Django, the key by which Pulp encrypts fields of
    its database, the key pair by which Pulp signs the tokens of its container registry, and the password of the user
    admin. Each file has mode 0600 from its first moment.
  - A file that exists is never changed. A database can be read only with the key of its fields.
requirements: ["the command openssl, to create the key pair"]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff names the files that are created, and shows no content."}
options:
  folder:
    description: Folder for the files C(django.key), C(fields.key), C(token.key) and C(token.pub).
    type: path
    required: true
  admin_password_file: {description: File for the password of the user admin., type: path, required: true}
"""

EXAMPLES = r"""
- name: Create the secrets of Pulp
  rgwkit.ceph.pulp_secrets:
    folder: /etc/rgwkit/pulp/secrets
    admin_password_file: /etc/rgwkit/pulp/secrets/admin.password
"""

RETURN = r"""
created:
  description: Paths of the files that the run created, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: [/etc/rgwkit/pulp/secrets/django.key]
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
from ..module_utils.pulp.secrets import make_secrets

ARGUMENTS = {
    "folder": {"type": "path", "required": True},
    "admin_password_file": {"type": "path", "required": True, "no_log": False},
}


def reach(params: dict, check_mode: bool) -> dict:
    """Make what is missing; the module's result."""
    created = make_secrets(params["folder"], params["admin_password_file"], check_mode)
    shown = "".join(f"{path}: create\n" for path in created)
    return {"changed": bool(created), "created": created, "diff": {"prepared": shown}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
