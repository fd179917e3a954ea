#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the settings of rclone for swift on a Ceph Object Gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rclone_settings
short_description: Write the settings of rclone for swift on a Ceph Object Gateway
version_added: 0.3.0
description:
  - Writes a configuration file of rclone with one remote, C(rgw), for the account of a swift user. The whole file is
    the module's.
  - The file holds the swift key. It belongs to the user who runs the module, has the mode 0600 from the first byte on,
    and takes the place of the previous file in one step. A path that is a link is refused.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {support: none, details: "The file holds a secret; RV(differs) tells what differs."}
options:
  path: {description: The file. Its folder has to exist., type: path, required: true}
  endpoint:
    description: Address of the gateway, V(http[s]://host[:port]), for the host where rclone runs.
    type: str
    required: true
  user: {description: "The swift user, V(uid:subuser).", type: str, required: true}
  key: {description: The subuser's swift key., type: str}
  key_file:
    description:
      - File with the swift key, on the host where the module runs. A file that others may read or write is refused.
    type: path
author: rgwkit authors (@rgwkit)
"""

EXAMPLES = r"""
- name: Write the settings of rclone
  rgwkit.ceph.rclone_settings:
    path: /etc/rgwkit/docker-volumes/rclone.conf
    endpoint: http://rgw.example.org:8080
    user: volumes:swift
    key_file: /etc/rgwkit/volumes.swift
"""

RETURN = r"""
path: {description: The file., returned: success, type: str, sample: /etc/rgwkit/docker-volumes/rclone.conf}
differs:
  description: What the run changed, or in check mode would change, without the content.
  returned: success
  type: list
  elements: str
  sample: [content, "mode 0644 -> 0600"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: use
    target: the given parameters
    status: null
    code: "'/etc/rgwkit/rclone.conf' is a link, or no file. Next: remove it, or name another path."
    hint: ""
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: use}
    target: {description: Object of the operation., returned: always, type: str, sample: the given parameters}
    status: {description: Always V(null)., returned: always, type: int, sample: null}
    code:
      description: What came back.
      returned: always
      type: str
      sample: "'/etc/rgwkit/rclone.conf' is a link, or no file. Next: remove it, or name another path."
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.volumes.run import login_of
from ..module_utils.volumes.settings import write_settings

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "endpoint": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "key": {"type": "str", "no_log": True},
    "key_file": {"type": "path", "no_log": False},
}
SECRETS = [("key", "key_file")]


def main() -> None:
    module = CensoredModule(ARGUMENTS, mutually_exclusive=SECRETS, required_one_of=SECRETS, supports_check_mode=True)
    given = module.params
    run(
        module,
        lambda: write_settings(given["path"], given["endpoint"], login_of(given), module.check_mode),
    )


if __name__ == "__main__":
    main()
