# SPDX-License-Identifier: Apache-2.0
"""What a run does, from what differs."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.action import action, result
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete

from .definitions import given

FILE = "/etc/hub/config.yml"
NOTHING = {"moves_from": "", "restarts": False, "reloads": False, "recreates": False}
RELOADS = {**NOTHING, "reloads": True}
RESTARTS = {**NOTHING, "restarts": True}
RECREATES = {**RESTARTS, "recreates": True}


def did(differs, previous="docker", looping=False, restart=False, changes=False, **definition):
    compared = {"differs": differs, "previous_runtime": previous}
    return action(complete(given(**definition)), compared, {"looping": looping}, restart, changes)


@pytest.mark.parametrize("signal", ["", "HUP"])
def test_nothing_differs(signal):
    assert did([], reload_signal=signal) == NOTHING


@pytest.mark.parametrize(
    ("differs", "signal", "wanted"),
    [
        ([FILE], "HUP", RELOADS),
        ([FILE], "", RESTARTS),
        (["image"], "HUP", RESTARTS),
        ([FILE, "service"], "HUP", RECREATES),
    ],
)
def test_a_reload_is_for_files_of_a_process_that_can(differs, signal, wanted):
    assert did(differs, reload_signal=signal) == wanted


def test_a_looping_process_is_restarted_and_so_is_one_that_the_caller_names():
    assert did([], looping=True) == RESTARTS
    assert did([], restart=True, reload_signal="HUP") == RECREATES


def test_files_that_check_mode_has_not_written_count():
    assert did([], changes=True, reload_signal="HUP") == RELOADS


def test_without_a_record_the_process_itself_tells_but_for_the_image_of_podman():
    assert did([FILE, "image", "service"], previous="", reload_signal="HUP") == RELOADS
    assert did([FILE, "image", "service"], previous="", reload_signal="HUP", runtime="podman") == RESTARTS


def test_another_runtime_is_a_move():
    moved = did(["runtime", "service"], previous="package")
    assert moved["moves_from"] == "package"
    assert did(["runtime"], previous="cephadm")["moves_from"] == "", "not a runtime of the role"


@pytest.mark.parametrize(
    ("done", "recreated", "changed", "word"),
    [
        (NOTHING, False, False, "none"),
        (NOTHING, True, True, "started"),
        (NOTHING, False, True, "started"),
        (RELOADS, False, True, "reloaded"),
        (RELOADS, True, True, "started"),
        (RESTARTS, False, True, "restarted"),
        ({**RESTARTS, "moves_from": "docker"}, True, True, "moved"),
    ],
)
def test_what_was_done_in_a_word(done, recreated, changed, word):
    told = result({"previous_runtime": "podman"}, done, recreated, changed)
    assert told == {"previous_runtime": "podman", "changed": word != "none", "action": word}


def test_a_first_run_starts():
    assert result({"previous_runtime": ""}, RESTARTS, True, True)["action"] == "started"
