# SPDX-License-Identifier: Apache-2.0
"""Gateways of a cluster with users of a real Keystone, by TLS: options and password on the host, restarts, removal.

The gateways are podman's, and move to docker and to Debian's package, which is of the cluster's release.
"""

from __future__ import annotations

import pytest
import requests

from tests.acceptance.gateway.podman_site import PORTS, podman_site
from tests.integration.keystone.account import new_account
from tests.integration.keystone.forwarder import forwarded
from tests.integration.processes import command_lines
from tests.integration.rgw_topics.receiver import host_address
from tests.keystone.service import running_keystone

IMAGE = "rgwkit/ceph:16"
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends")
SECRETS = [f"/var/lib/ceph/radosgw/ceph-rgw.rgw1.{one}/keystone.secret" for one in PORTS]


@pytest.fixture(scope="module")
def keystone(tmp_path_factory):
    with running_keystone(tmp_path_factory.mktemp("keystone")) as keystone:
        yield keystone


@pytest.fixture(scope="module")
def site(keystone, tmp_path_factory):
    """Gateways with Keystone, as the first run has left them; `reconcile` runs the playbook again."""
    account = new_account(keystone, tmp_path_factory.mktemp("account"), "admin")
    here = host_address(keystone.container)
    # For docker, which a test installs.
    volume = "--volume=/var/lib/docker"
    folder = tmp_path_factory.mktemp("site")
    with podman_site(folder, IMAGE, volume) as site, forwarded(here, keystone.address, 5001) as port:
        site.load_image(IMAGE)
        site.put("/root/keystone.password", account.person.password)
        site.put("/root/ca.pem", keystone.ca_file.read_text())
        site.keystone_url = f"https://{here}:{port}"
        given = {
            "url": site.keystone_url,
            "user": account.person.user,
            "project": account.person.project,
            "password_file": "/root/keystone.password",
            "ca_file": "/root/ca.pem",
            "accepted_roles": ["member"],
        }

        def reconcile(*options, keystone=None, **variables):
            own = {"rgw_gateway_image": f"localhost/{IMAGE}", "rgw_gateway_image_pull": "never"}
            whole = {} if keystone == {} else {**given, **(keystone or {})}
            done = site.play("gateway", *options, rgw_gateway_keystone=whole, **{**own, **variables})
            assert account.is_hidden(done.output)
            return done

        site.reconcile, site.account = reconcile, account
        first = reconcile("-vvv", "--diff")
        assert first.code == 0, first.output[-6000:]
        yield site


def asked(site, token):
    """What each gateway answers to a token."""
    urls = [f"http://{site.address()}:{port}/swift/v1" for port in PORTS.values()]
    return [requests.get(url, headers={"X-Auth-Token": token}, timeout=60).status_code for url in urls]


def test_a_token_is_good_at_each_gateway_and_a_wrong_one_is_not(site, keystone):
    token = keystone.identity.token_of(keystone.identity.person("member"))
    assert all(status in (200, 204) for status in asked(site, token))
    assert asked(site, "gAAAAAwrong") == [401, 401]
    assert asked(site, keystone.identity.token_of(keystone.identity.person("other"))) == [401, 401]


def test_the_password_is_in_files_that_nobody_else_reads(site):
    assert site.tell("stat", "-c", "%a %U", *SECRETS).split() == ["600", "root"] * 2
    conf = site.tell("cat", "/etc/ceph/ceph.conf")
    assert "rgw_keystone_verify_ssl = true" in conf and site.account.is_hidden(conf)


def test_nobody_is_shown_a_password_or_a_token(site, keystone, tmp_path):
    """In command lines, environments, the journal and what podman shows, from a gateway's start to a verification."""
    user = new_account(keystone, tmp_path, "member")
    site.put("/root/user.password", user.person.password)
    service = keystone.identity.service(f"http://127.0.0.1:{PORTS['a']}/swift/v1")
    place = {"url": site.keystone_url, "ca_file": "/root/ca.pem", "project": user.person.project}
    with command_lines() as seen:
        site.tell("systemctl", "restart", "ceph-rgw.rgw1.a")
        site.wait_for(site.serving, "the gateways")
        verified = site.play(
            "verify",
            "-vvv",
            rgw_verify_hosts="rgws",
            rgw_verify_endpoint=f"http://127.0.0.1:{PORTS['a']}",
            rgw_verify_auth="keystone",
            rgw_verify_groups=["auth"],
            rgw_verify_keystone=place,
            rgw_verify_user=user.person.user,
            rgw_verify_secret_file="/root/user.password",
        )
    keystone.identity.delete(f"services/{service}")
    assert verified.code == 0 and "token-cache" in verified.output, verified.output[-4000:]
    environment = environments(site)
    assert environment.count("CEPH_ARGS=") == len(PORTS)
    assert any(b"radosgw" in line for line in seen)
    journal = site.tell("journalctl", "--no-pager")
    assert "ceph-rgw.rgw1.a" in journal
    shown = [verified.output, environment, journal, b"\n".join(seen).decode(errors="replace")]
    for name in (f"ceph-rgw.rgw1.{one}" for one in PORTS):
        shown += [site.tell("podman", "inspect", name), site.tell("podman", "logs", name)]
    assert all(site.account.is_hidden(text) and user.is_hidden(text) for text in shown)


def test_a_second_run_changes_nothing(site):
    before = site.started()
    again = site.reconcile("-vvv", "--diff")
    assert (again.code, again.count("changed"), site.started()) == (0, 0, before), again.output[-4000:]


def test_a_change_restarts_each_gateway_once(site):
    before = site.started()
    changed = site.reconcile("--diff", keystone={"token_cache_size": 0})
    after = site.started()
    assert changed.code == 0 and not set(before.values()) & set(after.values()), changed.output[-4000:]
    again = site.reconcile(keystone={"token_cache_size": 0})
    assert (again.code, again.count("changed"), site.started()) == (0, 0, after)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"rgw_gateway_options": {"rgw_keystone_verify_ssl": False}}, "rgw_keystone_verify_ssl contradicts"),
        ({"rgw_gateway_options": {"rgw_keystone_url": "http://k"}}, "rgw_keystone_url contradicts"),
        ({"keystone": {"accepted_roles": ["Member"]}}, "write it member"),
        ({"keystone": {"ca_file": ""}}, "CERTIFICATE_VERIFY_FAILED"),
    ],
)
def test_what_would_not_work_changes_nothing(site, variables, said):
    before = site.started()
    refused = site.reconcile(**variables)
    assert refused.code != 0 and said in refused.output, refused.output[-4000:]
    assert site.started() == before


def environments(site):
    """The environment of each gateway's process."""
    script = 'for one in /proc/[0-9]*; do ! grep -qx radosgw "$one/comm" || cat "$one/environ"; done'
    return site.tell("sh", "-c", script)


def works_without_a_change(site, keystone, owner, **moved):
    """What holds for gateways of each runtime: tokens, whose the password's file is, and a second run."""
    token = keystone.identity.token_of(keystone.identity.person("member"))
    assert all(status in (200, 204) for status in asked(site, token))
    assert asked(site, "gAAAAAwrong") == [401, 401]
    assert site.tell("stat", "-c", "%a %U", *SECRETS).split() == ["600", owner] * 2
    assert site.account.is_hidden(environments(site)) and site.account.is_hidden(site.tell("journalctl", "--no-pager"))
    again = site.reconcile(**moved)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_it_moves_to_docker(site, keystone):
    site.tell("mkdir", "/etc/docker")
    # The gateways have the host's network.
    site.put("/etc/docker/daemon.json", '{"iptables": false, "ip6tables": false, "bridge": "none"}')
    installed = site.tell(*INSTALL, "docker.io", "python3-requests")
    site.wait_for(lambda: "Server Version" in site.tell("docker", "info"), f"docker: {installed[-2000:]}")
    site.load_image(IMAGE, "docker")
    docker = {"rgw_gateway_runtime": "docker", "rgw_gateway_image": IMAGE}
    moved = site.reconcile("-vvv", "--diff", **docker)
    assert moved.code == 0, moved.output[-6000:]
    works_without_a_change(site, keystone, "root", **docker)
    assert site.account.is_hidden(site.tell("docker", "inspect", "ceph-rgw.rgw1.a", "ceph-rgw.rgw1.b"))
    assert site.tell("podman", "ps", "--all", "--quiet") == ""


def test_it_moves_to_the_package_once_the_system_knows_the_authority(site, keystone):
    package = {"rgw_gateway_runtime": "package"}
    refused = site.reconcile(**package)
    assert refused.code != 0 and "update-ca-certificates" in refused.output, refused.output[-4000:]
    site.tell(*INSTALL, "ca-certificates")
    site.tell("cp", "/root/ca.pem", "/usr/local/share/ca-certificates/keystone.crt")
    assert "1 added" in site.tell("update-ca-certificates")
    moved = site.reconcile("-vvv", "--diff", **package)
    assert moved.code == 0, moved.output[-6000:]
    works_without_a_change(site, keystone, "ceph", **package)
    assert site.tell("docker", "ps", "--all", "--quiet") == ""


def test_without_keystone_nothing_of_it_is_left(site, keystone):
    gone = site.reconcile(keystone={})
    assert gone.code == 0, gone.output[-4000:]
    assert "keystone" not in site.tell("cat", "/etc/ceph/ceph.conf")
    assert "No such file" in site.tell("ls", *SECRETS)
    assert asked(site, keystone.identity.token_of(keystone.identity.person("member"))) == [401, 401]
