# SPDX-License-Identifier: Apache-2.0
"""Each play, killed after each of its changes in turn and run again: the end is that of a run that nobody cut off."""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.kills.stories import STORIES, World
from tests.kills.walk import kill_after_each_change
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
    assert kill_after_each_change(world, STORIES[name]) > 2
