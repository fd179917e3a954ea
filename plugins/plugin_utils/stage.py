# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stage of a run: which tasks belong together, and what is said of them in one line."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from ansible import constants
from ansible.playbook.block import Block
from ansible.playbook.role_include import IncludeRole
from ansible.utils.color import stringc
from ansible.utils.fqcn import add_internal_fqcns

# Tasks that only steer the play. Between two roles they are no stage of their own.
STEERING = frozenset(
    add_internal_fqcns(
        ("add_host", "assert", "debug", "fail", "group_by", "import_tasks", "include_tasks", "include_vars", "meta")
        + ("set_fact", "set_stats", "validate_argument_spec")
    )
)
TITLE_WIDTH = 46


def is_steering(task: Any) -> bool:
    """Whether a task changes no host and asks none."""
    return task.action in STEERING


def role_title(task: Any, play: Any) -> str:
    """The stage of a task in a role: what the play says where it includes the role, or else the role's name.

    The outermost role counts: roles that a role includes belong to its stage. The only role that a play lists goes by
    the name of the play. Empty for a task outside of roles.
    """
    include, node = None, task
    while node is not None:
        if isinstance(node, IncludeRole):
            include = node
        node = getattr(node, "_parent", None)
    outermost = include or task
    role = outermost._role
    if role is None:
        return _include_title(include) if include else ""
    if play.name and sum(not listed.from_include for listed in play.get_roles()) == 1:
        return str(play.get_name())
    chain = outermost.get_dep_chain() or [role]
    return str(chain[0].get_name())


def block_title(task: Any) -> str:
    """The name of the outermost named block around a task; empty if there is none."""
    title, node = "", task
    while node is not None:
        if isinstance(node, Block) and node.name:
            title = str(node.name)
        node = getattr(node, "_parent", None)
    return title


def _include_title(include: Any) -> str:
    name = str(include.name or "")
    return name if name and "{{" not in name else str(include._role_name)


@dataclass
class Stage:
    """The tasks of a play that run one after the other under one title."""

    title: str
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    only_steering: bool = True
    hosts: set[str] = field(default_factory=set)
    changed: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)
    ignored: int = 0
    did_something: bool = False
    messages: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def is_worth_a_line(self) -> bool:
        """Whether something happened: more than, between two roles, checks of variables that passed."""
        return not self.only_steering or bool(self.changed or self.failed or self.unreachable or self.ignored)

    def change(self, host: str) -> None:
        """Count a task that changed a host."""
        self.changed[host] = self.changed.get(host, 0) + 1

    def fail(self, host: str) -> None:
        """Count a task that failed on a host."""
        self.failed[host] = self.failed.get(host, 0) + 1

    def heading(self) -> str:
        """The title with the blanks up to the duration."""
        return f"  {self.title:{TITLE_WIDTH}} "

    def outcome(self, would: bool, name_host: bool, unfinished: bool = False) -> str:
        """The duration and the outcome, for instance `  12.3 s  3 of 8 hosts changed`, with colors on a terminal."""
        seconds = (self.ended or time.monotonic()) - self.began
        host = f"  ({next(iter(self.hosts))})" if name_host and len(self.hosts) == 1 else ""
        words, color = self._words(would)
        if unfinished:
            words, color = "not finished" + (f", {words}" if self.changed or self.failed else ""), constants.COLOR_ERROR
        return f"{seconds:6.1f} s  {stringc(words, color)}{host}"

    def _words(self, would: bool) -> tuple[str, str]:
        parts = []
        if self.changed:
            word = "would change" if would else "changed"
            several = len(self.hosts) > 1
            number = f"{len(self.changed)} of {len(self.hosts)} hosts" if several else str(sum(self.changed.values()))
            parts.append(f"{number} {word}")
        if self.failed:
            parts.append(f"{sum(self.failed.values())} failed")
        if self.unreachable:
            parts.append(f"{len(self.unreachable)} unreachable")
        if self.ignored:
            parts.append(f"{self.ignored} ignored")
        if self.failed or self.unreachable:
            color = constants.COLOR_ERROR
        elif self.changed:
            color = constants.COLOR_CHANGED
        else:
            color = constants.COLOR_OK if self.did_something else constants.COLOR_SKIP
        return ", ".join(parts) or ("ok" if self.did_something else "skipped"), color
