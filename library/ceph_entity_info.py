#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_entity_info
short_description: Read caps and options of Ceph's daemons and clients, and whether their keys have changed
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Reads the caps, a digest of the key, and the options in the monitors' database of any number of cephx entities with
    two commands, on a host that has an administrator's keyring. No key is returned, and the values of options that hold
    secrets are masked.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.ceph_tool
options:
  prefix:
    description: Beginning of the names of the entities to read, such as V(client.rgw.). By default, all are read.
    type: str
    default: ""
seealso:
  - module: rgwkit.ceph.ceph_key
  - module: rgwkit.ceph.ceph_config
"""

EXAMPLES = r"""
- name: Read what the monitors hold of the gateways
  rgwkit.ceph.ceph_entity_info:
    prefix: client.rgw.
"""

RETURN = r"""
entities:
  description: The entities that have a key.
  returned: success
  type: list
  elements: dict
  sample:
    - name: client.rgw.gateway1
      caps: {mon: allow rw, osd: allow rwx}
      key_digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      options: {rgw_frontends: beast port=8080}
  contains:
    name: {description: Type and id., returned: always, type: str, sample: client.rgw.gateway1}
    caps:
      description: The caps of the key, by service.
      returned: always
      type: dict
      sample: {mon: allow rw, osd: allow rwx}
    key_digest:
      description: SHA-256 of the key, in hex digits.
      returned: always
      type: str
      sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    options:
      description:
        - The options under the entity's own section of the monitors' database, except those that are for some hosts or
          device classes only.
      returned: always
      type: dict
      sample: {rgw_frontends: beast port=8080}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: the health by ceph
    status: null
    code: no end within 15 s
    hint: "Most often no monitor answers: look at `ceph -s` there."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target: {description: Object of the operation., returned: always, type: str, sample: the health by ceph}
    status:
      description: "V(null), because a command-line tool has no HTTP status."
      returned: always
      type: int
      sample: null
    code:
      description: "What came back, for example the exit code and error message of the tool."
      returned: always
      type: str
      sample: no end within 15 s
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "Most often no monitor answers: look at `ceph -s` there."
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.module_run import run
from ..module_utils.ceph.entities import read_entities
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

ARGUMENTS = {**CEPH_TOOL_OPTIONS, "prefix": {"type": "str", "default": ""}}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True)
    params = module.params
    run(module, lambda: {"entities": read_entities(tool_of(params, "ceph"), params["prefix"])})


if __name__ == "__main__":
    main()
