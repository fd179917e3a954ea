# SPDX-License-Identifier: Apache-2.0
"""Mirrors in containers-registries.conf(5), which podman, skopeo, buildah and CRI-O read: a file of the toolkit's own.

A later file's table replaces that of the same registry in an earlier file as a whole.
"""

from __future__ import annotations

import json
import os
import re
from typing import Dict, Iterator, List, Mapping, Sequence, Set

from ...base.errors import ToolError
from ...base.managed_file import read_text
from ...host.program import refusal, run_program
from .spec import Mirror

__all__ = ["drop_in", "refuse_others", "refuse_unused"]

_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"'-]+)\s*\]\]?")
_VALUE = re.compile(r"\s*[\"']?(prefix|location)[\"']?\s*=\s*[\"']([^\"']*)[\"']")


def drop_in(mirrors: Sequence[Mirror], home: str) -> str:
    """The text of the file. home: identity of the inventory."""
    lines = [
        f"# Mirrors of registries (rgwkit: {json.dumps(home)}).",
        "# The next run of the toolkit overwrites changes of this file.",
    ]
    for registry, of_it in _by_registry(mirrors).items():
        lines += ["", "[[registry]]", f"prefix = {json.dumps(registry)}"]
        if not registry.startswith("*."):
            lines.append(f"location = {json.dumps(registry)}")
        for mirror in of_it:
            lines += ["", "[[registry.mirror]]", f"location = {json.dumps(mirror.authority)}"]
            if mirror.scheme == "http":
                lines.append("insecure = true")
    return "\n".join(lines) + "\n"


def refuse_others(mirrors: Sequence[Mirror], main: str, folder: str, own: str) -> None:
    """Refuse registries that other files of the host have settings for, which would be lost. Raises ToolError."""
    registries = set(_by_registry(mirrors))
    for path in [main, *_files(folder)]:
        if path == own:
            continue
        for registry in sorted(registries & _registries(read_text(path) or "")):
            hint = f"Move the mirrors of {registry} to {path} and out of the toolkit's list, or remove the table there."
            code = f"the file has settings for {registry}, and of two files only the later one's settings count"
            raise ToolError("use", path, code, hint)


def refuse_unused(mirrors: Sequence[Mirror]) -> None:
    """Read from podman which mirrors it uses, and refuse others than the wanted. Raises ToolError."""
    done = run_program(["podman", "info", "--format", "{{json .Registries}}"])
    if done.returncode:
        raise refusal(done, "Read what podman says of the files below /etc/containers.")
    used: Mapping[str, Mapping[str, object]] = json.loads(done.stdout or "{}") or {}
    for registry, of_it in _by_registry(mirrors).items():
        found = used.get(registry)
        listed = found.get("Mirrors") if isinstance(found, dict) else None
        locations = [str(one.get("Location")) for one in listed or []]
        if locations != [mirror.authority for mirror in of_it]:
            said = ", ".join(locations) or "none"
            hint = "Look for another file with this registry (podman info), such as registries.conf of the user."
            raise ToolError("use", f"the mirrors of {registry}", f"podman uses {said}", hint)


def _by_registry(mirrors: Sequence[Mirror]) -> Dict[str, List[Mirror]]:
    result: Dict[str, List[Mirror]] = {}
    for mirror in mirrors:
        result.setdefault(mirror.registry, []).append(mirror)
    return result


def _files(folder: str) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return
    yield from (os.path.join(folder, name) for name in names if name.endswith(".conf"))


def _registries(text: str) -> Set[str]:
    """The registries that have a table [[registry]] in a file: its prefix, or else its location."""
    tables: List[Dict[str, str]] = []
    inside = False
    for line in text.splitlines():
        header = _HEADER.match(line)
        if header:
            inside = header[1].strip("\"'") == "registry"
            if inside:
                tables.append({})
        value = _VALUE.match(line)
        if inside and value:
            tables[-1][value[1]] = value[2]
    return {table.get("prefix") or table.get("location", "") for table in tables}
