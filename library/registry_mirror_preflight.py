#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: check of the registry that a mirror mirrors."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_mirror_preflight
short_description: Check the registry that a pull-through cache mirrors
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - A registry with the section C(proxy) is a mirror (pull-through cache) of another registry. Such a mirror panics at
    its start unless the other registry answers.
  - The module logs in to the other registry from the host on which the mirror runs, and fails if the mirror could not
    log in. A mirror of version 2 sends user and password to a token server only, and answers 404 for every image if the
    other registry asks for them itself (htpasswd).
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  remoteurl: {description: URL of the registry that is to be mirrored., type: str, required: true}
  username: {description: User at that registry., type: str}
  password_file: {description: File on the host with the password of O(username)., type: path}
  ca_file:
    description: File with certificate authorities that the mirror trusts besides those of the system.
    type: path
  tokens_only:
    description: Whether the mirror sends user and password to a token server only, as a mirror of version 2 does.
    type: bool
    default: true
seealso:
  - module: rgwkit.ceph.registry_probe
"""

EXAMPLES = r"""
- name: Check that Docker Hub can be mirrored
  rgwkit.ceph.registry_mirror_preflight:
    remoteurl: https://registry-1.docker.io
"""

RETURN = r"""
remoteurl:
  description: URL of the registry that can be mirrored.
  returned: success
  type: str
  sample: "https://registry-1.docker.io"
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the registry cannot be mirrored
  type: dict
  sample:
    operation: log in to
    target: the registry http://hub.example:5000 that is to be mirrored
    status: null
    code: "expected an answer to GET /v2/, got hub.example port 5000: Connection refused"
    hint: Check registry_proxy.remoteurl; a mirror starts only while the other registry answers.
  contains:
    operation: {description: What the module attempted., type: str, returned: always, sample: log in to}
    target:
      description: Object of the operation.
      type: str
      returned: always
      sample: the registry http://hub.example:5000 that is to be mirrored
    status: {description: Always V(null)., type: int, returned: always, sample: null}
    code:
      description: What came back.
      type: str
      returned: always
      sample: "expected an answer to GET /v2/, got hub.example port 5000: Connection refused"
    hint:
      description: What to do next.
      type: str
      returned: always
      sample: Check registry_proxy.remoteurl; a mirror starts only while the other registry answers.
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.http.evidence import without_login
from ..module_utils.registry.upstream import check_upstream

ARGUMENTS = {
    "remoteurl": {"type": "str", "required": True},
    "username": {"type": "str"},
    "password_file": {"type": "path", "no_log": False},
    "ca_file": {"type": "path"},
    "tokens_only": {"type": "bool", "default": True},
}


def login_of(module: CensoredModule) -> Login | None:
    """The login, with its password masked in results; None without a user. Raises InputError."""
    given = module.params
    if given["username"] is None:
        return None
    password = given_secret("the password at the other registry", None, given["password_file"]).value
    module.strike([password])
    return Login(given["username"], password)


def check(module: CensoredModule) -> dict:
    """Check the registry; the module's result."""
    given = module.params
    authorities = [given["ca_file"], None] if given["ca_file"] else [None]
    check_upstream(given["remoteurl"], login_of(module), authorities, given["tokens_only"])
    return {"remoteurl": without_login(given["remoteurl"])}


def main() -> None:
    module = CensoredModule(
        ARGUMENTS, supports_check_mode=True, required_together=[("username", "password_file")], numbers=()
    )
    url = module.params["remoteurl"]
    module.strike({url} - {without_login(url)})
    run(module, lambda: check(module), "The check of the registry that is to be mirrored")


if __name__ == "__main__":
    main()
