# SPDX-License-Identifier: Apache-2.0
"""What the summary of a demo shows, and the folders around the demo's."""

from __future__ import annotations

from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.report import DemoReport


def report(
    parent: str = "",
    verification: str = "",
    programs: str = "",
    runtime: str = "docker",
    pushed_by: str = "",
    **roundtrip: Any,
) -> DemoReport:
    role = {
        "parent": parent,
        "runtime": runtime,
        "dir": "/demo/own",
        "choices": {},
        "endpoint": "http://127.0.0.1:8080",
        "registry": "127.0.0.1:5000",
        "user": {"name": "demo", "password_file": "/password"},
    }
    role |= {
        "swift_user": "demo:swift",
        "swift_secret_file": "/swift",
        "s3_access_key": "demo",
        "s3_secret_file": "/s3",
    }
    roundtrip |= {"runtime": pushed_by} if pushed_by else {}
    return DemoReport(role, verification, programs, roundtrip, "/inventories/demo", lambda: "release")


def test_open_folders_are_those_that_the_demo_has():
    assert report().open_folders == []
    verification, parent = report("/demo", "/demo/report").open_folders
    assert (verification["path"], parent) == ("/demo/report", {"path": "/demo", "contents": []})
    assert "report.html" in verification["contents"]


def test_a_missing_folder_is_noticed(tmp_path):
    assert not report().lacks_folder and not report(str(tmp_path)).lacks_folder
    assert report(str(tmp_path), str(tmp_path / "report")).lacks_folder


def test_the_record_has_what_the_files_are_made_of():
    record = report().record
    files = record["managed_files"]
    assert files[:3] == [f"/demo/own/{name}" for name in (".rgwkit", "choices.yml", "clients/swift.sh")]
    assert "/demo/own/clients/s3cfg" in files and files[-3:] == ["/swift", "/s3", "/password"]
    assert record["managed"]["variables"]["endpoint"] == "http://127.0.0.1:8080"
    assert (record["path"], record["runtime"]) == ("/demo/own/loaded", "none")


def test_clients_are_called_by_path_only_where_both_are_installed(tmp_path):
    (tmp_path / "swift").touch()
    by_name = {"installed": False, "swift": "swift", "s3cmd": "s3cmd"}
    assert report(programs=str(tmp_path)).clients == by_name
    (tmp_path / "s3cmd").touch()
    by_path = {"installed": True, "swift": f"{tmp_path}/swift", "s3cmd": f"{tmp_path}/s3cmd"}
    assert report(programs=str(tmp_path)).clients == by_path


def test_a_push_is_told_with_size_and_times():
    told = report(size=1_600_000, push_seconds=1.0561, pull_seconds=0.304).push
    assert told == "docker push 1.5 MiB in 1.06 s, pull in 0.3 s, digests equal"
    assert report().push == "docker push 0.0 MiB in 0 s, pull in 0 s, digests equal"
    assert report(runtime="docker", pushed_by="podman").push.startswith("podman push "), "another runs the demo"


def test_podman_is_told_that_the_registry_has_no_tls():
    assert report().client["login"] == "docker login" and report().client["push"] == "docker push"
    one = report(runtime="podman")
    assert one.client == {
        "login": "podman login --tls-verify=false",
        "tag": "podman tag",
        "push": "podman push --tls-verify=false",
        "exec": "podman exec",
    }
    assert one.push.startswith("podman push ")
