# SPDX-License-Identifier: Apache-2.0
"""Real containers write the folders that the module has made for them, with what the module says to run them with."""

from __future__ import annotations

import json
import os
import secrets
import stat
import subprocess
import time

import pytest
import requests

from tests.integration.host_storage.images import BASE, docker, run
from tests.playbooks import free_port

pytestmark = pytest.mark.long

COMMON = 7007


def use(container, target="/srv/data", read_only=False):
    return {"container": container, "target": target, "read_only": read_only}


def wired(result, name):
    """The options of docker run that the result has for a container."""
    found = result["containers"][name]
    volumes = [f"--volume={volume}" for volume in found["volumes"]]
    return [*volumes, *(f"--group-add={group}" for group in found["groups"])]


def access(path):
    seen = path.stat()
    return seen.st_uid, seen.st_gid, stat.S_IMODE(seen.st_mode)


def test_a_container_writes_its_folder_and_nobody_else_does(folders, app, second, tmp_path):
    entry = {"name": "data", "used_by": [use("app")]}
    containers = [{"name": "app", "image": app}]
    said = folders([entry], containers, check=True)
    assert said["changed"] and not (tmp_path / "own").exists()
    result = folders([entry], containers)
    assert result["changes"] == said["changes"] == ["made own", "data: created for 1234:2345, mode 0700"]
    written = run(app, "sh", "-c", "id -u > /srv/data/mine", options=wired(result, "app"))
    assert written.returncode == 0, written.stderr
    assert (tmp_path / "own" / "data" / "mine").read_text() == "1234\n"
    other = run(second, "sh", "-c", "echo x > /srv/data/theirs", options=wired(result, "app"))
    assert other.returncode != 0 and "denied" in other.stderr
    again = folders([entry], containers)
    assert (again["changed"], again["containers"]) == (False, result["containers"])
    assert access(tmp_path / "own" / "data") == (1234, 2345, 0o700)


def test_the_mark_is_out_of_the_containers_reach(folders, app):
    result = folders([{"name": "data", "used_by": [use("app")]}], [{"name": "app", "image": app}])
    seen = run(app, "ls", "-A", "/srv/data", options=wired(result, "app"))
    assert (seen.returncode, seen.stdout) == (0, "")


def test_users_share_a_folder_by_a_common_group(folders, app, second, tmp_path):
    containers = [{"name": "app", "image": app}, {"name": "second", "image": second}]
    result = folders([{"name": "data", "group": COMMON, "used_by": [use("app"), use("second", "/in")]}], containers)
    assert access(tmp_path / "own" / "data") == (0, COMMON, 0o2770)
    first = run(app, "sh", "-c", "umask 007; echo a > /srv/data/of-app", options=wired(result, "app"))
    assert first.returncode == 0, first.stderr
    act = "cat /in/of-app && echo b >> /in/of-app && mv /in/of-app /in/moved && echo c > /in/of-second"
    then = run(second, "sh", "-c", act, options=wired(result, "second"))
    assert (then.returncode, then.stdout) == (0, "a\n"), then.stderr
    # The set-group-ID bit gives new files the common group.
    assert {access(path)[1] for path in (tmp_path / "own" / "data").iterdir()} == {COMMON}
    alone = [option for option in wired(result, "second") if not option.startswith("--group-add")]
    assert run(second, "ls", "/in", options=alone).returncode != 0


def test_who_reads_cannot_write(folders, app, second):
    containers = [{"name": "app", "image": app}, {"name": "second", "image": second}]
    uses = [use("app"), use("second", "/in", read_only=True)]
    result = folders([{"name": "data", "group": COMMON, "used_by": uses}], containers)
    assert run(app, "sh", "-c", "echo a > /srv/data/a", options=wired(result, "app")).returncode == 0
    assert run(second, "cat", "/in/a", options=wired(result, "second")).stdout == "a\n"
    refused = run(second, "touch", "/in/b", options=wired(result, "second"))
    assert refused.returncode != 0 and "Read-only file system" in refused.stderr


@pytest.mark.parametrize(("relabel", "mode"), [("shared", "z"), ("private", "Z"), ("none", "")])
def test_docker_is_told_the_label(folders, app, relabel, mode):
    """Without SELinux this is as far as a test gets: docker has the letter, and would label the folder by it."""
    entry = {"name": "data", "relabel": relabel, "used_by": [use("app")]}
    result = folders([entry], [{"name": "app", "image": app}])
    container = docker("create", *wired(result, "app"), app, "true")
    try:
        (mount,) = json.loads(docker("container", "inspect", container))[0]["Mounts"]
    finally:
        docker("rm", container)
    assert (mount["Mode"], mount["RW"], mount["Type"]) == (mode, True, "bind")
    assert not os.path.exists("/sys/fs/selinux/enforce"), "this host has SELinux: test the label itself"


def test_an_image_of_another_user_does_not_get_the_data(folders, app, second, tmp_path):
    entry = {"name": "data", "used_by": [use("app")]}
    result = folders([entry], [{"name": "app", "image": app}])
    assert run(app, "sh", "-c", "echo precious > /srv/data/db", options=wired(result, "app")).returncode == 0
    refused = folders([entry], [{"name": "app", "image": second}])
    assert "the folder has content, and is user 1234's" in refused["msg"]
    assert access(tmp_path / "own" / "data") == (1234, 2345, 0o700)
    handed = folders([{**entry, "hand_over": True}], [{"name": "app", "image": second}])
    assert "data: owner 1234 -> 1235" in handed["changes"]
    read = run(second, "sh", "-c", "cat /srv/data/db; echo more >> /srv/data/db", options=wired(handed, "app"))
    assert (read.returncode, read.stdout) == (0, "precious\n"), read.stderr


@pytest.mark.parametrize("check", [True, False])
def test_a_folder_of_somebody_else_is_refused(folders, app, tmp_path, check):
    (tmp_path / "own" / "data").mkdir(parents=True)
    (tmp_path / "own" / "data" / "db").write_text("precious")
    before = access(tmp_path / "own" / "data")
    refused = folders([{"name": "data", "used_by": [use("app")]}], [{"name": "app", "image": app}], check=check)
    assert "has content (data) and no mark .rgwkit" in refused["msg"]
    assert access(tmp_path / "own" / "data") == before


def test_absent_keeps_data_until_told(folders, app, tmp_path):
    result = folders([{"name": "data", "used_by": [use("app")]}], [{"name": "app", "image": app}])
    assert run(app, "touch", "/srv/data/db", options=wired(result, "app")).returncode == 0
    kept = folders([{"name": "data"}], state="absent")
    assert (kept["left"], kept["changed"]) == (["data/"], False) and (tmp_path / "own/data/db").exists()
    assert folders([{"name": "data"}], state="absent", remove_data=True)["changed"]
    assert not (tmp_path / "own").exists()
    assert not folders([{"name": "data"}], state="absent", remove_data=True)["changed"]


def test_a_real_registry_keeps_its_blobs_there(folders, tmp_path):
    """An image of this project as an ordinary user, with a folder that nobody else can read."""
    entry = {"name": "blobs", "used_by": [use("hub", "/var/lib/registry")]}
    result = folders([entry], [{"name": "hub", "image": BASE, "user": "65532"}])
    storage, port = {"filesystem": {"rootdirectory": "/var/lib/registry"}}, free_port()
    config = tmp_path / "config.yml"
    config.write_text(json.dumps({"version": 0.1, "storage": storage, "http": {"addr": f"127.0.0.1:{port}"}}))
    config.chmod(0o644)
    options = ["--user=65532", f"--volume={config}:/etc/docker/registry/config.yml:ro", "--cap-drop=ALL", "--read-only"]
    name = f"rgwkit-test-{secrets.token_hex(3)}"
    try:
        docker("run", "--detach", f"--name={name}", "--network=host", *options, *wired(result, "hub"), BASE)
        assert begun_upload(port) == 202, docker("logs", name)
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True)
    uploads = next((tmp_path / "own" / "blobs").rglob("_uploads"))
    assert uploads.stat().st_uid == 65532


def begun_upload(port, seconds=60):
    """The status of the first answer to a request for an upload."""
    end = time.monotonic() + seconds
    while True:
        try:
            return requests.post(f"http://127.0.0.1:{port}/v2/a/blobs/uploads/", timeout=10).status_code
        except requests.ConnectionError:
            assert time.monotonic() < end
            time.sleep(0.2)
