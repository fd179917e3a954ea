# SPDX-License-Identifier: Apache-2.0
"""A play is killed after each of its changes in turn and run again; the end is that of an uninterrupted run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Protocol


class World(Protocol):
    """What plays change."""

    def play(self, playbook: str, **more: object) -> object:
        """Run a playbook that has to succeed."""

    def killed(self, changes: int, playbook: str, **more: object) -> str | None:
        """The task after which the play was killed, at its n-th change; None if the play ended before."""

    def state(self) -> dict[str, Any]:
        """All that plays make, without what differs from one run to the next."""

    def check_kept(self) -> None:
        """Raise an error where something is lost that a client was told is stored."""


@dataclass(frozen=True)
class Story:
    """A playbook with these variables. before: brings the world to where the play begins."""

    playbook: str
    before: Callable[[Any], object]
    variables: dict[str, object] = field(default_factory=dict)


def kill_after_each_change(world: World, story: Story) -> int:
    """How often the play was killed. Raises AssertionError where the end is not that of an uninterrupted run."""
    story.before(world)
    world.play(story.playbook, **story.variables)
    wanted = world.state()
    changes = 0
    while True:
        story.before(world)
        task = world.killed(changes + 1, story.playbook, **story.variables)
        if task is None:
            return changes
        changes += 1
        world.play(story.playbook, **story.variables)
        assert world.state() == wanted, f"killed after change {changes}, {task}"
        world.check_kept()
        print(f"  {story.playbook} {changes}: killed after {task}", flush=True)
