# SPDX-License-Identifier: Apache-2.0
"""Ten kills: plays that are cut off again and again, each time a change later, end as if nobody had."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.kills.stories import STORIES, World
from tests.playbooks import new_demo

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(new_demo("killed", tmp_path_factory.mktemp("killed") / "demo"))
    try:
        yield world
    finally:
        world.play("teardown", remove_data=True)


def kill_in_turn(world: World, name: str, *changes: int) -> None:
    """Kill the story's play after this change and, run again, after the next ones that are left."""
    story = STORIES[name]
    for number in changes:
        assert world.killed(number, story.playbook, **story.variables) is not None
    world.play(story.playbook, **story.variables)


def test_a_demo(world: World) -> None:
    kill_in_turn(world, "demo", 3, 6)
    made = world.state()
    assert made["locks"] == [] and "registry" in made["users"]
    assert [one["state"] for one in made["containers"].values()] == ["running"] * 2
    world.push()


@pytest.mark.parametrize(("name", "changes"), [("users", (1, 2, 2)), ("registry", (2, 2))])
def test_a_change(world: World, name: str, changes: tuple[int, ...]) -> None:
    kill_in_turn(world, name, *changes)
    state, story = world.state(), STORIES[name]
    again = world.play(story.playbook, **story.variables)
    assert (again.count("changed"), world.state()) == (0, state)
    world.check_kept()


def test_a_teardown(world: World) -> None:
    kill_in_turn(world, "teardown", 2, 2, 2)
    left = world.state()
    assert not any(left.values()), left
