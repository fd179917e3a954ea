# SPDX-License-Identifier: Apache-2.0
"""What a registry's log says of its end, and the message of a new configuration that failed in place."""

from __future__ import annotations

import re
from typing import Any, Mapping, Sequence

_FATAL = re.compile("level=fatal|panic: ")
# Without a line that names the cause, so many of the last ones may.
_LAST_LINES = 3


def fatal_line(log: Sequence[str]) -> str:
    """The last line of the log with a fatal error or a panic; empty without one."""
    return next((line for line in reversed(log) if _FATAL.search(line)), "")


def registry_failure(failure: Mapping[str, Any], name: str, log: Sequence[str]) -> str:
    """Which task failed on the new configuration of the registry `name`, and why.

    failure: task, the name of the failed task; msg, its message. log: the last lines of the registry's log.
    """
    fatal = fatal_line(log)
    lines = [fatal] if fatal else log[-_LAST_LINES:]
    said = f". Last lines of the log: {'; '.join(lines)}" if lines else ""
    task, message = failure["task"], failure["msg"]
    return f"the new configuration of {name} was put in place, and '{task}' failed: {message}{said}."
