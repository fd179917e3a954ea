#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_config
short_description: Options of one daemon in the monitors' configuration database
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Makes the options of one section exactly what is listed, by C(ceph config). Options of the same section with a mask
    (a host, a device class) are left alone.
extends_documentation_fragment:
  - rgwkit.ceph.ceph_tool
attributes:
  check_mode: {description: Says what would be changed., support: full}
  diff_mode: {description: Shows the options., support: full}
  idempotent: {description: A second run changes nothing., support: full}
options:
  section: {description: "One daemon, for example V(client.rgw.gateway1).", type: str, required: true}
  options:
    description:
      - Names, with underscores, and values. Options that hold secrets are refused, since every administrator may read
        them and they would stand in arguments; for some Ceph has another option that names a file.
    type: dict
    required: true
seealso:
  - module: rgwkit.ceph.ceph_key
"""

EXAMPLES = r"""
- name: Where a gateway listens
  rgwkit.ceph.ceph_config:
    section: client.rgw.gateway1
    options: {rgw_frontends: beast port=8080 tcp_nodelay=1}

- name: The same on a cluster that cephadm made
  rgwkit.ceph.ceph_config:
    via: cephadm
    section: client.rgw.gateway1
    options: {rgw_frontends: beast port=8080 tcp_nodelay=1, debug_rgw: 1/5}

- name: No more
  rgwkit.ceph.ceph_config:
    section: client.rgw.gateway1
    options: {}
"""

RETURN = r"""
options:
  description: The options of the section as they are now, secrets that somebody else has put there not shown.
  returned: success
  type: dict
"""

import json

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.module_run import run
from ..module_utils.ceph.config_options import differences, read_options, write_options
from ..module_utils.ceph.secret_options import INSTEAD, secret_options, secret_paths, without_secrets
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "section": {"type": "str", "required": True},
    "options": {"type": "dict", "required": True},
}


def text(value: object) -> str:
    """A value as the monitors store it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def refuse_secrets(options: dict) -> None:
    """Raise InputError for options that would be in a command's arguments and in every administrator's sight."""
    found = secret_options(options)
    if found:
        raise InputError(f"arguments and dumps would show {', '.join(found)}. Next: {INSTEAD}.")


def reach(params: dict, check_mode: bool) -> dict:
    """Give the section its options; the module's result."""
    section, wanted = params["section"], {name: text(value) for name, value in params["options"].items()}
    refuse_secrets(wanted)
    ceph = tool_of(params, "ceph")
    before = read_options(ceph, section)
    names = differences(before, wanted)
    if names and not check_mode:
        write_options(ceph, section, wanted, names)
        wanted = read_options(ceph, section)
    shown = [without_secrets(side) for side in (before, wanted)]
    sides = (json.dumps({section: side}, indent=2, sort_keys=True) + "\n" for side in shown)
    return {"changed": bool(names), "options": shown[1], "diff": dict(zip(("before", "after"), sides))}


def main() -> None:
    module = CensoredModule(
        ARGUMENTS, {"options": secret_paths}, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True
    )
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
