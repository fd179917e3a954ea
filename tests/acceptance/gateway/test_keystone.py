# SPDX-License-Identifier: Apache-2.0
"""Gateways of a cluster with users of a real Keystone, by TLS: options and password on the host, restarts, removal."""

from __future__ import annotations

import pytest
import requests

from tests.acceptance.gateway.podman_site import PORTS, podman_site
from tests.ceph import IMAGE
from tests.integration.keystone.account import new_account
from tests.integration.keystone.forwarder import forwarded
from tests.integration.rgw_topics.receiver import host_address
from tests.keystone.service import running_keystone

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
    with podman_site(tmp_path_factory.mktemp("site"), IMAGE) as site, forwarded(here, keystone.address, 5001) as port:
        site.load_image(IMAGE)
        site.put("/root/keystone.password", account.person.password)
        site.put("/root/ca.pem", keystone.ca_file.read_text())
        given = {
            "url": f"https://{here}:{port}",
            "user": account.person.user,
            "project": account.person.project,
            "password_file": "/root/keystone.password",
            "ca_file": "/root/ca.pem",
            "accepted_roles": ["member"],
        }

        def reconcile(*options, keystone=None, **variables):
            own = {"rgw_gateway_image": f"localhost/{IMAGE}", "rgw_gateway_image_pull": "never"}
            whole = {} if keystone == {} else {**given, **(keystone or {})}
            done = site.play("gateway", *options, **own, rgw_gateway_keystone=whole, **variables)
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
    assert site.account.is_hidden(site.tell("podman", "inspect", "ceph-rgw.rgw1.a"))
    assert site.account.is_hidden(site.tell("journalctl", "--no-pager", "--unit=ceph-rgw.rgw1.a"))


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


def test_without_keystone_nothing_of_it_is_left(site, keystone):
    gone = site.reconcile(keystone={})
    assert gone.code == 0, gone.output[-4000:]
    assert "keystone" not in site.tell("cat", "/etc/ceph/ceph.conf")
    assert "No such file" in site.tell("ls", *SECRETS)
    assert asked(site, keystone.identity.token_of(keystone.identity.person("member"))) == [401, 401]
