# SPDX-License-Identifier: Apache-2.0
"""What podman's networks lack, with its command doubled and real files."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import podman_network
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.packages import Distribution

from tests.unit.host.podman_double import Podman


@pytest.fixture
def podman(tmp_path, monkeypatch):
    """A podman with netavark, and a folder for the programs that it needs."""
    monkeypatch.setattr(podman_network, "distribution", lambda: Distribution("debian", "debian", "12"))
    monkeypatch.setattr(podman_network, "_HELPERS", (str(tmp_path / "helpers"),))
    monkeypatch.setattr(podman_network, "_COMMANDS", (str(tmp_path / "commands"),))
    one = Podman(tmp_path, monkeypatch)
    one.answer("info --format", "echo netavark")
    return one


def install(podman, folder, program):
    (podman.folder / folder).mkdir(exist_ok=True)
    (podman.folder / folder / program).touch(mode=0o755)


@pytest.mark.parametrize("firewall", ["iptables", "nft"])
def test_a_host_that_has_all_is_no_finding(podman, firewall):
    install(podman, "helpers", "aardvark-dns")
    install(podman, "commands", firewall)
    assert podman_network.check_podman_network() is None


def test_what_is_missing_has_a_package(podman):
    finding = podman_network.check_podman_network()
    assert "aardvark-dns is missing" in finding.what and finding.remedy == "apt install aardvark-dns"
    install(podman, "helpers", "aardvark-dns")
    finding = podman_network.check_podman_network()
    assert "iptables is missing" in finding.what and finding.remedy == "apt install iptables"


def test_networks_of_the_old_kind_have_no_names(podman):
    podman.answer("info --format", "echo cni")
    finding = podman_network.check_podman_network()
    assert "networks are of the kind cni" in finding.what and "netavark" in finding.remedy


def test_a_podman_that_is_too_old_to_answer_is_another_finding_s(podman):
    podman.refuse("info --format", "Error: can not evaluate field NetworkBackend in type *define.HostInfo")
    assert podman_network.check_podman_network() is None
    podman.answer("info --format", "echo podman version 3.4.4")
    assert podman_network.check_podman_network() is None


def test_a_podman_that_fails_is_a_finding_and_a_missing_one_another_s(podman, monkeypatch, tmp_path):
    podman.refuse("info --format", "Error: no storage")
    assert "no storage" in podman_network.check_podman_network().what
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert podman_network.check_podman_network() is None
