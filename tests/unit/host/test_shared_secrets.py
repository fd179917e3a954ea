# SPDX-License-Identifier: Apache-2.0
"""Secrets that several hosts share: read on one host, written on the others, and no change where all is the same."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import shared_secrets

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(run_module: Callable[..., dict[str, Any]]) -> Run:
    """Run the module for the inventory `here`."""

    def run_one(*files: dict[str, Any], check: bool = False, **options: Any) -> dict[str, Any]:
        return run_module(shared_secrets, files=list(files), check=check, **{"home": "here", **options})

    return run_one


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_created_once_and_copied_to_the_byte(run, tmp_path):
    source, copy = tmp_path / "source" / "http.secret", tmp_path / "copy" / "http.secret"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "key").write_bytes(b"line\r\n")
    files = [{"path": str(source), "generate": True}, {"path": str(tmp_path / "source" / "key")}]
    made = run(*files)
    assert made["changed"] and made["changes"][-1] == f"{source}: create"
    assert len(source.read_text()) == 40 and source.read_text().isalnum() and mode(source) == 0o600
    again = run(*files)
    assert not again["changed"] and again["contents"] == made["contents"]

    wanted = [{**one, "path": str(copy.with_name(Path(one["path"]).name))} for one in made["contents"]]
    written = run(*wanted)
    assert written["changed"] and written["contents"] == []
    assert copy.read_bytes() == source.read_bytes() and copy.with_name("key").read_bytes() == b"line\r\n"
    assert mode(copy) == 0o600 and mode(copy.parent) == 0o700
    assert not run(*wanted)["changed"]


@pytest.mark.parametrize("spoil", [lambda path: path.write_text("old"), lambda path: path.chmod(0o644), Path.unlink])
def test_what_differs_is_written_and_named_without_the_secret(run, tmp_path, spoil):
    path = tmp_path / "folder" / "key"
    file = {"path": str(path), "content": "canary-4711"}
    run(file)
    spoil(path)
    planned = run(file, check=True)
    assert planned["changed"] and not (path.exists() and path.read_text() == "canary-4711" and mode(path) == 0o600)
    done = run(file)
    assert done["changes"] == planned["changes"] and len(done["changes"]) == 1
    assert path.read_text() == "canary-4711" and mode(path) == 0o600
    assert "canary" not in json.dumps([planned, done])


def test_check_mode_creates_nothing_and_leaves_out_what_is_missing(run, tmp_path):
    folder = tmp_path / "folder"
    files = [{"path": str(folder / "made"), "generate": True}, {"path": str(folder / "other")}]
    planned = run(*files, check=True)
    assert planned["changed"] and planned["contents"] == [] and not folder.exists()


def test_a_missing_secret_that_nobody_creates_is_a_failure_with_a_remedy(run, tmp_path):
    failed = run({"path": str(tmp_path / "folder" / "key")})
    assert failed["failed"] and "there is no such file" in failed["msg"] and "shared_secrets_source" in failed["msg"]


def test_a_file_that_is_no_text_is_a_failure(run, tmp_path):
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    failed = run({"path": str(tmp_path / "key")})
    assert failed["failed"] and "not text in UTF-8" in failed["msg"]


def test_a_folder_of_another_inventory_is_refused_and_left_alone(run, tmp_path):
    path = tmp_path / "folder" / "key"
    run({"path": str(path), "content": "mine"})
    refused = run({"path": str(path), "content": "yours"}, home="there")
    assert refused["failed"] and "not this inventory's" in refused["msg"] and path.read_text() == "mine"
    assert run({"path": str(path), "content": "yours"}, home="there", takeover=True)["changed"]
    assert path.read_text() == "yours"


def test_a_folder_of_others_is_marked_and_keeps_its_access(run, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o750)
    (folder / "theirs").write_text("x")
    run({"path": str(folder / "key"), "content": "mine"})
    assert mode(folder) == 0o750 and (folder / ".rgwkit").exists() and (folder / "theirs").read_text() == "x"


def test_the_secret_of_a_faster_host_counts(run, tmp_path, monkeypatch):
    """Two hosts of a play ask their source for the same missing secret at once."""
    path = tmp_path / "key"

    def link(self: Any, name: str) -> None:
        Path(name).write_text("faster")
        raise FileExistsError(name)

    monkeypatch.setattr("ansible_collections.rgwkit.ceph.plugins.module_utils.host.shared_secrets.NewFile.link", link)
    found = run({"path": str(path), "generate": True})
    assert found["contents"] == [{"path": str(path), "content": "faster"}]
