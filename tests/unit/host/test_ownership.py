# SPDX-License-Identifier: Apache-2.0
"""Whose a name on the host is; docker is a script here that says what docker says."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import ownership as engine
from ansible_collections.rgwkit.ceph.plugins.modules import ownership

HOME = "/srv/inventories/one"
OTHER = "/srv/inventories/two"
DOCKER = """#!/bin/sh
file="{folder}/$1.$3.json"
[ -f "$file" ] && exec cat "$file"
case "$1" in
  container) echo "Error response from daemon: No such container: $3" ;;
  volume) echo "Error response from daemon: get $3: no such volume" ;;
  network) echo "Error response from daemon: network $3 not found" ;;
esac >&2
exit 1
"""


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Places things on the host: containers, volumes, networks by their labels, units by their text."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER.format(folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(engine, "unit_folders", lambda scope: (str(tmp_path / "units"),) if scope == "system" else ())
    (tmp_path / "units").mkdir()

    def place(kind, name, labels=None, mounts=()):
        if kind == "unit":
            (tmp_path / "units" / name).write_text(labels)
            return
        found = {"Labels": labels}
        if kind == "container":
            found = {"Config": found, "Mounts": [{"Type": "bind", "Source": source} for source in mounts]}
        (tmp_path / f"{kind}.{name}.json").write_text(json.dumps([found]))

    return place


@pytest.fixture
def ask(run_module):
    def run(*things, **params):
        keys = ("kind", "name", "folder", "variable", "legacy")
        return run_module(ownership, home=HOME, things=[dict(zip(keys, thing)) for thing in things], **params)

    return run


KINDS = ["container", "volume", "network"]
ROLES = ["demo", "registry", "ingress", "gateway", "service"]
UNIT = "# Written by the role registry: by hand it is lost.\n[Unit]\nDescription=Docker registry (x){}\n"


def test_nothing_there_is_no_objection(ask, host):
    assert ask(*[(kind, "x") for kind in [*KINDS, "unit"]])["ours"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_by_label(ask, host, kind):
    host(kind, "mine", {"io.rgwkit.home": HOME, "io.rgwkit.registry": "mine"})
    host(kind, "theirs", {"io.rgwkit.home": OTHER, "io.rgwkit.demo": "theirs"})
    # What anybody runs of the toolkit's images has their labels.
    host(kind, "nobodys", {"io.rgwkit.managed": "true", "io.rgwkit.home": HOME})
    assert ask((kind, "mine"))["ours"] == [f"{kind}/mine"]
    theirs = ask((kind, "theirs", "", "some_name"))
    assert theirs["failed"] and f"a {kind} named theirs exists that is of {OTHER}" in theirs["msg"]
    assert "run this there, choose another some_name" in theirs["msg"] and "rgwkit_takeover=true" in theirs["msg"]
    nobodys = ask((kind, "nobodys"))
    assert nobodys["failed"] and "that this toolkit did not make" in nobodys["msg"]


@pytest.mark.parametrize("kind", KINDS)
def test_removal_fails_for_another_inventory_s_and_leaves_strangers(ask, host, kind):
    host(kind, "theirs", {"io.rgwkit.home": OTHER, "io.rgwkit.registry": "theirs"})
    host(kind, "nobodys", {"somebody": "else"})
    assert ask((kind, "theirs"), state="absent")["failed"]
    gone = ask((kind, "nobodys"), state="absent")
    assert (gone["ours"], gone["others"]) == ([], [f"{kind}/nobodys"])


def test_taking_over_is_for_what_the_toolkit_made(ask, host):
    host("container", "theirs", {"io.rgwkit.home": OTHER, "io.rgwkit.registry": "theirs"})
    host("container", "nobodys", {})
    assert ask(("container", "theirs"), takeover=True)["ours"] == ["container/theirs"]
    assert ask(("container", "nobodys"), takeover=True)["failed"]


def test_a_container_of_an_earlier_release_is_whose_folder_it_uses(ask, host, tmp_path):
    host("container", "old", {"io.rgwkit.demo": "old"}, [f"{tmp_path}/mine/admin.secret"])
    assert ask(("container", "old", f"{tmp_path}/mine"))["ours"] == ["container/old"]
    for folder in (f"{tmp_path}/min", f"{tmp_path}/other", ""):
        assert "for an inventory that is not known" in ask(("container", "old", folder))["msg"]


@pytest.mark.parametrize("kind", ["volume", "network"])
def test_a_volume_of_an_earlier_release_is_whose_folder_is_marked(ask, host, tmp_path, kind):
    host(kind, "old", {"io.rgwkit.demo": "old"})
    assert ask((kind, "old", str(tmp_path)))["failed"]
    (tmp_path / ".rgwkit").touch()
    assert ask((kind, "old", str(tmp_path)))["ours"] == [f"{kind}/old"]


def test_units(ask, host):
    host("unit", "mine.service", UNIT.format(f" (rgwkit: {HOME})"))
    host("unit", "theirs.service", UNIT.format(f" (rgwkit: {OTHER})"))
    host("unit", "old.service", UNIT.format("") + "BindReadOnlyPaths=/etc/mine:/etc/docker/registry\n")
    host("unit", "nobodys.service", "[Unit]\nDescription=Docker registry\n")
    assert ask(("unit", "mine.service"))["ours"] == ["unit/mine.service"]
    assert f"a unit named theirs.service exists that is of {OTHER}" in ask(("unit", "theirs.service"))["msg"]
    assert ask(("unit", "old.service", "/etc/mine"))["ours"] == ["unit/old.service"]
    for folder in ("/etc/other", "/etc/min"):
        assert ask(("unit", "old.service", folder))["failed"]
    assert "this toolkit did not make" in ask(("unit", "nobodys.service", "/etc/mine"))["msg"]
    assert ask(("unit", "nobodys.service"), state="absent")["others"] == ["unit/nobodys.service"]


def test_a_user_s_units_are_their_own(ask, host, tmp_path, monkeypatch):
    host("unit", "theirs.service", UNIT.format(f" (rgwkit: {OTHER})"))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "mine.service").write_text(UNIT.format(f" (rgwkit: {HOME})"))
    monkeypatch.setattr(engine, "unit_folders", lambda scope: ("~/mine",) if scope == "user" else ())
    assert ask(("unit", "mine.service"), scope="user")["ours"] == ["unit/mine.service"]
    assert ask(("unit", "theirs.service"), scope="user")["ours"] == []


def test_folders(ask, host, tmp_path):
    for name, text in (("mine", json.dumps({"home": HOME})), ("theirs", json.dumps({"home": OTHER})), ("old", "")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".rgwkit").write_text(text)
    for name in ("nobodys", "empty"):
        (tmp_path / name).mkdir()
    (tmp_path / "nobodys" / "loaded").touch()
    assert ask(*[("folder", str(tmp_path / name)) for name in ("mine", "old", "empty", "missing")])["ours"] == [
        f"folder/{tmp_path}/mine",
        f"folder/{tmp_path}/old",
    ]
    assert f"is of {OTHER}" in ask(("folder", str(tmp_path / "theirs")), state="absent")["msg"]
    assert "this toolkit did not make" in ask(("folder", str(tmp_path / "nobodys")))["msg"]
    assert ask(("folder", str(tmp_path / "nobodys"), "", "", "loaded"))["ours"] == [f"folder/{tmp_path}/nobodys"]


def test_all_objections_come_at_once(ask, host):
    for kind in KINDS:
        host(kind, "x", {})
    message = ask(*[(kind, "x") for kind in KINDS])["msg"]
    assert all(f"{kind} named x" in message for kind in KINDS)


def test_a_daemon_that_does_not_answer_is_no_proof_of_absence(ask, host, tmp_path):
    (tmp_path / "bin" / "docker").write_text("#!/bin/sh\necho Cannot connect to the Docker daemon >&2\nexit 1\n")
    result = ask(("container", "x"), state="absent")
    assert result["failed"] and "Cannot connect to the Docker daemon" in result["msg"]


def test_nothing_of_a_missing_program_has_to_be_removed(ask, host, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ask(("container", "x"), state="absent")["ours"] == []


def test_a_missing_program_is_said(ask, host, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Could not run docker: this host has no such program" in ask(("container", "x"))["msg"]


@pytest.mark.parametrize("role", ROLES)
def test_the_labels_that_a_role_gives_are_recognized(host, ask, role):
    host("container", "mine", engine.labels(HOME, role, "mine"))
    assert ask(("container", "mine"))["ours"] == ["container/mine"]
    host("container", "theirs", engine.labels(OTHER, role, "theirs"))
    assert f"is of {OTHER}" in ask(("container", "theirs"))["msg"]
