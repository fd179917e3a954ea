# SPDX-License-Identifier: Apache-2.0
"""Options of one daemon in the monitors' configuration database: read, compared, changed by `ceph config`."""

from __future__ import annotations

from collections.abc import Mapping

from ..base.remote_json import loads
from .tool import CephTool


def read_options(ceph: CephTool, section: str) -> dict[str, str]:
    """The options that stand under exactly this section ("client.rgw.a"), without masks. Raises ToolError."""
    done = ceph.run("config", "dump", "--format", "json")
    entries = loads(ceph.success("read", "the monitors' configuration", done))
    return {entry["name"]: entry["value"] for entry in entries if entry["section"] == section and not entry["mask"]}


def differences(before: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """The names of the options that have to change."""
    return sorted(name for name in {*before, *wanted} if before.get(name) != wanted.get(name))


def write_options(ceph: CephTool, section: str, wanted: Mapping[str, str], names: list[str]) -> None:
    """Set those of the names that are wanted, remove the others. Raises ToolError."""
    hints = (
        ("unrecognized config option", "The cluster's release has no option of that name."),
        ("error parsing value", "Look at `ceph config help`."),
    )
    for name in names:
        if name in wanted:
            done = ceph.run("config", "set", section, name, wanted[name])
        else:
            done = ceph.run("config", "rm", section, name)
        ceph.success("change", f"option '{name}' of '{section}'", done, hints)
