# SPDX-License-Identifier: Apache-2.0
"""radosgw-admin as a transport, with the program doubled by a script that speaks as the real one does."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph.tool import command_prefix
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.radosgw_admin import RgwAdminCli
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_admin_user


@pytest.fixture
def radosgw_admin(tmp_path, monkeypatch):
    """Puts a program of that name, or of another, first on the PATH."""

    def install(script, name="radosgw-admin"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return install


def test_a_missing_user_is_not_an_error(radosgw_admin):
    radosgw_admin('echo "ERROR: can\'t get key: (2) No such file or directory" >&2; exit 2')
    assert RgwAdminCli([], 5).read_user("u") is None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'unable to get monitor info from DNS SRV' >&2; exit 1", "keyring where radosgw-admin runs"),
        ("echo 'could not remove user: must specify purge data to remove' >&2; exit 17", "owns buckets"),
        ("echo 'something new' >&2; exit 22", "exit code 22, something new. See radosgw-admin(8)"),
        ("exit 2", "exit code 2, nothing said"),
    ],
)
def test_any_other_failure_is_one(radosgw_admin, script, said):
    radosgw_admin(script)
    with pytest.raises(ToolError) as failure:
        RgwAdminCli([], 5).read_user("u")
    assert said in str(failure.value)
    assert str(failure.value).startswith("Could not read user 'u' by radosgw-admin: ")


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ('no container with name or ID "demo" found: no such container', "Is the container's name right"),
        ("can only create exec sessions on running containers: container state improper", "Start the container first"),
    ],
)
def test_podman_s_words_for_a_container_that_is_not_there(radosgw_admin, said, hint):
    radosgw_admin(f"echo 'Error: {said}' >&2; exit 125", "podman")
    with pytest.raises(ToolError) as failure:
        RgwAdminCli(command_prefix("container", "demo", "podman"), 5).read_user("u")
    assert said in str(failure.value) and hint in str(failure.value)


def test_monitors_that_do_not_answer_are_not_waited_for(radosgw_admin):
    radosgw_admin("exec sleep 60")
    with pytest.raises(ToolError, match="no end within 1 s"):
        RgwAdminCli([], 1).read_user("u")


def test_a_record_goes_in_on_standard_input_only(radosgw_admin, tmp_path):
    radosgw_admin(f"printf '%s\\n' \"$@\" >{tmp_path}/arguments; cat >{tmp_path}/record")
    RgwAdminCli([], 5).write_user("u", {"secret_key": "canary-0123456789"})
    assert json.loads((tmp_path / "record").read_text()) == {"secret_key": "canary-0123456789"}
    assert (tmp_path / "arguments").read_text().split() == ["metadata", "put", "user:u"]


def test_ways_to_get_there():
    assert command_prefix("host", None, "docker") == []
    assert command_prefix("cephadm", None, "docker") == ["cephadm", "shell", "--"]
    assert command_prefix("container", "demo", "podman") == ["podman", "exec", "--interactive", "demo"]
    with pytest.raises(InputError, match="container is missing"):
        command_prefix("container", None, "docker")


def test_a_host_without_the_program_says_so(run_module, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    params = {"uid": "a", "access_key": "a", "secret_file": str(tmp_path / "s"), "via": "cephadm"}
    assert "no program 'cephadm'" in run_module(rgw_admin_user, **params)["msg"]
    assert not (tmp_path / "s").exists()


def test_a_record_goes_through_as_the_bytes_that_it_is(radosgw_admin, tmp_path):
    record = b'{"ver": {"ver": 1}, "data": {"user_id": "u", "display_name": "Z\xfcrich \xf0\x9f\x9a\x80"}}'
    (tmp_path / "record").write_bytes(record)
    radosgw_admin(f'case "$2" in get) cat {tmp_path}/record;; put) cat >{tmp_path}/written;; esac')
    client = RgwAdminCli([], 5)
    client.write_user("u", client.read_user("u"))
    assert (tmp_path / "written").read_bytes() == record


def test_the_user_that_is_made_to_look_at_is_removed(radosgw_admin, tmp_path):
    radosgw_admin(
        f'echo "$1 $2 $3" >>{tmp_path}/calls; [ "$2" = get ] && echo \'{{"data": {{"max_buckets": 5}}}}\'; true'
    )
    assert RgwAdminCli([], 5).record_of_a_new_user() == {"data": {"max_buckets": 5}}
    calls = [line.split() for line in (tmp_path / "calls").read_text().splitlines()]
    assert [call[:2] for call in calls] == [["user", "create"], ["metadata", "get"], ["user", "rm"]]
    assert len({call[2].rpartition("rgwkit-new-user-")[2] for call in calls}) == 1
