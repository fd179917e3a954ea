#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_htpasswd
short_description: Write a Docker registry's htpasswd file
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Writes a file with exactly the given users and mode 0600. Entries are bcrypt hashes, the only kind that a registry
    accepts.
  - The module reads passwords from files. They appear in no other place. An entry that matches its password and O(cost)
    is kept.
requirements: ["a libcrypt with bcrypt: libxcrypt, which Debian 11, Ubuntu 20.04, Red Hat 8 and SUSE 15 have"]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.file_access
attributes:
  diff_mode: {details: "The diff names the users that are added, changed or removed."}
options:
  path: {description: The file to write. Its folder must exist., type: path, required: true}
  cost:
    description:
      - bcrypt's cost of each entry, 4 to 17. Each step doubles the time that a guess at a password takes, and the
        processor time that the registry needs for each request. C(docs/performance.md) has the figures.
      - Passwords that the module created cannot be guessed at any cost.
    type: int
    default: 10
    version_added: "0.3.0"
  users:
    description: The users.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: "The user's name.", type: str, required: true}
      password_file:
        description:
          - File on this host with the user's password. Each user has a file of their own. A missing file is created
            with 64 random hexadecimal digits.
          - An existing file must belong to root or to the user who runs the module, may be readable by its owner and a
            group only, and must hold one line of UTF-8 text, which is used byte by byte. An empty file, a file with a
            Windows line ending and a link are refused.
        type: path
        required: true
"""

EXAMPLES = r"""
- name: Write one user, whose password is generated on the first run
  rgwkit.ceph.registry_htpasswd:
    path: /etc/docker/registry/htpasswd
    users:
      - {name: ci, password_file: /etc/rgwkit/ci.password}

- name: Write the users of a registry that runs as user 65532
  rgwkit.ceph.registry_htpasswd:
    path: /srv/registry/htpasswd
    owner: 65532
    # All passwords are random, so that a cheap check is as safe.
    cost: 5
    users: "{{ my_registry_users }}"

- name: Remove all users
  rgwkit.ceph.registry_htpasswd:
    path: /etc/docker/registry/htpasswd
    users: []
"""

RETURN = r"""
changes:
  description: What the run changed, or in check mode would change, a line for each change.
  returned: success
  type: list
  elements: str
  sample: [user dev removed, user ci added, mode 0644 -> 0600]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "user ci: the password is empty"
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
      sample: "user ci: the password is empty"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.file_access import FILE_ACCESS_OPTIONS, file_access
from ..module_utils.base.managed_file import access_differences, read_text, write_text
from ..module_utils.base.module_run import run
from ..module_utils.registry.config.secrets import look, make_missing
from ..module_utils.registry.htpasswd import DEFAULT_COST, plan

USER = {"name": {"type": "str", "required": True}, "password_file": {"type": "path", "required": True, "no_log": False}}
ARGUMENTS = {
    "path": {"type": "path", "required": True},
    **FILE_ACCESS_OPTIONS,
    "cost": {"type": "int", "default": DEFAULT_COST},
    "users": {"type": "list", "elements": "dict", "required": True, "options": USER},
}


def password_files(users: list) -> dict:
    """The users' files by their names. Raises InputError for a user who is named twice."""
    names = [user["name"] for user in users]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"users that are named twice: {', '.join(twice)}. Next: keep one entry of each")
    return {user["name"]: user["password_file"] for user in users}


def reach(params: dict, check_mode: bool) -> dict:
    """Write the file if it differs; returns the module's result."""
    path, (owner, group, mode) = params["path"], file_access(params)
    kept = look({f"user {name}": file for name, file in password_files(params["users"]).items()})
    current = read_text(path)
    passwords = {user["name"]: kept[f"user {user['name']}"].secret.value for user in params["users"]}
    text, changes = plan(current, passwords, params["cost"])
    changes += access_differences(path, owner, mode, group) if current is not None else []
    if not check_mode:
        make_missing(kept)
        if changes or current is None:
            write_text(path, text, owner, mode, group)
    shown = "".join(f"{change}\n" for change in changes)
    return {"changed": bool(changes) or current is None, "changes": changes, "diff": {"prepared": shown}}


def main() -> None:
    module = CensoredModule(ARGUMENTS, numbers=(), supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
