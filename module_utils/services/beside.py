# SPDX-License-Identifier: Apache-2.0
"""A process beside a service: its trial with another configuration, or one command to its end."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ..host.unit_scope import systemctl
from .container import run_words
from .definition import complete, override
from .unit import transient_words, watched

__all__ = ["ONCE", "TRIAL", "once", "trial"]

TRIAL, ONCE = "-trial", "-once"


def trial(given: Mapping[str, Any], changes: Mapping[str, Any]) -> Dict[str, Any]:
    """The trial of a service, which runs in the background.

    given: the definition of the service. changes: values that take the place of the service's. The result has the
    `definition` of the trial, the `words` that start it, what the module service_watch takes to see it (`watched`), and
    the commands that `remove` it and the container that an interrupted command has left. Raises InputError.
    """
    definition = override(complete(given), changes, TRIAL)
    unit = f"{definition['name']}.service"
    by_docker = definition["runtime"] == "docker"
    words = run_words(definition, "--detach") if by_docker else transient_words(definition, unit, "--no-block")
    return {
        "definition": definition,
        "words": words,
        "watched": watched(definition),
        "remove": _removal(str(given["name"]), definition["runtime"], definition["scope"]),
    }


def once(given: Mapping[str, Any], changes: Mapping[str, Any]) -> Dict[str, Any]:
    """One command of a service, which runs to its end and says what came of it.

    given, changes: as for a trial. The result has the `words` of the command and its `environment`. The program of a
    package runs as the user of the task, since it only reads. Raises InputError.
    """
    definition = override(complete(given), changes, ONCE)
    if definition["runtime"] != "package":
        return {"words": run_words(definition, "--rm"), "environment": {}}
    words = [str(word) for word in (*definition["entrypoint"], *definition["command"])]
    return {"words": words, "environment": definition["environment"]}


def _removal(name: str, runtime: str, scope: str) -> List[List[str]]:
    """The commands that remove what is beside the service of this name."""
    unit = f"{name}{TRIAL}.service"
    verbs = ("stop", "reset-failed") if runtime != "docker" else ()
    by_systemd = [systemctl(scope, verb, unit) for verb in verbs]
    containers = [[runtime, "rm", "--force", f"{name}{suffix}"] for suffix in (TRIAL, ONCE)]
    return [*by_systemd, *(containers if runtime != "package" else [])]
