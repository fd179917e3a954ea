# SPDX-License-Identifier: Apache-2.0
"""Whether podman on a host can run services, with podman doubled."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import podman


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Put a podman before the host's that says this, on a host that systemd has booted or not."""

    def say(said: str, code: int = 0, systemd: bool = True) -> None:
        (tmp_path / "podman").write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
        (tmp_path / "podman").chmod(0o755)
        monkeypatch.setattr(podman, "_SYSTEMD", str(tmp_path if systemd else tmp_path / "none"))

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return say


@pytest.mark.parametrize("said", ["podman version 4.3.1", "podman version 4.10.0", "podman version 5.0.0-rc1"])
def test_a_podman_that_can_is_no_finding(host, said):
    host(said)
    assert podman.check_podman() is None


@pytest.mark.parametrize(
    ("said", "code", "systemd", "what"),
    [
        ("podman version 3.4.4", 0, True, "podman is 3.4, and services need 4.3 or later"),
        ("podman version 4.2.9", 0, True, "podman is 4.2, and services need 4.3 or later"),
        ("cannot clone", 125, True, "podman does not tell its version: cannot clone"),
        ("podman version 4.3.1", 0, False, "systemd does not run here"),
    ],
)
def test_a_podman_that_cannot_is_one(host, said, code, systemd, what):
    host(said, code, systemd)
    finding = podman.check_podman()
    assert finding is not None and finding.what.startswith(what) and finding.remedy


def test_a_missing_command_is_the_finding_of_another_check(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert podman.check_podman() is None


@pytest.mark.parametrize(("candidate", "found"), [("3.0.1+dfsg1-3+deb11u5", True), ("5.4.2+ds1-2+b2", False)])
def test_a_missing_podman_that_would_be_too_old_is_a_finding(monkeypatch, tmp_path, candidate, found):
    (tmp_path / "apt-cache").write_text(f"#!/bin/sh\necho 'podman:\n  Installed: (none)\n  Candidate: {candidate}'\n")
    (tmp_path / "apt-cache").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = podman.check_podman()
    assert bool(finding) is found
    assert (
        not finding
        or finding.what == f"the runtime podman needs podman 4.3 or later, and this host would get {candidate}"
    )
