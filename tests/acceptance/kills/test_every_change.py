# SPDX-License-Identifier: Apache-2.0
"""Each play, killed after each of its changes in turn and run again: the end is that of a run that nobody cut off."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.kills.stories import STORIES, World
from tests.playbooks import new_demo


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(new_demo("kills", tmp_path_factory.mktemp("kills") / "demo"))
    try:
        world.play("demo")
        world.push()
        yield world
    finally:
        world.play("teardown", remove_data=True)


@pytest.mark.parametrize("name", STORIES)
def test_killed_after_each_change_and_run_again(world: World, name: str) -> None:
    story = STORIES[name]
    story.before(world)
    world.play(story.playbook, **story.variables)
    wanted = world.state()
    changes = 0
    while True:
        story.before(world)
        task = world.killed(changes + 1, story.playbook, **story.variables)
        if task is None:
            break
        changes += 1
        world.play(story.playbook, **story.variables)
        assert world.state() == wanted, f"killed after change {changes}, {task}"
        world.expect_all_images()
        print(f"  {name} {changes}: killed after {task}", flush=True)
    assert changes > 2
