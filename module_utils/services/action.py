# SPDX-License-Identifier: Apache-2.0
"""What a run does to the process of a service, from what differs."""

from __future__ import annotations

from typing import Any, Dict, Mapping

from .definition import RUNTIMES

__all__ = ["action", "result"]


def action(
    definition: Mapping[str, Any],
    compared: Mapping[str, Any],
    seen: Mapping[str, Any],
    restart: bool = False,
    changes: bool = False,
) -> Dict[str, Any]:
    """How to bring the process to what the definition says, besides creating or starting it.

    compared: the service in the result of the module service_record. seen: the result of the module service_watch.
    restart: whether the caller wants a restart. changes: whether files that the process loads have changed; check mode
    has not written them. The result: `moves_from`, the runtime whose daemon goes first, or empty; `restarts` and
    `reloads`; `recreates`, whether a container has to be created anew: docker's module leaves in place what the
    definition no longer has, such as a mount or a variable. Where the caller wants a restart, the container may be the
    leftover of a change that has failed, of which no record tells.
    """
    before = compared.get("previous_runtime", "")
    differs = list(compared.get("differs", []))
    moves_from = before if before in RUNTIMES and before != definition["runtime"] else ""
    files = set(definition["record"].get("files", []))
    # Without a record, docker and the unit's text tell by themselves whether the process is another one. podman's unit
    # does not tell whether the image is.
    only_files = set(differs) <= files or (not before and definition["runtime"] != "podman")
    reloads = bool(definition["reload_signal"]) and only_files
    differing = bool(differs) or changes
    restarts = restart or bool(seen.get("looping")) or (differing and not reloads)
    return {
        "moves_from": moves_from,
        "restarts": restarts,
        "reloads": differing and not restarts,
        "recreates": restart or (bool(before) and "service" in differs),
    }


def result(
    compared: Mapping[str, Any], did: Mapping[str, Any], recreated: bool = False, changed: bool = False
) -> Dict[str, Any]:
    """What a run did: the comparison, whether that `changed` anything, and the `action` in a word.

    did: the result of action(). recreated: whether the container or the unit is another one. changed: whether the
    process was started, restarted or reloaded.
    """
    word = "started" if changed or recreated else "none"
    word = "reloaded" if did["reloads"] and not recreated else word
    # Without a record, nobody knows of a process that ran before.
    word = "restarted" if did["restarts"] and compared.get("previous_runtime") else word
    word = "moved" if did["moves_from"] else word
    return {**compared, "changed": word != "none", "action": word}
