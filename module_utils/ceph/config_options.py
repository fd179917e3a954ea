# SPDX-License-Identifier: Apache-2.0
"""Options of one daemon in the monitors' configuration database: read, compared, changed by `ceph config`."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..base.errors import InputError, ToolError
from ..base.remote_json import loads
from .tool import CephTool

_PLAIN = re.compile(r"[!$%&()*+,\-./0-9:<>?@A-Z^_`a-z{|}~]+")


def read_options(ceph: CephTool, section: str) -> dict[str, str]:
    """The options that stand under exactly this section ("client.rgw.a"), without masks. Raises ToolError."""
    return options_of(read_all(ceph), section)


def read_all(ceph: CephTool) -> list[dict[str, Any]]:
    """The entries of the whole database. Raises ToolError."""
    done = ceph.run("config", "dump", "--format", "json")
    return list(loads(ceph.success("read", "the monitors' configuration", done)))


def options_of(database: Iterable[Mapping[str, Any]], section: str) -> dict[str, str]:
    """The options of one section in the database, without masks."""
    return {entry["name"]: entry["value"] for entry in database if entry["section"] == section and not entry["mask"]}


def differences(before: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """The names of the options that have to change."""
    return sorted(name for name in {*before, *wanted} if before.get(name) != wanted.get(name))


def is_known(ceph: CephTool, name: str) -> bool:
    """Whether the cluster's release has the option. Raises ToolError."""
    done = ceph.run("config", "help", name)
    if done.returncode == errno.ENOENT:
        return False
    ceph.success("look up", f"option '{name}'", done)
    return True


def check_secrets(secrets: Mapping[str, str]) -> None:
    """Refuse what a file of ceph.conf's form would read otherwise than as it stands. Raises InputError."""
    for name, value in secrets.items():
        if not _PLAIN.fullmatch(value):
            raise InputError(
                f"the value of {name} is empty or has blanks or one of # ; = \" ' \\ [ ], which `ceph config "
                "assimilate-conf` cannot be told. Next: choose another password, of letters, digits and other signs."
            )


def write_secrets(ceph: CephTool, section: str, secrets: Mapping[str, str]) -> None:
    """Set options whose values no argument may show, by a file of ceph.conf's form on standard input.

    secrets: values that check_secrets has let pass. Raises ToolError.
    """
    # What is there already would stay as it is.
    write_options(ceph, section, {}, list(secrets))
    lines = [f"[{section}]", *(f"{name} = {value}" for name, value in secrets.items())]
    done = ceph.run("config", "assimilate-conf", "-i", "-", stdin="\n".join(lines) + "\n")
    target = f"{', '.join(secrets)} of '{section}'"
    ceph.success("change", target, done)
    kept = read_options(ceph, section)
    if any(kept.get(name) != value for name, value in secrets.items()):
        hint = "Look at `ceph log last`, and run again."
        raise ToolError("change", f"{target} by {ceph.name}", "the monitors keep something else", hint)


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
