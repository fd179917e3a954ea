# SPDX-License-Identifier: Apache-2.0
"""The demo on a host with podman and without docker: from one message through a push and a reboot to nothing."""

from __future__ import annotations

import re

import pytest

from tests.acceptance.demo.podman_demo import DIRECTORY, NAME, REGISTRY, REGISTRY_IMAGE, podman_demo
from tests.ceph import IMAGE

OLD_PODMAN = "printf '#!/bin/sh\\necho podman version 3.4.4\\n' > /usr/local/bin/podman; chmod +x /usr/local/bin/podman"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The demo, as the first run has left it."""
    with podman_demo(tmp_path_factory.mktemp("demo")) as site:
        checked = site.play("demo", "--check", "--diff")
        assert checked.code == 0, checked.output[-4000:]
        assert checked.count("changed") >= 5
        assert "A real run would create the gateway" in " ".join(checked.output.split())
        assert site.things() == ""
        first = site.play("demo", "-vvvv", "--diff")
        assert first.code == 0, first.output[-4000:]
        site.told = first.output
        yield site


def started(site):
    return site.do(f"podman inspect --format '{{{{.Id}}}}' {NAME} rgwkit-registry")


def summary_line(site, begins):
    found = re.search(rf"^{re.escape(begins)}.*$", site.do(f"cat {DIRECTORY}/summary.txt"), flags=re.MULTILINE)
    assert found, begins
    return found.group(0)


def test_there_is_no_docker(site):
    assert site.do("command -v docker dockerd || true") == ""


def test_a_second_run_changes_nothing(site):
    before = started(site)
    again = site.play("demo")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert "nothing differs, and the gateway works" in again.output and started(site) == before


def test_login_push_and_pull_work_as_the_summary_says(site):
    site.do(summary_line(site, "podman login"))
    site.do(summary_line(site, "podman tag"))
    site.do(f"podman rmi {REGISTRY}/hello && podman pull --quiet --tls-verify=false {REGISTRY}/hello")
    assert "podman push 1.0 MiB" in site.do(f"cat {DIRECTORY}/summary.txt")
    assert "health: HEALTH_" in site.do(summary_line(site, "podman exec"))


def test_the_demo_has_no_rights_that_it_does_not_need(site):
    pid = site.do(f"podman inspect --format '{{{{.State.Pid}}}}' {NAME}").strip()
    status = dict(line.split(":", 1) for line in site.do(f"cat /proc/{pid}/status").splitlines())
    # CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER and CAP_NET_BIND_SERVICE.
    assert int(status["CapBnd"], 16) == 1 << 0 | 1 << 1 | 1 << 3 | 1 << 10
    assert status["NoNewPrivs"].strip() == "1"
    assert "Read-only file system" in site.tell("podman", "exec", NAME, "touch", "/usr/bin/ceph.new")
    assert site.do(f"podman inspect --format '{{{{.HostConfig.PidsLimit}}}}' {NAME}").strip() == "8192"


def test_only_the_host_reaches_the_gateway(site):
    assert site.do(f"podman port {NAME}").strip() == "8080/tcp -> 127.0.0.1:8080"


def test_no_secret_is_told(site):
    files = site.do(f"ls {DIRECTORY}/users/* {DIRECTORY}/*/*.secret").split()
    shown = [site.told, site.do(f"podman inspect {NAME} rgwkit-registry; cat /etc/systemd/system/rgwkit-*.service")]
    shown += [site.do("journalctl --no-pager"), site.do("ps -e -o args --no-headers || cat /proc/[0-9]*/cmdline")]
    assert len(files) >= 5
    for secret in (site.do(f"cat {file}").strip() for file in files):
        assert len(secret) >= 40 and not any(secret in text for text in shown)


def test_a_host_that_boots_again_has_its_demo(site):
    stored = site.do(f"podman exec {NAME} radosgw-admin bucket list")
    site.reboot()
    ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/swift/healthcheck', timeout=10)"
    site.wait_for(lambda: site.tell("python3", "-c", ask) == "", "the gateway")
    assert site.do(f"podman exec {NAME} radosgw-admin bucket list") == stored
    again = site.play("demo")
    assert again.code == 0, again.output[-4000:]


def test_a_runtime_that_the_host_lacks_is_one_message(site):
    before = started(site)
    refused = site.play("demo", ceph_demo_runtime="docker", registry_runtime="docker")
    said = " ".join(refused.output.split())
    assert refused.code != 0 and "this host is not ready" in said
    assert "the command docker is missing" in said and "apt install docker.io" in said
    assert started(site) == before


def test_an_old_podman_is_one_message(site):
    before = started(site)
    site.do(OLD_PODMAN)
    try:
        refused = site.play("demo", "--check")
    finally:
        site.do("rm /usr/local/bin/podman")
    said = " ".join(refused.output.split())
    assert refused.code != 0 and "podman is 3.4, and services need 4.3 or later" in said, refused.output[-4000:]
    assert started(site) == before


def test_a_network_without_names_is_one_message(site):
    site.do("mv /usr/lib/podman/aardvark-dns /root/")
    try:
        refused = site.play("demo", "--check", ceph_demo_memory="4g")
    finally:
        site.do("mv /root/aardvark-dns /usr/lib/podman/")
    said = " ".join(refused.output.split())
    assert refused.code != 0 and "aardvark-dns is missing" in said and "apt install aardvark-dns" in said


def test_an_image_is_made_from_packages_with_a_layer(site, tmp_path):
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "Dockerfile").write_text("ARG BASE\nFROM ${BASE}\nENV LAYER=1\nRUN touch /made\nHEALTHCHECK CMD true\n")
    wanted = {"name": "rgwkit-test/made:1", "source": "bootstrap", "packages": ["hostname"], "layer": str(layer)}
    wanted["allow_expired_release"] = True
    checked = site.image_role("--check", **wanted)
    assert checked.code == 0 and checked.count("changed") > 0, checked.output[-4000:]
    assert site.do("podman images --quiet rgwkit-test/made") == ""
    made, again = site.image_role(**wanted), site.image_role(**wanted)
    assert made.code == 0 and made.count("changed") > 0, made.output[-4000:]
    assert (again.code, again.count("changed")) == (0, 0) and "already there" in again.output
    assert site.do("podman run --rm --network=none rgwkit-test/made:1 sh -c 'echo $LAYER; ls /made'") == "1\n/made\n"
    told = site.do("podman image inspect rgwkit-test/made:1")
    assert "io.rgwkit.layer" in told and "Healthcheck" in told
    assert "io.rgwkit.releases" in site.do("podman image inspect rgwkit-test/made-base:1")


def test_an_image_is_pulled_and_named(site):
    plain = f'[[registry]]\\nlocation = "{REGISTRY}"\\ninsecure = true\\n'
    site.do(f"printf '{plain}' > /etc/containers/registries.conf.d/demo.conf")
    # podman keeps logins in /run, which the reboot has emptied.
    site.do(summary_line(site, "podman login"))
    site.do(f"podman rmi {REGISTRY}/hello || true")
    wanted = {"name": "rgwkit-test/pulled:1", "source": "pull", "pull": f"{REGISTRY}/hello"}
    pulled, again = site.image_role(**wanted), site.image_role(**wanted)
    assert pulled.code == 0 and f"pulled {REGISTRY}/hello" in pulled.output, pulled.output[-4000:]
    assert (again.code, again.count("changed")) == (0, 0)
    missing = site.image_role(**{**wanted, "name": "rgwkit-test/none:1", "pull": f"{REGISTRY}/none"})
    assert missing.code != 0 and "manifest unknown" in missing.output


def test_another_image_of_the_same_release_upgrades_nothing(site):
    other = "rgwkit-test/ceph:other"
    site.do(f"mkdir -p /root/other && printf 'FROM {IMAGE}\\nENV OTHER=1\\n' > /root/other/Dockerfile")
    site.do(f"podman build --quiet --format=docker --tag={other} /root/other")
    stored = site.do(f"podman exec {NAME} radosgw-admin bucket list")
    moved = site.play("demo", ceph_demo_image=other, ceph_image_name=other)
    assert moved.code == 0 and "data upgraded" not in moved.output, moved.output[-4000:]
    assert site.do(f"podman exec {NAME} radosgw-admin bucket list") == stored
    assert site.do(f"podman exec {NAME} printenv OTHER").strip() == "1"


def test_teardown_keeps_data_until_told_and_leaves_nothing(site):
    site.do("podman volume create --label=io.rgwkit.demo=other other-data")
    kept = site.play("teardown", remove_data=False)
    assert kept.code == 0, kept.output[-4000:]
    assert f"{NAME}-data" in site.do("podman volume ls --quiet").split()
    assert site.do("podman ps --all --quiet") == ""
    assert NAME not in site.do("podman network ls --format '{{.Name}}'").split()
    assert "images stay on this host" in kept.output and "podman rmi" in " ".join(kept.output.split())
    gone = site.play("teardown", remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    assert site.things().split() == ["other-data"]
    assert REGISTRY_IMAGE in site.do("podman images --format '{{.Repository}}:{{.Tag}}'")
    again = site.play("teardown", remove_data=True)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
