# SPDX-License-Identifier: Apache-2.0
"""Whether an ordinary user can run services, with kernel, podman and systemd doubled."""

from __future__ import annotations

import os

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import rootless

from tests.unit.host.podman_double import Podman

RANGES = "         0       1000          1\n         1     100000      65536\n"
COMMANDS = ("newuidmap", "newgidmap", "slirp4netns", "systemctl")


@pytest.fixture
def host(tmp_path, monkeypatch):
    """A host on which the user ada can run services. The double of podman, and what a test changes of the host."""
    podman = Podman(tmp_path, monkeypatch)
    for name in COMMANDS:
        (tmp_path / name).write_text("#!/bin/sh\nexit 0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setattr(rootless.shutil, "which", lambda name: (tmp_path / name).exists() or None)
    (tmp_path / "maps").write_text(RANGES * 2)
    podman.answer("unshare cat", f"cat {tmp_path}/maps")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(rootless, "_name", lambda: "ada")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    for name in ("_PROC", "_SYSTEMD", "_LINGER", "_JOURNAL"):
        monkeypatch.setattr(rootless, name, str(tmp_path / name.strip("_").lower()))
        (tmp_path / name.strip("_").lower()).mkdir()
    monkeypatch.setattr(rootless, "_TUN", str(tmp_path / "tun"))
    monkeypatch.setattr(rootless, "_groups", lambda: ["ada"])
    (tmp_path / "tun").touch()
    (tmp_path / "linger" / "ada").touch()
    setting(tmp_path, "user.max_user_namespaces", "96365")
    return podman


def setting(folder, name, value):
    path = folder / "proc" / name.replace(".", "/")
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{value}\n")


def findings(network=True):
    return rootless.check_rootless(network)


def only(network=True):
    (finding,) = findings(network)
    return finding


def test_a_host_that_lets_the_user_is_no_finding(host):
    assert findings() == []


def test_root_is_no_ordinary_user(host, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert only().what.startswith("the tasks run as root") and "ceph_demo_scope=system" in only().remedy


@pytest.mark.parametrize("name", ["user.max_user_namespaces", "kernel.unprivileged_userns_clone"])
def test_the_setting_that_forbids_user_namespaces_is_named(host, name):
    setting(host.folder, name, "0")
    assert f"{name} is 0" in only().what and f"as root: sysctl -w {name}=" in only().remedy
    assert host.asked() == []


def test_a_kernel_without_the_settings_is_no_finding(host):
    (host.folder / "proc/user/max_user_namespaces").unlink()
    assert findings() == []


def test_apparmor_that_restricts_podman_is_named(host):
    setting(host.folder, "kernel.apparmor_restrict_unprivileged_userns", "1")
    assert findings() == []
    host.refuse("unshare cat", "cannot clone: Permission denied", "Error: cannot re-exec process")
    assert only().what == "podman cannot create a user namespace for ada: Error: cannot re-exec process"
    assert "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" in only().remedy


def test_a_refusal_for_another_reason_says_what_podman_says(host):
    host.refuse("unshare cat", "cannot clone: Operation not permitted")
    assert "Operation not permitted" in only().what and "seccomp" in only().remedy
    host.refuse("unshare cat", "cannot clone: No space left on device")
    assert "raise user.max_user_namespaces, which is 96365" in only().remedy


def test_missing_programs_are_packages(host):
    (host.folder / "newuidmap").unlink()
    (host.folder / "slirp4netns").unlink()
    assert [finding.what.split()[0] for finding in findings()] == ["newuidmap", "slirp4netns"]
    assert "uidmap" in findings()[0].remedy and "slirp4netns" in findings()[1].remedy
    # Podman would say the same in other words.
    assert host.asked() == []


def test_podman_5_has_another_way_out(host):
    (host.folder / "slirp4netns").rename(host.folder / "pasta")
    assert findings() == []


@pytest.mark.parametrize(
    "maps",
    ["0 1000 1\n" * 2, RANGES + "0 1000 1\n", "0 1000 1\n1 100000 1000\n" + RANGES],
    ids=["no ranges", "no groups", "few users"],
)
def test_too_few_subordinate_ids_are_a_command(host, maps):
    (host.folder / "maps").write_text(maps)
    assert "ada has too few subordinate users and groups" in only().what
    assert "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ada" in only().remedy
    assert "as ada: podman system migrate" in only().remedy


def test_a_missing_podman_is_the_finding_of_another_check(host):
    (host.folder / "podman").unlink()
    assert findings() == []


def test_no_login_is_said(host, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert only().what.startswith("XDG_RUNTIME_DIR is not set")
    assert "machinectl shell ada@" in only().remedy and "export XDG_RUNTIME_DIR=/run/user/1000" in only().remedy


def test_a_manager_that_does_not_answer_is_said(host):
    (host.folder / "systemctl").write_text("#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2; exit 1\n")
    assert only().what == "systemd's manager of ada does not answer: Failed to connect to bus: No medium found"
    assert "dbus-user-session" in only().remedy


def test_a_user_who_does_not_linger_is_said(host):
    (host.folder / "linger" / "ada").unlink()
    assert "does not linger" in only().what and "loginctl enable-linger ada" in only().remedy


def test_a_journal_in_memory_is_said_unless_the_user_may_read_it(host, monkeypatch):
    (host.folder / "journal").rmdir()
    assert "the journal is in memory only" in only().what and "systemd-journal ada" in only().remedy
    monkeypatch.setattr(rootless, "_groups", lambda: ["ada", "adm"])
    assert findings() == []


def test_a_host_without_systemd_is_the_finding_of_another_check(host, monkeypatch):
    (host.folder / "systemd").rmdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    (host.folder / "linger" / "ada").unlink()
    assert findings() == []


def test_a_closed_device_is_said_where_a_network_is_wanted(host):
    (host.folder / "tun").unlink()
    assert "is missing or closed to this user" in only().what and "modprobe tun" in only().remedy
    assert findings(network=False) == []


def test_all_findings_come_at_once(host):
    setting(host.folder, "user.max_user_namespaces", "0")
    (host.folder / "linger" / "ada").unlink()
    (host.folder / "tun").unlink()
    assert len(findings()) == 3
