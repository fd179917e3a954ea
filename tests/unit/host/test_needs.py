# SPDX-License-Identifier: Apache-2.0
"""What a host lacks, and what is said of it: real commands, modules and sockets."""

from __future__ import annotations

import os
import pwd
import socket
import sys

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import needs
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.packages import Distribution

from tests.unit.host.docker.daemon_double import Daemon, refusal, reply

NOBODY = pwd.getpwnam("nobody").pw_uid
WITHOUT_NAME = 4_000_000


@pytest.fixture(autouse=True)
def debian(monkeypatch):
    monkeypatch.setattr(needs, "distribution", lambda: Distribution("debian", "debian", "12"))


def as_user(monkeypatch, number):
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_root_is_no_finding_and_another_user_learns_of_become(monkeypatch):
    as_user(monkeypatch, 0)
    assert needs.check_root() is None
    as_user(monkeypatch, NOBODY)
    finding = needs.check_root()
    assert f"the user nobody (id {NOBODY})" in finding.what and "become" in finding.remedy
    as_user(monkeypatch, WITHOUT_NAME)
    assert f"as user id {WITHOUT_NAME}," in needs.check_root().what


def test_a_command_of_the_path_or_of_root_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(needs, "_MORE_FOLDERS", (str(tmp_path / "sbin"),))
    assert needs.check_command("podman").remedy == "apt install podman"
    (tmp_path / "sbin").mkdir()
    (tmp_path / "sbin/podman").touch(mode=0o644)
    assert needs.check_command("podman").what == "the command podman is missing"
    (tmp_path / "sbin/podman").chmod(0o755)
    assert needs.check_command("podman") is None


HAPROXY = needs.Package("haproxy", "2.4", "the ingress", "rgw_ingress_runtime=docker")


def apt_says(monkeypatch, folder, installed, candidate):
    """Have apt-cache know these versions."""
    said = f"haproxy:\n  Installed: {installed}\n  Candidate: {candidate}\n  Version table:\n"
    script = folder / "apt-cache"
    script.write_text(f"#!/bin/sh\n[ \"$LC_ALL $*\" = 'C policy haproxy' ] || exit 1\ncat <<'END'\n{said}END\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("installed", "candidate", "has"),
    [
        ("(none)", "2.2.9-2+deb11u6", "would get 2.2.9-2+deb11u6"),
        ("2.2.9-2+deb11u6", "2.6.12-1", "has 2.2.9-2+deb11u6"),
        ("(none)", "1:2.3.99", "would get 1:2.3.99"),
        ("2.4.0-1", "2.2.9", ""),
        ("(none)", "2.10-1", ""),
        ("(none)", "1:3.0.11-1+deb13u4", ""),
        ("(none)", "(none)", ""),
    ],
)
def test_a_package_that_is_too_old_is_a_finding_and_an_unknown_one_is_none(
    monkeypatch, tmp_path, installed, candidate, has
):
    apt_says(monkeypatch, tmp_path, installed, candidate)
    finding = needs.check_package(HAPROXY)
    if has:
        assert finding.what == f"the ingress needs haproxy 2.4 or later, and this host {has}"
        assert finding.remedy.startswith("set rgw_ingress_runtime=docker, or add a package source")
    else:
        assert finding is None


def test_a_host_without_apt_has_no_finding_about_packages(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert needs.check_package(HAPROXY) is None


def test_a_module_that_is_there_is_no_finding_and_a_missing_one_names_the_interpreter():
    assert needs.check_module("json") is None
    finding = needs.check_module("no_such_module")
    assert finding.what == f"Python at {sys.executable} cannot import no_such_module"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("import no_such_part", "ModuleNotFoundError: No module named 'no_such_part'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_module_that_is_broken_says_what_it_raises(tmp_path, monkeypatch, content, said):
    (tmp_path / "broken_module.py").write_text(content)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert f"cannot import broken_module ({said})" in needs.check_module("broken_module").what


@pytest.fixture
def daemon(tmp_path, monkeypatch):
    """A docker daemon where DOCKER_HOST points."""
    double = Daemon()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "docker.sock"))
        server.listen()
        double.serve(server)
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
        yield double
        server.shutdown(socket.SHUT_RDWR)


def test_a_daemon_that_answers_is_no_finding(daemon):
    assert needs.check_docker(True) is None
    daemon.answers["GET", "/version"] = refusal("503 Service Unavailable", "shutting down")
    finding = needs.check_docker(True)
    assert "HTTP 503 shutting down" in finding.what and "journalctl" in finding.remedy


CEPH = needs.Image("rgwkit/ceph:18", "auto", "quay.io/ceph/ceph:v18")
OFFERED = ("GET", "/distribution/quay.io/ceph/ceph:v18/json")


@pytest.fixture
def no_commands(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(needs, "_MORE_FOLDERS", ())


def test_an_image_that_docker_cannot_pull_needs_mmdebstrap(daemon, no_commands):
    daemon.answers[OFFERED] = refusal("500 Internal Server Error", "dial tcp: lookup quay.io: no such host")
    finding = needs.check_images([CEPH])
    assert finding.what == (
        "the command mmdebstrap is missing, and this host has to make rgwkit/ceph:18 from Debian packages, since the "
        "docker daemon cannot pull quay.io/ceph/ceph:v18 (dial tcp: lookup quay.io: no such host)"
    )
    assert finding.remedy == "apt install mmdebstrap, or let the docker daemon reach the registry"


@pytest.mark.parametrize("image", [CEPH._replace(source="bootstrap"), CEPH._replace(pull="")])
def test_an_image_that_is_made_in_any_case_needs_mmdebstrap_and_no_registry(daemon, no_commands, image):
    finding = needs.check_images([image])
    assert finding.what.endswith("missing, and this host has to make rgwkit/ceph:18 from Debian packages")
    assert finding.remedy == "apt install mmdebstrap" and not any("distribution" in line for line in daemon.asked())


def test_an_image_that_is_there_or_offered_or_not_made_here_needs_nothing(daemon, no_commands):
    assert needs.check_images([CEPH._replace(source="pull"), CEPH._replace(source="build")]) is None
    daemon.answers[OFFERED] = reply({"Descriptor": {"digest": "sha256:0"}})
    assert needs.check_images([CEPH]) is None
    del daemon.answers[OFFERED]
    daemon.answers["GET", "/images/rgwkit/ceph:18/json"] = reply({"Id": "sha256:0"})
    assert needs.check_images([CEPH, CEPH._replace(source="bootstrap")]) is None


def test_only_the_images_that_have_to_be_made_are_named(daemon, no_commands):
    daemon.answers[OFFERED] = reply({"Descriptor": {"digest": "sha256:0"}})
    other = needs.Image("rgwkit/haproxy:2.6", "bootstrap", "")
    assert "has to make rgwkit/haproxy:2.6 from" in needs.check_images([CEPH, other]).what


def test_docker_is_asked_nothing_where_mmdebstrap_is_there(daemon, no_commands, tmp_path):
    (tmp_path / "mmdebstrap").touch(mode=0o755)
    assert needs.check_images([CEPH]) is None and daemon.asked() == []


def test_a_daemon_that_does_not_answer_is_not_said_twice(monkeypatch, no_commands, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    assert needs.check_images([CEPH]) is None


def test_a_missing_socket_says_how_to_start_the_daemon(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    as_user(monkeypatch, 1000)
    finding = needs.check_docker(True)
    assert finding.what == f"could not connect to the docker daemon at {tmp_path}/none: No such file or directory"
    assert finding.remedy.startswith("Start the docker daemon") and not finding.remedy.endswith(".")


def test_a_docker_host_that_no_module_can_use_is_a_finding(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "ssh://somewhere")
    assert "DOCKER_HOST is 'ssh://somewhere'" in needs.check_docker(True).what


def test_a_socket_that_only_root_may_use_is_said_once(monkeypatch, daemon):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    as_user(monkeypatch, 1000)
    assert needs.check_docker(needs_root=True) is None  # check_root has said so
    finding = needs.check_docker(needs_root=False)
    assert "permission denied to user id 1000" in finding.what and "group docker" in finding.remedy
    as_user(monkeypatch, 0)
    assert needs.check_docker(needs_root=True) is not None
