# SPDX-License-Identifier: Apache-2.0
"""The systemd unit of a service: of podman's container, of a program of a package, and of a unit without a file."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Mapping

from ..host.unit_scope import SYSTEM, UNIT_FOLDER, USER, journal_of
from .container import run_words
from .definition import CONTAINERS

__all__ = [
    "drop_in_text",
    "labels_of",
    "log_command",
    "transient_words",
    "unit_file",
    "unit_name",
    "unit_text",
    "watched",
]

# systemd restarts without a limit, as docker does.
_RESTARTS = {"unless-stopped": "always", "always": "always", "on-failure": "on-failure", "no": "no"}
# podman has no daemon that could end a container, so the unit waits a little longer than podman does.
_MORE_SECONDS = 10
# What podman's unit and a transient unit with podman have in common. podman creates the container's cgroup below the
# unit's, so that systemd accounts for the process, and ends the process if podman does not. podman itself prints only
# IDs and names, and its errors; the container's output does not come this way. systemd itself allows 90 s to start, and
# podman's storage driver vfs, an ordinary user's in podman 4.3, copies the whole image first.
_PODMAN = (
    *("Type=notify", "NotifyAccess=all", "Delegate=yes", "KillMode=mixed", "TasksMax=infinity"),
    *("StandardOutput=null", "StandardError=journal", "TimeoutStartSec=300"),
)
_PODMAN_RUN = ("--replace", "--rm", "--detach", "--sdnotify=conmon", "--cgroups={cgroups}", "--log-driver=journald")
# An ordinary user may not divide a cgroup of version 1 (podman 4.3: "mkdir /sys/fs/cgroup/pids/...: permission
# denied"). So a user's container is in a cgroup of podman's own, if the user may have one, and conmon in the unit's.
_CGROUPS = {True: "no-conmon", False: "split"}
# What makes no sense for a process that ends by itself: how to reload, and who says that it has started.
_OF_THE_SERVICE = ("ExecReload=", "KillSignal=", "KillMode=", "SuccessExitStatus=", "Type=notify")
# A word of ExecStart= that needs no quotes (systemd.service(5), "Command lines").
_PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./-]+\Z")
_LABEL = re.compile(r"^Label=([^=\n]+)=(.*)$", re.MULTILINE)


def unit_name(definition: Mapping[str, Any]) -> str:
    """The unit of the service: the distribution's, if the definition names one, or the service's own."""
    of_the_distribution = definition["runtime"] == "package" and definition["unit"]
    return str(of_the_distribution or f"{definition['name']}.service")


def unit_file(definition: Mapping[str, Any]) -> str:
    """The path of the unit, or of the drop-in for a unit of the distribution."""
    place = f"{UNIT_FOLDER[definition['scope']]}/{unit_name(definition)}"
    return f"{place}.d/rgwkit.conf" if definition["runtime"] == "package" and definition["unit"] else place


def watched(definition: Mapping[str, Any]) -> Dict[str, str]:
    """The process of a definition, as options of the module service_watch."""
    scope = str(definition["scope"])
    if definition["runtime"] in CONTAINERS:
        return {"name": str(definition["name"]), "runtime": str(definition["runtime"]), "scope": scope}
    return {"name": unit_name(definition), "runtime": "systemd", "scope": scope}


def log_command(runtime: str, name: str, scope: str = SYSTEM) -> str:
    """How people read the log of a container or unit.

    journalctl --user would find nothing where the journal is in memory, which has no files of users.
    """
    return f"docker logs {name}" if runtime == "docker" else f"journalctl {journal_of(name, scope)}"


def unit_text(definition: Mapping[str, Any]) -> str:
    """The own unit of a service that podman or systemd runs.

    Quadlet would generate a similar unit from a .container file; podman of Debian 12 and Ubuntu 22.04 has no Quadlet.
    """
    podman, by_user = definition["runtime"] == "podman", definition["scope"] == USER
    # systemd.special(7): who needs the targets has to want them, too; nothing else starts them. A user's manager starts
    # after them, and has neither.
    targets = "network-online.target time-sync.target"
    unit = [f"Description={_described(definition)}"]
    unit += [] if by_user else [f"After={targets}", f"Wants={targets}"]
    unit += [f"Before={' '.join(definition['before'])}"] if definition["before"] else []
    unit += ["RequiresMountsFor=%t/containers"] if podman else []
    service = _podman_service(definition) if podman else _package_service(definition)
    service += [f"Restart={_RESTARTS[definition['restart']]}", "RestartSec=2"]
    sections = {"Unit": [*unit, "StartLimitIntervalSec=0"], "Service": service}
    if definition["restart"] != "no":
        sections["Install"] = [f"WantedBy={'default' if by_user else 'multi-user'}.target"]
    # systemd ignores sections that begin with X-; labels_of reads this one.
    sections["X-Rgwkit"] = [f"Label={name}={value}" for name, value in sorted(definition["labels"].items())]
    return _text(definition, sections)


def drop_in_text(definition: Mapping[str, Any]) -> str:
    """The addition to a unit of the distribution, which may give up after some attempts: restarts without a limit."""
    service = [f"Restart={_RESTARTS[definition['restart']]}", "RestartSec=2"]
    return _text(definition, {"Unit": ["StartLimitIntervalSec=0"], "Service": service})


def labels_of(text: str) -> Dict[str, str]:
    """The labels in the text of a unit."""
    return dict(_LABEL.findall(text))


def transient_words(definition: Mapping[str, Any], unit: str, *options: str) -> List[str]:
    """The command by which systemd runs the process of a definition as a unit without a file.

    unit: its name with suffix. options: of systemd-run, such as --wait.
    """
    words = ["systemd-run", *(["--user"] if definition["scope"] == USER else []), "--quiet", *options]
    words += [f"--unit={unit}", f"--description={_described(definition)}"]
    if definition["runtime"] == "podman":
        # Without an ExecStop=, conmon hands systemd's SIGTERM on to the container.
        words += [f"--property={line}" for line in (*_PODMAN, _stop_limit(definition))]
        return [*words, *(word.replace("$", "$$") for word in _podman_words(definition))]
    lines = [line for line in definition["properties"] if not line.startswith(_OF_THE_SERVICE)]
    words += [f"--property={line}" for line in (*lines, _stop_limit(definition))]
    words += [f"--setenv={name}={value}" for name, value in sorted(definition["environment"].items())]
    program = [*definition["entrypoint"], *definition["command"]]
    return [*words, *(str(word).replace("$", "$$") for word in program)]


def _podman_words(definition: Mapping[str, Any]) -> List[str]:
    cgroups = _CGROUPS[definition["scope"] == USER]
    return run_words(definition, *(word.format(cgroups=cgroups) for word in _PODMAN_RUN))


def _podman_service(definition: Mapping[str, Any]) -> List[str]:
    name, seconds = definition["name"], int(definition["stop_timeout"])
    words = [_quoted(word, always=True) for word in _podman_words(definition)[2:]]
    reload = [f"ExecReload=podman kill --signal={definition['reload_signal']} {name}"]
    return [
        *_PODMAN,
        "ExecStart=podman run \\\n    " + " \\\n    ".join(words),
        *(reload if definition["reload_signal"] else []),
        f"ExecStop=podman stop --ignore --time={seconds} {name}",
        f"ExecStopPost=-podman rm --force --ignore {name}",
        _stop_limit(definition),
    ]


def _package_service(definition: Mapping[str, Any]) -> List[str]:
    given = sorted(definition["environment"].items())
    return [
        *definition["properties"],
        *(f"Environment={_quoted(f'{name}={value}', dollars=False)}" for name, value in given),
        "ExecStart=" + " ".join(_quoted(str(word)) for word in (*definition["entrypoint"], *definition["command"])),
        _stop_limit(definition),
    ]


def _stop_limit(definition: Mapping[str, Any]) -> str:
    more = _MORE_SECONDS if definition["runtime"] == "podman" else 0
    return f"TimeoutStopSec={int(definition['stop_timeout']) + more}"


def _described(definition: Mapping[str, Any]) -> str:
    """The module ownership reads the identity of the inventory here."""
    return f"{definition['description']} (rgwkit: {definition['home']})"


def _quoted(word: str, always: bool = False, dollars: bool = True) -> str:
    """A word for systemd, which knows the escapes of JSON, and expands % and, in command lines, $."""
    escaped = word.replace("%", "%%")
    escaped = escaped.replace("$", "$$") if dollars else escaped
    # JSON's escapes of what is beyond 16 bits are no characters for systemd.
    return escaped if _PLAIN.match(word) and not always else json.dumps(escaped, ensure_ascii=False)


def _text(definition: Mapping[str, Any], sections: Mapping[str, List[str]]) -> str:
    parts = ["\n".join((f"[{name}]", *lines)) for name, lines in sections.items()]
    head = f"# Written by the role {definition['role']}: changes made here by hand are lost."
    return "\n\n".join((f"{head}\n{parts[0]}", *parts[1:])) + "\n"
