# SPDX-License-Identifier: Apache-2.0
"""Whose a container, volume, network, systemd unit or folder is: nobody's, this or another inventory's."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..base.errors import ToolError
from .owned_folder import MARK, mark_of
from .program import refusal, run_program
from .unit_scope import SYSTEM, unit_folders

__all__ = ["KINDS", "LABEL", "Lookout", "Thing", "Verdict", "judge", "labels"]

LABEL = "io.rgwkit.home"
KINDS = ("container", "volume", "network", "unit", "folder")
# A role gives each of its things one of these. Others come with the toolkit's images, which anybody may run.
_ROLE_LABELS = tuple(
    f"io.rgwkit.{kind}" for kind in ("demo", "registry", "ingress", "gateway", "portal", "service", "volume", "volumes")
)
_UNIT_HOME = re.compile(r"^Description=.*\(rgwkit: (.*)\)$", re.MULTILINE)
_UNIT_MARK = re.compile(r"^# Written by the role (registry|rgw_ingress|rgw_gateway):", re.MULTILINE)


@dataclass(frozen=True)
class Thing:
    """Something that has a name on a host.

    folder: a folder of this inventory. What an earlier release made, without a home, is this inventory's when it uses
    that folder; a volume or network, when the folder has a mark.
    variable: which variable chooses the name.
    legacy: of a folder, the file in it that stands for a mark.
    """

    kind: str
    name: str
    folder: str
    variable: str
    legacy: str = ""


@dataclass(frozen=True)
class Verdict:
    """made_here: whether the toolkit made it. ours: whether this inventory did. home: whose it says that it is."""

    thing: Thing
    exists: bool
    made_here: bool = False
    ours: bool = False
    home: str = ""

    def objection(self, home: str) -> str:
        """Why it must not be changed."""
        what = f"{_article(self.thing.kind)} {self.thing.kind} named {self.thing.name} exists that"
        other = f"choose another {self.thing.variable}" if self.thing.variable else "choose another name"
        if not self.made_here:
            return f"{what} this toolkit did not make. Next: {other}, or remove that {self.thing.kind} yourself"
        whose = (
            f"is of {self.home}"
            if self.home
            else "an earlier release of this toolkit made for an inventory that is not known"
        )
        return (
            f"{what} {whose}, and this inventory is {home}. Next: run this there, {other}, or take it over with"
            " -e rgwkit_takeover=true"
        )


class Lookout:
    """Looks at things on this host.

    runtime: docker or podman. may_lack: whether the program may be missing, and with it all that it could have made.
    scope: whose units are meant, the system's or those of the user who runs this.
    """

    def __init__(self, runtime: str, may_lack: bool = False, scope: str = SYSTEM) -> None:
        self._runtime, self._may_lack, self._scope = runtime, may_lack, scope

    def look(self, thing: Thing, home: str) -> Verdict:
        """Judge one thing. Raises ToolError."""
        if thing.kind == "unit":
            return _judge_unit(thing, home, self._scope)
        if thing.kind == "folder":
            return _judge_folder(thing, home)
        found = self._inspect(thing)
        if found is None:
            return Verdict(thing, False)
        return judge(thing, found, home)

    def _inspect(self, thing: Thing) -> Optional[Mapping[str, Any]]:
        if self._may_lack and shutil.which(self._runtime) is None:
            return None
        command = [self._runtime, thing.kind, "inspect", thing.name]
        done = run_program(command)
        if done.returncode == 0:
            found: Mapping[str, Any] = json.loads(done.stdout)[0]
            return found
        # docker 20 to 29: "No such container: x", "no such volume", "network x not found"; podman: "no such ...".
        if re.search(r"no such |not found", done.stderr, re.IGNORECASE):
            return None
        raise refusal(done, "Check that the daemon is up and that this user may ask it.")


def judge(thing: Thing, found: Mapping[str, Any], home: str) -> Verdict:
    """Whose it is, from what docker or podman says of it."""
    labels = found.get("Config", found).get("Labels") or found.get("labels") or {}
    made_here = any(name in labels for name in _ROLE_LABELS)
    owner = labels.get(LABEL, "") if made_here else ""
    if owner or not made_here:
        return Verdict(thing, True, made_here, bool(owner) and owner == home, owner)
    if thing.kind == "container":
        sources = [str(mount.get("Source", "")) for mount in found.get("Mounts") or []]
        return Verdict(thing, True, True, any(_below(source, thing.folder) for source in sources))
    return Verdict(thing, True, True, bool(thing.folder) and os.path.exists(os.path.join(thing.folder, MARK)))


def _judge_unit(thing: Thing, home: str, scope: str) -> Verdict:
    place, text = _unit_text(thing.name, scope)
    if not place:
        return Verdict(thing, False)
    named = _UNIT_HOME.search(text)
    if named:
        return Verdict(thing, True, True, named.group(1) == home, named.group(1))
    # An earlier release's trial has no comment, and is in systemd's own folder for what systemd-run starts.
    uses_folder = bool(thing.folder) and bool(re.search(re.escape(thing.folder) + r"[/:\s]", text))
    made_here = bool(_UNIT_MARK.search(text)) or (place.startswith("/run/systemd/transient/") and uses_folder)
    return Verdict(thing, True, made_here, made_here and uses_folder)


def _judge_folder(thing: Thing, home: str) -> Verdict:
    try:
        content, mark = mark_of(thing.name, thing.legacy)
    except OSError as error:
        raise ToolError("read", thing.name, error.strerror or str(error), "Run this as root.") from error
    return Verdict(thing, content, mark is not None, mark in ("", home), mark or "")


def _unit_text(name: str, scope: str) -> Tuple[str, str]:
    for folder in unit_folders(scope):
        place = os.path.join(os.path.expandvars(os.path.expanduser(folder)), name)
        try:
            with open(place, encoding="utf-8", errors="replace") as file:
                return place, file.read()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise ToolError("read", place, error.strerror or str(error), "Run this as root.") from error
    return "", ""


def _below(path: str, folder: str) -> bool:
    return bool(folder) and f"{os.path.realpath(path)}/".startswith(f"{os.path.realpath(folder)}/")


def _article(word: str) -> str:
    return "an" if word[0] in "aeio" else "a"


def labels(home: str, kind: str, name: str) -> Dict[str, str]:
    """The labels of what a role makes: kind (demo, registry, ...) and name say of what it is a part."""
    return {"io.rgwkit.managed": "true", LABEL: home, f"io.rgwkit.{kind}": name}


def objections(verdicts: List[Verdict], home: str, absent: bool) -> List[str]:
    """Why what was found must not be changed; what the toolkit did not make does not keep it from removing its own."""
    return [
        verdict.objection(home)
        for verdict in verdicts
        if verdict.exists and not verdict.ours and (verdict.made_here or not absent)
    ]
