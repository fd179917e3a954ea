# SPDX-License-Identifier: Apache-2.0
"""Gateways in podman's containers, on a host without docker: from nothing through what befalls them to nothing."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.acceptance.gateway.podman_site import INGRESS_PORT, PORTS, podman_site
from tests.integration.processes import command_lines
from tests.swift_load import swift_load

OLD = {"rgw_gateway_image": "localhost/rgwkit/ceph:14", "rgw_gateway_image_pull": "never"}
CHANGED = {"rgw_gateway_options": {"rgw_swift_token_expiration": 86000}}


def ours(site):
    """All that the role makes on a host, and what podman and systemd know of it."""
    look = "find /etc/systemd /etc/ceph /var/lib/ceph /etc/rgwkit -name '*rgw1*' -o -name '*.secret'"
    files = site.tell("sh", "-c", f"{look} 2>/dev/null")
    units = site.tell("systemctl", "list-units", "--all", "--no-legend", "--plain", "ceph-rgw*")
    return files + units + site.tell("podman", "ps", "--all", "--quiet")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Gateways of Ceph 14, as the first run has left them; `newer` is an image of Ceph 16 in a registry."""
    with podman_site(tmp_path_factory.mktemp("podman")) as site:
        site.newer = site.push_image("rgwkit/ceph:16", "rgwkit/ceph:16")
        checked = site.play("gateway", "--check", "--diff", rgw_gateway_image=site.newer)
        assert checked.code == 0, checked.output[-4000:]
        assert "--pull=never" in checked.output and checked.count("changed") > 0
        assert ours(site) == "" and site.tell("podman", "images", "--quiet") == ""
        site.load_image("rgwkit/ceph:14")
        with command_lines() as seen:
            first = site.play("gateway", "-vvvv", "--diff", **OLD)
        assert first.code == 0, first.output[-4000:]
        site.told, site.seen = first.output, seen
        yield site


def secrets_of(site):
    files = ("admin.secret", "verify.secret")
    keys = [site.tell("ceph", "auth", "get-key", f"client.rgw.rgw1.{one}", on="ceph") for one in PORTS]
    return keys + [site.tell("cat", f"/etc/rgwkit/gateway/{name}") for name in files]


def test_no_secret_is_told(site):
    unit = "/etc/systemd/system/ceph-rgw.rgw1.a.service"
    log = site.tell("journalctl", "--no-pager", "--unit=ceph-rgw.rgw1.a")
    shown = [site.told, site.tell("cat", unit), site.tell("podman", "inspect", "ceph-rgw.rgw1.a"), log]
    shown += [site.tell("cat", f"/proc/{site.inspected('a', '{{.State.Pid}}')}/environ")]
    assert "beast" in log, "the gateway's words are not in its unit's journal"
    assert any(b"radosgw-admin" in line for line in site.seen), "no command line was seen"
    for secret in secrets_of(site):
        assert len(secret) >= 40
        assert not any(secret in text for text in shown)
        assert not any(secret.encode() in line for line in site.seen)
    assert site.tell("stat", "--format=%a %U", "/var/lib/ceph/radosgw/ceph-rgw.rgw1.a/keyring") == "600 root"


def test_a_gateway_has_no_rights_that_it_does_not_need(site):
    pid = site.inspected("a", "{{.State.Pid}}")
    status = dict(line.split(":", 1) for line in site.tell("cat", f"/proc/{pid}/status").splitlines())
    # CAP_DAC_READ_SEARCH and CAP_NET_BIND_SERVICE.
    assert int(status["CapBnd"], 16) == 1 << 2 | 1 << 10
    assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2")
    assert "Read-only file system" in site.tell("podman", "exec", "ceph-rgw.rgw1.a", "touch", "/usr/bin/radosgw.new")
    assert site.inspected("a", "{{.HostConfig.PidsLimit}}") == "8192"


def test_a_second_run_changes_nothing(site):
    before = site.started()
    again = site.play("gateway", **OLD)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert "nothing differs, and all gateways passed" in again.output
    assert site.started() == before and "ceph version 14." in site.tell(
        "podman", "exec", "ceph-rgw.rgw1.a", "radosgw", "--version"
    )


@pytest.mark.parametrize("process", ["the gateway", "its monitor"])
def test_killed_it_comes_back(site, process):
    site.wait_for(site.serving, "the gateways")
    before = site.started()
    form = {"the gateway": "{{.State.Pid}}", "its monitor": "{{.State.ConmonPid}}"}[process]
    assert site.tell("sh", "-c", f"kill -9 {site.inspected('a', form)}") == ""
    site.wait_for(lambda: site.started()["a"] not in (before["a"], "") and site.serving(), "the gateway")
    assert site.started()["b"] == before["b"]


def test_a_host_that_boots_again_has_its_gateways(site):
    site.reboot()
    site.wait_for(site.serving, "the gateways")
    assert site.tell("systemctl", "list-units", "--failed", "--no-legend", "ceph-rgw*") == ""


def test_a_host_that_boots_before_its_cluster_has_its_gateways_soon_after_it(site):
    site.cut_off("ceph")
    try:
        site.reboot()
        assert site.tell("systemctl", "show", "--value", "--property=UnitFileState", "ceph-rgw.rgw1.a") == "enabled"
        time.sleep(10)
        assert not site.serving()
    finally:
        site.rejoin("ceph")
    site.wait_for(site.serving, "the gateways")
    assert site.tell("systemctl", "list-units", "--failed", "--no-legend", "ceph-rgw*") == ""


@pytest.fixture
def changed_under_load(site):
    """Runs the gateways' playbook, while clients put, head and get objects through the ingress; no request may fail."""
    site.wait_for(site.serving, "the gateways")
    balanced = site.play("ingress")
    assert balanced.code == 0, balanced.output[-4000:]
    secret = site.tell("cat", "/etc/rgwkit/gateway/verify.secret")

    def change(**variables):
        with swift_load(site.address(), INGRESS_PORT, "rgwkit-verify:swift", secret, clients=4) as load:
            changed = site.play("gateway", **variables)
        assert changed.code == 0, changed.output[-4000:]
        assert load.stored and load.failures == [] and load.lost() == []

    return change


def test_other_options_restart_one_after_the_other_and_no_request_fails(site, changed_under_load):
    before = site.started()
    changed_under_load(**OLD, **CHANGED)
    assert not set(before.values()) & set(site.started().values())


def test_a_newer_image_is_pulled_and_proven(site):
    upgraded = site.play("upgrade", rgw_gateway_image=site.newer, **CHANGED)
    assert upgraded.code == 0, upgraded.output[-4000:]
    assert "Authenticate, put, head and delete at the gateway's own address" in upgraded.output
    assert "ceph version 16." in site.tell("podman", "exec", "ceph-rgw.rgw1.b", "radosgw", "--version")


def test_another_image_behind_the_same_name_is_taken_once(site, tmp_path):
    before = site.started()
    (tmp_path / "Dockerfile").write_text('FROM rgwkit/ceph:16\nLABEL io.rgwkit.test="the next one"\n')
    built = subprocess.run(["docker", "build", "-q", str(tmp_path)], capture_output=True, text=True, check=True)
    site.push_image(built.stdout.strip(), "rgwkit/ceph:16")
    taken = site.play("upgrade", rgw_gateway_image=site.newer, **CHANGED)
    assert taken.code == 0, taken.output[-4000:]
    started = site.started()
    assert not set(before.values()) & set(started.values())
    assert site.inspected("a", '{{index .Config.Labels "io.rgwkit.test"}}') == "the next one"
    again = site.play("upgrade", rgw_gateway_image=site.newer, **CHANGED)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert site.started() == started


@pytest.fixture
def administrator(site):
    """A container of podman in which the cluster may be administered, by name."""
    key = site.tell("ceph", "auth", "get-key", "client.admin", on="ceph")
    site.tell("mkdir", "/root/admin")
    site.put("/root/admin/ceph.client.admin.keyring", f"[client.admin]\nkey = {key}\n")
    site.put("/root/admin/ceph.conf", site.tell("cat", "/etc/ceph/ceph.conf") + "\n")
    run = ["podman", "run", "--detach", "--name=admin", "--network=host", "--volume=/root/admin:/etc/ceph:ro"]
    site.tell(*run, "--entrypoint=sleep", site.newer, "600")
    yield "admin"
    site.tell("podman", "rm", "--force", "--time=0", "admin")
    site.tell("sh", "-c", "rm -r /root/admin /etc/ceph/ceph.client.rgw.*.keyring")


def test_the_cluster_may_be_administered_in_a_container_of_podman(site, administrator):
    before = site.started()
    there = {"rgw_gateway_admin_host": "rgw1", "rgw_gateway_admin_via": "container"}
    there |= {"rgw_gateway_admin_container": administrator, "rgw_gateway_admin_engine": "podman"}
    # Without a difference, nobody would write to the cluster.
    fewer = ["mon", "allow r", "osd", "allow rwx tag rgw *=*", "mgr", "allow rw"]
    site.tell("ceph", "auth", "caps", "client.rgw.rgw1.a", *fewer, on="ceph")
    first = site.play("gateway", rgw_gateway_image=site.newer, **CHANGED, **there)
    # The caps with the first keyring, and the second keyring, which that host did not have.
    assert (first.code, first.count("changed")) == (0, len(PORTS)), first.output[-4000:]
    again = site.play("gateway", rgw_gateway_image=site.newer, **CHANGED, **there)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    shown = site.tell("ceph", "auth", "get", "client.rgw.rgw1.a", "--format=json", on="ceph")
    assert '"mon":"allow rw"' in shown, shown
    assert site.started() == before


def test_options_may_be_in_the_monitors_database(site):
    entity = "client.rgw.rgw1.a"

    def told(*key):
        return site.tell("ceph", "config", "get", entity, *key, on="ceph")

    there = {"rgw_gateway_image": site.newer, "rgw_gateway_config": "monitors", **CHANGED}
    moved = site.play("gateway", **there)
    assert moved.code == 0, moved.output[-4000:]
    assert told("rgw_swift_token_expiration") == "86000" and "endpoint=0.0.0.0:8080" in told("rgw_frontends")
    assert entity not in site.tell("cat", "/etc/ceph/ceph.conf")
    assert site.serving()
    again = site.play("gateway", **there)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_an_image_that_is_newer_than_the_osds_is_refused(site):
    before = site.started()
    site.load_image("rgwkit/ceph:18")
    refused = site.play(
        "gateway", rgw_gateway_image="localhost/rgwkit/ceph:18", rgw_gateway_image_pull="never", **CHANGED
    )
    said = " ".join(refused.output.split())
    assert refused.code != 0 and "and OSDs are 16." in said and "install a gateway of Ceph 16" in said
    assert site.started() == before and site.serving()


def package_units(site):
    """How systemd sees the units of Ceph's package, by instance."""
    words = ("is-enabled", "is-active")
    units = {one: f"ceph-radosgw@rgw.rgw1.{one}" for one in PORTS}
    return {one: [site.tell("systemctl", word, unit) for word in words] for one, unit in units.items()}


def test_it_moves_to_the_package_and_back_and_no_request_fails(site, changed_under_load):
    package = {"rgw_gateway_runtime": "package", **CHANGED}
    planned = site.play("gateway", "--check", **package)
    assert planned.code == 0, planned.output[-4000:]
    assert "client.rgw.rgw1.b: runtime" in " ".join(planned.output.split())
    assert site.tell("podman", "ps", "--quiet") != "" and site.serving()
    changed_under_load(**package)
    assert set(map(tuple, package_units(site).values())) == {("enabled", "active")}
    assert site.tell("podman", "ps", "--all", "--quiet") == ""
    assert site.tell("systemctl", "list-unit-files", "--no-legend", "ceph-rgw*") == ""
    again = site.play("gateway", **package)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    changed_under_load(rgw_gateway_image=site.newer, **CHANGED)
    assert set(map(tuple, package_units(site).values())) == {("disabled", "inactive")}
    assert site.tell("sh", "-c", "ls -d /etc/systemd/system/ceph-radosgw@rgw.rgw1.*.d").startswith("ls: cannot access")
    assert site.inspected("a", "{{.State.Running}}") == "true"
    again = site.play("gateway", rgw_gateway_image=site.newer, **CHANGED)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_absent_leaves_nothing(site):
    gone = site.play("gateway", rgw_gateway_state="absent", rgw_gateway_remove_data=True, rgw_gateway_image=site.newer)
    assert gone.code == 0, gone.output[-4000:]
    assert ours(site) == ""
    assert "client.rgw.rgw1." not in site.tell("ceph", "auth", "ls", on="ceph")
    assert "radosgw" not in site.tell("ss", "-Hlntp")
    again = site.play("gateway", rgw_gateway_state="absent", rgw_gateway_remove_data=True, rgw_gateway_image=site.newer)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
