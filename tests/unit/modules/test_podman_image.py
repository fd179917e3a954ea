# SPDX-License-Identifier: Apache-2.0
"""Images of podman come, are built and get names; podman's command is doubled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import container_image_info, podman_image

from tests.unit.host.podman_double import Podman

ABSENT = "Error: no such image"


@pytest.fixture
def podman(tmp_path, monkeypatch):
    """A podman without images. A pull, build or tag makes the image new."""
    one = Podman(tmp_path, monkeypatch)
    for begin in ("pull", "build", "tag"):
        one.answer(begin, f"touch {tmp_path}/made")
    one.answer("image inspect", f"{one_image('new', tmp_path)} || {{ echo '{ABSENT}' >&2; exit 125; }}")
    return one


def one_image(number, folder):
    return f'test -e {folder}/made && echo \'[{{"Id": "{number}"}}]\''


def did(podman):
    return [words[0] for words in podman.asked() if words[:2] != ["image", "inspect"]]


@pytest.mark.parametrize(
    "given",
    [
        {"source": "pull"},
        {"source": "build", "path": "/folder"},
        {"source": "tag", "image": "other:1"},
    ],
    ids=lambda given: given["source"],
)
def test_an_absent_image_comes_and_check_mode_says_so(run_module, podman, given):
    checked = run_module(podman_image, check=True, name="x:1", **given)
    assert checked["changed"] and checked["image"] == {} and did(podman) == []
    done = run_module(podman_image, name="x:1", **given)
    assert done["changed"] and done["image"] == {"Id": "new"} and did(podman) == [given["source"]]
    assert done["diff"] == {"before": "image: absent\n", "after": "image: new\n"}


def test_an_image_that_is_there_is_pulled_again_on_demand(run_module, podman):
    podman.tell("image inspect", [{"Id": "old"}])
    assert not run_module(podman_image, name="x:1", source="pull")["changed"] and did(podman) == []
    same = run_module(podman_image, name="x:1", source="pull", renew=True)
    assert not same["changed"] and did(podman) == ["pull"]


def test_an_image_has_a_name_already(run_module, podman):
    podman.tell("image inspect", [{"Id": "old"}])
    assert not run_module(podman_image, name="x:1", source="tag", image="y:1")["changed"] and did(podman) == []


def test_a_failed_pull_tells_what_came_back(run_module, podman):
    podman.refuse("pull", "Error: initializing source: manifest unknown")
    failed = run_module(podman_image, name="quay.io/x:1", source="pull")
    assert failed["failed"] and "manifest unknown" in failed["msg"] and failed["failure"]["operation"] == "pull"


def test_images_are_found_and_missed_by_their_names(run_module, podman):
    podman.answer(
        "image inspect", """test "$3" = x:1 && echo '[{"Id": "new"}]' || { echo 'no such image' >&2; exit 1; }"""
    )
    found = run_module(container_image_info, names=["x:1", "y:1"], runtime="podman")
    assert (found["images"], found["missing"], found["changed"]) == ([{"Id": "new"}], ["y:1"], False)
