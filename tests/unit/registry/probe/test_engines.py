# SPDX-License-Identifier: Apache-2.0
"""Podman as the round trip uses it, with a program in its place that notes what it is given."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe import engines
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe import roundtrip as registry_roundtrip
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.engines import PodmanEngine
from ansible_collections.rgwkit.ceph.plugins.modules import registry_roundtrip as module

REGISTRY, IMAGE, DIGEST = "127.0.0.1:5000", "127.0.0.1:5000/a/b:tag", "sha256:" + "a" * 64
LOGIN = Login("ci", "not-to-be-shown")
# Notes words, login and authorities of each call; knows one image, whose name is in the file `images`.
PODMAN = r"""
echo "$*" >> calls
for word; do
  case $word in
    --authfile=*) file=${word#*=}; cat "$file" >> logins; stat --format=%a "$file" "${file%/*}" >> modes ;;
    --cert-dir=*) cat "${word#*=}"/*.crt >> authorities ;;
    --digestfile=*) printf %s "$DIGEST" > "${word#*=}" ;;
  esac
done
case "$1 $2" in
  import*) cat > layer; echo "$4" > images; echo id-1 ;;
  pull*) for word; do :; done; echo "$word" > images ;;
  "image rm") rm images ;;
  "image inspect") [ -s images ] || { echo "Error: no such image" >&2; exit 125; }
                   printf '[{"Id": "id-1", "Digest": "%s"}]' "$DIGEST" ;;
esac
"""


class Podman:
    """The program in a folder of its own."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        self.does(PODMAN)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        monkeypatch.setenv("DIGEST", DIGEST)
        # Where the login is written.
        self.memory = folder / "memory"
        self.memory.mkdir()
        monkeypatch.setattr(engines, "_MEMORY", str(self.memory))

    def does(self, script):
        path = self.folder / "podman"
        path.write_text(f"#!/bin/sh\ncd {self.folder}\n{script}\n")
        path.chmod(0o755)

    def noted(self, name):
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def podman(tmp_path, monkeypatch):
    return Podman(tmp_path, monkeypatch)


def engine(registry=REGISTRY, tls=False, ca_file=None, timeout=10):
    return PodmanEngine(registry, tls, ca_file, timeout)


def test_a_round_trip_leaves_no_image_and_no_login(podman, run_module, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "session_of", lambda *_given: None)
    monkeypatch.setattr(registry_roundtrip, "_delete", lambda *_given: True)
    given = {"registry": REGISTRY, "runtime": "podman", "size": 512, "username": "ci", "password": LOGIN.secret}
    done = run_module(module, **given)
    assert (done["digest"], done["runtime"], done["removed"]) == (DIGEST, "podman", True), done
    calls = podman.noted("calls")
    assert [" ".join(call.split()[:2]) for call in calls if not call.startswith("image inspect")] == [
        "import --quiet",
        "push --quiet",
        "image rm",
        "pull --quiet",
        "image rm",
    ]
    assert b"rgwkit-roundtrip" in (tmp_path / "layer").read_bytes()
    assert not any(LOGIN.secret in line or LOGIN.basic.split()[1] in line for line in calls)
    assert LOGIN.secret not in done["printed"]
    assert not (tmp_path / "images").exists() and list(podman.memory.iterdir()) == []


def test_the_login_is_in_a_file_that_nobody_else_reads(podman):
    assert engine().push(IMAGE, LOGIN) == DIGEST and engine().pull(IMAGE, LOGIN) == DIGEST
    wanted = {"auths": {REGISTRY: {"auth": LOGIN.basic.split()[1]}}}
    assert "".join(podman.noted("logins")) == json.dumps(wanted) * 2
    assert podman.noted("modes") == ["600", "700"] * 2


def test_without_a_login_no_login_of_the_host_is_used(podman):
    engine().push(IMAGE, None)
    assert podman.noted("logins") == [json.dumps({"auths": {}})]


@pytest.mark.parametrize(
    ("registry", "tls", "verified"),
    [
        ("127.0.0.1:5000", False, "false"),
        ("127.0.0.1:5000", True, "false"),
        ("hub.example:5000", False, "false"),
        ("hub.example:5000", True, "true"),
    ],
)
def test_a_certificate_counts_where_others_reach_the_registry(podman, tmp_path, registry, tls, verified):
    (tmp_path / "ca.pem").write_text("AUTHORITY\n")
    engine(registry, tls, str(tmp_path / "ca.pem")).push(IMAGE, None)
    assert f"--tls-verify={verified}" in podman.noted("calls")[0]
    assert podman.noted("authorities") == (["AUTHORITY"] if verified == "true" else [])


def test_the_last_words_of_podman_are_the_error(podman):
    podman.does("echo trying >&2; echo 'Error: writing blob: authentication required' >&2; exit 125")
    with pytest.raises(ToolError, match=r"run podman push .*: Error: writing blob: authentication required"):
        engine().push(IMAGE, LOGIN)
    assert list(podman.memory.iterdir()) == []


def test_a_command_that_does_not_end_is_given_up(podman):
    podman.does("exec sleep 60")
    with pytest.raises(ToolError, match="no end within"):
        engine(timeout=0.2).push(IMAGE, LOGIN)
    assert list(podman.memory.iterdir()) == []


def test_a_host_without_podman_is_told_to_install_podman(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="Install podman"):
        engine().import_image(b"", IMAGE)
