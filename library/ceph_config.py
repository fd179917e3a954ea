#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_config
short_description: Manage the options of one daemon in the monitors' configuration database
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Sets the listed options of one section with C(ceph config), and removes all other options of the section. Options of
    the section with a mask (a host, a device class) are left alone.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.ceph_tool
options:
  section: {description: "One daemon, for example V(client.rgw.gateway1).", type: str, required: true}
  options:
    description:
      - The options by name, written with underscores. Options that hold secrets are refused, because every
        administrator can read the database and the value would appear in a command's arguments. For some of them Ceph
        has another option that takes the name of a file.
    type: dict
    required: true
  if_known:
    description:
      - Names among O(options) that are left out where the cluster's release has no such option.
    type: list
    elements: str
    default: []
  secrets:
    description:
      - Options that hold secrets and that Ceph reads from no file where the daemon runs, by name. The values go to
        C(ceph) on standard input.
      - The module warns of what everybody may read who may read the monitors' database (C(ceph config dump)).
    type: dict
    default: {}
seealso:
  - module: rgwkit.ceph.ceph_key
"""

EXAMPLES = r"""
- name: Set the port of a gateway
  rgwkit.ceph.ceph_config:
    section: client.rgw.gateway1
    options: {rgw_frontends: beast port=8080 tcp_nodelay=1}

- name: Set the options of a gateway on a cluster that cephadm manages
  rgwkit.ceph.ceph_config:
    via: cephadm
    section: client.rgw.gateway1
    options: {rgw_frontends: beast port=8080 tcp_nodelay=1, debug_rgw: 1/5}

- name: Give a gateway of cephadm the password of its account at Keystone
  rgwkit.ceph.ceph_config:
    via: cephadm
    section: client.rgw.gateway1
    options: {rgw_keystone_url: "https://keystone.example.com:5000", rgw_keystone_api_version: 3}
    if_known: [rgw_keystone_api_version]
    secrets: {rgw_keystone_admin_password: "{{ keystone_password }}"}

- name: Remove all options of a gateway
  rgwkit.ceph.ceph_config:
    section: client.rgw.gateway1
    options: {}
"""

RETURN = r"""
options:
  description:
    - The options of the section after the run, or in check mode as they would be. Values of secrets that somebody else
      has stored there are masked.
  returned: success
  type: dict
  sample: {rgw_frontends: beast port=8080 tcp_nodelay=1, debug_rgw: 1/5}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: change
    target: "option 'rgw_frontend' of 'client.rgw.gateway1' by ceph"
    status: null
    code: "exit code 22, Error EINVAL: unrecognized config option 'rgw_frontend'"
    hint: "The cluster's release has no option of that name."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: change}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "option 'rgw_frontend' of 'client.rgw.gateway1' by ceph"
    status:
      description: "V(null), because a command-line tool has no HTTP status."
      returned: always
      type: int
      sample: null
    code:
      description: "What came back, for example the exit code and error message of the tool."
      returned: always
      type: str
      sample: "exit code 22, Error EINVAL: unrecognized config option 'rgw_frontend'"
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "The cluster's release has no option of that name."
"""

import json

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.module_run import run
from ..module_utils.ceph.config_options import (
    check_secrets,
    differences,
    is_known,
    read_options,
    write_options,
    write_secrets,
)
from ..module_utils.ceph.secret_options import INSTEAD, secret_options, secret_paths, without_secrets
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "section": {"type": "str", "required": True},
    "options": {"type": "dict", "required": True},
    "if_known": {"type": "list", "elements": "str", "default": []},
    "secrets": {"type": "dict", "default": {}, "no_log": True},
}


def text(value: object) -> str:
    """A value as the monitors store it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def warn_of_readers(module: CensoredModule) -> None:
    """Say who may read the secrets that the monitors hold."""
    names, section = sorted(module.params["secrets"]), module.params["section"]
    if names:
        module.warn(
            f"the monitors' database has {', '.join(names)} of {section} in clear text. Everybody may read it "
            "whose key has the cap `mon allow r` or more (`ceph config dump`). Next: give the account of Keystone no "
            "rights that the gateways do not need, and change its password when a key of the cluster is lost."
        )


def refuse_secrets(options: dict) -> None:
    """Raise InputError for secrets, which command arguments and every administrator's dump would show."""
    found = secret_options(options)
    if found:
        raise InputError(f"command arguments and dumps would show {', '.join(found)}. Next: {INSTEAD}.")


def reach(params: dict, check_mode: bool) -> dict:
    """Give the section its options; the module's result."""
    section, wanted = params["section"], {name: text(value) for name, value in params["options"].items()}
    refuse_secrets(wanted)
    secrets = {name: str(value) for name, value in params["secrets"].items()}
    check_secrets(secrets)
    ceph = tool_of(params, "ceph")
    before = read_options(ceph, section)
    for name in sorted({*params["if_known"]} & {*wanted} - {*before}):
        if not is_known(ceph, name):
            del wanted[name]
    wanted.update(secrets)
    names = differences(before, wanted)
    if names and not check_mode:
        write_options(ceph, section, wanted, [name for name in names if name not in secrets])
        changed = {name: value for name, value in secrets.items() if name in names}
        if changed:
            write_secrets(ceph, section, changed)
        wanted = read_options(ceph, section)
    shown = [without_secrets(side) for side in (before, wanted)]
    sides = (json.dumps({section: side}, indent=2, sort_keys=True) + "\n" for side in shown)
    return {"changed": bool(names), "options": shown[1], "diff": dict(zip(("before", "after"), sides))}


def main() -> None:
    module = CensoredModule(
        ARGUMENTS, {"options": secret_paths}, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True
    )
    warn_of_readers(module)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
