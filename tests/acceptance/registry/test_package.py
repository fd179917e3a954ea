# SPDX-License-Identifier: Apache-2.0
"""A registry without docker: Debian's package, run by systemd, on a host that has neither before the first run."""

from __future__ import annotations

import pytest

from .debian_host import debian_host


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with debian_host(tmp_path_factory.mktemp("package")) as host:
        checked = host.play("--check", "--diff")
        assert checked.code == 0, checked.output[-4000:]
        assert host.tell("find", "/etc", "/usr/bin", "-name", "hub*", "-o", "-name", "docker*") == ""
        first = host.play("-vvvv", "--diff")
        assert first.code == 0, first.output[-4000:]
        assert host.tell("cat", "/etc/rgwkit/hub/http.secret") not in first.output
        yield host


def test_a_registry_runs_confined_and_a_second_run_changes_nothing(host):
    began = host.shown("ActiveEnterTimestampMonotonic")
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert host.shown("ActiveEnterTimestampMonotonic") == began
    pid = host.shown("MainPID")
    status = dict(line.split(":", 1) for line in host.tell("cat", f"/proc/{pid}/status").splitlines())
    assert (status["Uid"].split()[0], status["NoNewPrivs"].strip(), status["CapEff"].strip("\t0")) == ("65532", "1", "")
    group = host.tell("id", "--group", "rgwkit-65532").strip()
    assert host.tell("stat", "--format=%u %g %a", "/etc/rgwkit/hub/config.yml").strip() == f"0 {group} 640"
    assert host.tell("stat", "--format=%u %a", "/etc/rgwkit").strip() == "0 755"
    assert host.tell("find", "/etc/rgwkit/hub/data", "-name", "data", "-type", "f") != "", "nothing was pushed"


def test_it_sees_and_calls_no_more_than_it_has_to(host):
    exposure = host.tell("systemd-analyze", "security", "--no-pager", "hub.service").splitlines()[-1]
    assert float(exposure.split(": ")[1].split()[0]) < 2.5, exposure
    inside = ["nsenter", f"--target={host.shown('MainPID')}", "--mount"]
    assert "Read-only file system" in host.tell(*inside, "touch", "/etc/docker/registry/config.yml")
    assert "Read-only file system" in host.tell(*inside, "touch", "/usr/bin/another")
    assert host.tell(*inside, "sh", "-c", "ls -A /tmp /root; ls /dev/vda /dev/sda 2>/dev/null") == "/root:\n\n/tmp:"


def test_a_host_that_boots_again_has_its_registry_with_its_images(host):
    before = host.tell("find", "/etc/rgwkit/hub/data", "-name", "data", "-type", "f")
    host.boot()
    host.wait_for(lambda: host.header("Docker-Distribution-Api-Version") == "registry/2.0", "the registry")
    assert host.tell("find", "/etc/rgwkit/hub/data", "-name", "data", "-type", "f") == before != ""
    again = host.play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_the_distribution_s_own_registry_stays_off(host):
    assert host.tell("systemctl", "is-enabled", "docker-registry") == "disabled"
    assert host.shown("ActiveState", "docker-registry") == "inactive"
    assert host.shown("ActiveEnterTimestampMonotonic", "docker-registry") == "0", "it has run"


def test_another_configuration_restarts_it_and_a_run_that_was_cut_off_is_made_good(host):
    began = host.shown("ActiveEnterTimestampMonotonic")
    headers = {"registry_headers": {"X-Proof": ["two"]}}
    changed = host.play(**headers)
    assert changed.code == 0, changed.output[-4000:]
    assert host.shown("ActiveEnterTimestampMonotonic") != began
    assert host.header("X-Proof") == "two"
    # As if that run had written the file and not come to the restart.
    restarted = host.shown("ActiveEnterTimestampMonotonic")
    host.tell("sed", "-i", "s,config.yml,other.yml,", "/etc/rgwkit/hub/loaded")
    repaired = host.play(**headers)
    assert (repaired.code, repaired.count("changed")) == (0, 1), repaired.output[-4000:]
    assert host.shown("ActiveEnterTimestampMonotonic") != restarted


def test_a_configuration_that_the_registry_refuses_changes_nothing(host):
    before = host.shown("ActiveEnterTimestampMonotonic"), host.tell("sha256sum", "/etc/rgwkit/hub/config.yml")
    words = {"realm": "https://auth.test/token", "service": "hub", "issuer": "auth.test"}
    refused = host.play(registry_token={**words, "rootcertbundle": "/etc/docker/registry/missing.pem"})
    assert refused.code != 0 and "new configuration of hub failed" in refused.output, refused.output[-4000:]
    assert "missing.pem: no such file" in refused.output
    after = host.shown("ActiveEnterTimestampMonotonic"), host.tell("sha256sum", "/etc/rgwkit/hub/config.yml")
    assert after == before and host.header("Docker-Distribution-Api-Version") == "registry/2.0"
    assert host.tell("find", "/etc/rgwkit/hub", "-name", "trial") == ""
    assert host.shown("LoadState", "hub-trial") == "not-found"


def test_a_configuration_that_fails_in_place_gives_way_to_the_one_before(host):
    before = host.tell("sha256sum", "/etc/rgwkit/hub/config.yml", "/etc/systemd/system/hub.service")
    header, began = host.header("X-Proof"), host.shown("ActiveEnterTimestampMonotonic")
    # The trial gives the debug server a port of its own; in place it meets the registry's.
    failed = host.play(registry_http={"debug": {"addr": "127.0.0.1:5001"}}, registry_headers={"X-Proof": ["three"]})
    said = " ".join(failed.output.split())
    assert failed.code != 0 and "the new configuration of hub was put in place, and " in said, failed.output[-4000:]
    message = said[said.index("the new configuration of hub was put in place, and ") :]
    assert "address already in use" in message and "the registry listens on 127.0.0.1:5001 again" in message, message
    assert host.tell("sha256sum", "/etc/rgwkit/hub/config.yml", "/etc/systemd/system/hub.service") == before
    assert host.header("X-Proof") == header
    assert host.shown("ActiveEnterTimestampMonotonic") != began
    assert host.tell("find", "/etc/rgwkit/hub", "-name", "previous") == ""


def test_a_port_of_root_s_is_the_only_right_of_root_s(host):
    moved = host.play(registry_port=443)
    assert moved.code == 0, moved.output[-4000:]
    status = dict(line.split(":", 1) for line in host.tell("cat", f"/proc/{host.shown('MainPID')}/status").splitlines())
    # CAP_NET_BIND_SERVICE.
    assert (status["Uid"].split()[0], int(status["CapEff"], 16)) == ("65532", 1 << 10)
    assert ":443 " in host.tell("ss", "-Hlnt")


def test_absent_leaves_nothing(host):
    gone = host.play(registry_state="absent", registry_remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    assert host.shown("LoadState") == "not-found"
    assert host.tell("find", "/etc", "-path", "/etc/rgwkit", "-o", "-path", "/etc/systemd/system/hub*") == ""
    assert host.tell("ss", "-Hlnt") == "", "something still listens"
