# SPDX-License-Identifier: Apache-2.0
"""Whether a module documents what it returns: each key of a result that a test sees has to be in RETURN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import yaml

# Keys that Ansible itself defines, for every module.
OF_ANSIBLE = {
    "changed",
    "deprecations",
    "diff",
    "exception",
    "failed",
    "invocation",
    "msg",
    "skip_reason",
    "skipped",
    "warnings",
}
# What it adds to a result with `path`, of the file there (AnsibleModule.add_path_info).
OF_PATH = {"gid", "group", "mode", "owner", "secontext", "size", "state", "uid"}


def undocumented(module: ModuleType, result: Mapping[str, Any]) -> list[str]:
    """The keys of a result that the module's RETURN does not have, "a.b" for b below a."""
    apart = OF_ANSIBLE | OF_PATH if "path" in result else OF_ANSIBLE
    own = {name: value for name, value in result.items() if name not in apart}
    return sorted(set(_unknown(own, yaml.safe_load(module.RETURN))))


def _unknown(value: Any, fields: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for entry in value if isinstance(value, list) else [value]:
        for name, part in entry.items() if isinstance(entry, Mapping) else ():
            if name not in fields:
                yield f"{above}{name}"
            elif "contains" in fields[name]:
                yield from _unknown(part, fields[name]["contains"], f"{above}{name}.")
