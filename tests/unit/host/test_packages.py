# SPDX-License-Identifier: Apache-2.0
"""Names of packages, by the os-release files that distributions have."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import packages
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.packages import Distribution, distribution

# The fields that count, as the distributions write them.
DEBIAN_12 = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
DEBIAN_13 = 'VERSION_ID="13"\nID=debian\n'
DEBIAN_SID = "# no version\nID=debian\n\n"
UBUNTU = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n'
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n'
LEAP = 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n'
ALPINE = "ID=alpine\nVERSION_ID=3.20.1\n"


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Writes the host's os-release."""

    def write(text):
        (tmp_path / "os-release").write_text(text)
        return distribution()

    monkeypatch.setattr(packages, "_RELEASE_FILES", (str(tmp_path / "none"), str(tmp_path / "os-release")))
    return write


@pytest.mark.parametrize(
    ("text", "docker", "podman"),
    [
        (DEBIAN_12, "apt install docker.io", "apt install podman"),
        (DEBIAN_13, "apt install docker-cli", "apt install podman"),
        (DEBIAN_SID, "apt install docker-cli", "apt install podman"),
        (UBUNTU, "apt install docker.io", "apt install podman"),
        (ROCKY, "dnf install docker-ce-cli, from the package repository of Docker, Inc.", "dnf install podman"),
        (LEAP, "zypper install docker", "zypper install podman"),
        (ALPINE, "install the package of this distribution that has docker", None),
        ("", "install the package of this distribution that has docker", None),
    ],
)
def test_a_command_has_a_package(release, text, docker, podman):
    host = release(text)
    assert host.command_remedy("docker") == docker
    assert host.command_remedy("podman") == podman or podman is None
    assert "systemd" in host.command_remedy("systemctl") or not host.family


def test_a_host_without_os_release_has_generic_remedies(monkeypatch):
    monkeypatch.setattr(packages, "_RELEASE_FILES", ("/nonexistent",))
    assert distribution() == Distribution("", "", "")


@pytest.fixture
def python(monkeypatch, tmp_path):
    """Makes the tests' interpreter look like one at another place; the system's Python is a file of the test's own."""
    system = tmp_path / "usr-bin-python3"
    system.touch()
    monkeypatch.setattr(packages, "_SYSTEM_PYTHON", str(system))

    def look_like(executable, prefix="/usr", base="/usr"):
        monkeypatch.setattr(sys, "executable", executable or str(system))
        monkeypatch.setattr(sys, "prefix", prefix)
        monkeypatch.setattr(sys, "base_prefix", base)
        monkeypatch.setattr(sys, "version_info", (3, 11, 2))

    return look_like


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        (DEBIAN_12, "apt install python3-requests"),
        (ROCKY, "dnf install python3-requests"),
        (LEAP, "zypper install python3-requests"),
        (ALPINE, "install the package of this distribution that has the Python module requests"),
    ],
)
def test_the_distribution_s_python_gets_the_distribution_s_package(release, python, text, remedy):
    python("")
    assert release(text).module_remedy("requests") == remedy


@pytest.mark.parametrize(
    ("text", "remedy"),
    [(ROCKY, "dnf install python3.11-requests"), (LEAP, "zypper install python311-requests")],
)
def test_a_second_python_of_the_distribution_has_packages_of_its_own(release, python, text, remedy):
    python("/usr/bin/python3.11")
    assert release(text).module_remedy("requests") == remedy


def test_a_python_of_somebody_s_own_gets_no_package_of_the_distribution(release, python):
    python("/usr/local/bin/python3", "/usr/local", "/usr/local")
    remedy = release(DEBIAN_12).module_remedy("requests")
    assert "ansible_python_interpreter" in remedy and "apt install python3-requests" in remedy
    assert remedy.endswith("install requests for /usr/local/bin/python3")


def test_pip_is_recommended_in_a_virtual_environment_alone(release, python):
    python("/opt/my venv/bin/python", "/opt/my venv", "/usr")
    remedy = release(DEBIAN_12).module_remedy("requests")
    assert remedy == "'/opt/my venv/bin/python' -m pip install requests (in this virtual environment)"
    for look in (("",), ("/usr/bin/python3.11",), ("/usr/local/bin/python3", "/usr/local", "/usr/local")):
        python(*look)
        assert not any("pip" in release(text).module_remedy("requests") for text in (DEBIAN_12, ROCKY, LEAP, ALPINE))
