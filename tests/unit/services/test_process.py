# SPDX-License-Identifier: Apache-2.0
"""What counts of the process of a service."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services import process

STATE = {"Status": "running", "Running": True, "ExitCode": 0, "StartedAt": "2026-01-02T03:04:05.6Z"}
MOUNTS = [{"Destination": "/a", "Source": "/x"}, {"Destination": "/b", "Source": "/y"}]


class Docker:
    """A docker daemon with one container."""

    def __init__(self, mounts):
        self._found = {"Id": "c", "State": STATE, "RestartCount": 0, "Image": "i", "Config": {}, "Mounts": mounts}

    def container(self, name):
        return self._found if name == "service" else None

    def logs(self, container, since=0, tail=0):
        return ""


@pytest.fixture
def digest(monkeypatch):
    def of(mounts):
        monkeypatch.setattr(process, "connect", lambda: Docker(mounts))
        seen = process.process_of("service", None)
        assert seen.objection == ""
        return seen.digest

    return of


def test_the_order_in_which_docker_lists_the_mounts_is_no_difference(digest):
    assert digest(MOUNTS) == digest(MOUNTS[::-1])
    other = [MOUNTS[0], {**MOUNTS[1], "Source": "/z"}]
    assert len({digest(mounts) for mounts in (MOUNTS, MOUNTS[:1], [], other)}) == 4
    assert digest(None) == digest([])


def test_a_container_that_is_not_there_is_missing(monkeypatch):
    monkeypatch.setattr(process, "connect", lambda: Docker([]))
    assert process.process_of("another", None) == process.Process("missing")


@pytest.mark.parametrize(("scope", "words"), [("system", "show"), ("user", "--user show")])
def test_a_unit_is_asked_of_the_manager_that_runs_it(tmp_path, monkeypatch, scope, words):
    (tmp_path / "systemctl").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked; echo LoadState=not-found\n')
    (tmp_path / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert process.process_of(None, "hub.service", scope) == process.Process("missing")
    assert (tmp_path / "asked").read_text().startswith(f"{words} --property=")
