# SPDX-License-Identifier: Apache-2.0
"""The monitors' configuration database, and a cluster's facts, on a real cluster."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import ceph_cluster_info, ceph_config

SECTION = "client.rgw.options"


@pytest.fixture
def options(run_module, gateway):
    def run(check=False, **wanted):
        return run_module(
            ceph_config, check, via="container", container=gateway.container, section=SECTION, options=wanted
        )

    yield run
    run()


def test_set_again_change_check_remove(options):
    first = {"rgw_frontends": "beast port=8099 tcp_nodelay=1", "rgw_swift_account_in_url": True}
    assert options(check=True, **first)["changed"]
    result = options(**first)
    assert result["options"] == {**first, "rgw_swift_account_in_url": "true"}
    assert not options(**first)["changed"]
    assert not options(check=True, **first)["changed"]
    less = options(rgw_frontends="beast port=8098")
    assert less["options"] == {"rgw_frontends": "beast port=8098"}
    assert "rgw_swift_account_in_url" in less["diff"]["before"]
    assert "rgw_swift_account_in_url" not in less["diff"]["after"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"rgw_frontend": "beast"}, "has no option of that name"),
        ({"rgw_thread_pool_size": "many"}, "Could not change option 'rgw_thread_pool_size' of 'client.rgw.options'"),
    ],
)
def test_what_the_monitors_refuse_is_named(options, wanted, said):
    assert said in options(**wanted)["msg"]


CANARY = "canary-0f1e2d3c4b5a6978"


def test_secrets_are_refused_and_those_of_others_not_shown(gateway, options):
    refused = options(rgw_keystone_admin_password=CANARY, rgw_zone="default")
    assert "would show rgw_keystone_admin_password. Next: " in refused["msg"] and CANARY not in refused["printed"]
    gateway.run("ceph", "config", "set", SECTION, "rgw_keystone_admin_password", CANARY)
    shown = options(check=True, rgw_zone="default")
    assert "rgw_keystone_admin_password" in shown["diff"]["before"] and CANARY not in shown["printed"]


@pytest.fixture
def secrets(run_module, gateway):
    def run(check=False, **given):
        where = {"via": "container", "container": gateway.container, "section": SECTION}
        return run_module(ceph_config, check, **where, **{"options": {"rgw_zone": "default"}, **given})

    yield run
    run(options={})


def test_secrets_that_no_file_holds_are_set_changed_and_removed_without_being_shown(gateway, secrets):
    name = "rgw_keystone_admin_password"
    for value in (CANARY, f"{CANARY}$%^&*(){{}}~`|<>?"):
        assert secrets(check=True, secrets={name: value})["changed"]
        result = secrets(secrets={name: value})
        assert result["changed"] and CANARY not in result["printed"]
        assert f"the monitors' database has {name} of {SECTION} in clear text" in str(result["warnings"])
        assert gateway.run("ceph", "config", "get", SECTION, name) == value
        assert not secrets(secrets={name: value})["changed"]
    # As the warning says.
    gateway.run("ceph", "auth", "get-or-create", "client.reader", "mon", "allow r", "-o", "/tmp/reader.keyring")
    assert CANARY in gateway.run("ceph", "-n", "client.reader", "-k", "/tmp/reader.keyring", "config", "dump")
    gateway.run("ceph", "auth", "rm", "client.reader")
    removed = secrets()
    assert removed["changed"] and CANARY not in removed["printed"] and name not in removed["options"]


@pytest.mark.parametrize("value", ["with blank", "a#b", "a;b", "a=b", 'a"b', "a'b", "a\\b", "a\nb = c", "[a]", ""])
def test_a_secret_that_would_be_read_as_another_is_refused(gateway, secrets, value):
    refused = secrets(secrets={"rgw_keystone_admin_password": value})
    assert "choose another password" in refused["msg"]
    dump = gateway.run("ceph", "config", "dump")
    assert "rgw_keystone_admin_password" not in dump and "rgw_zone" not in dump


def test_an_option_that_the_release_does_not_have_may_be_left_out(secrets):
    given = {"options": {"rgw_of_no_release": 1, "rgw_zone": "default"}, "if_known": ["rgw_of_no_release", "rgw_zone"]}
    assert secrets(**given)["options"] == {"rgw_zone": "default"}
    assert not secrets(**given)["changed"]


def test_the_way_that_is_advised_for_a_secret_reaches_the_gateway(gateway, options):
    write = f"printf '[client.rgw]\\nrgw_sts_key = {CANARY}\\n' >/tmp/secret.conf"
    gateway.run("sh", "-c", f"{write}; ceph config assimilate-conf -i /tmp/secret.conf; rm /tmp/secret.conf")
    assert not options()["changed"]
    assert gateway.run("ceph", "config", "get", SECTION, "rgw_sts_key") == CANARY
    gateway.run("ceph", "config", "rm", "client.rgw", "rgw_sts_key")


def test_the_cluster_s_facts(run_module, gateway):
    where = {"via": "container", "container": gateway.container}
    cluster = run_module(ceph_cluster_info, zones=True, **where)["cluster"]
    assert cluster["fsid"] == gateway.run("ceph", "fsid")
    assert cluster["versions"]["osd"][0].split(".")[0] in gateway.run("ceph", "--version")
    assert cluster["monitors"][0][0].startswith("127.0.0.1:")
    assert (cluster["osd_max_object_name_len"], cluster["orchestrator"], cluster["zones"]) == (2048, "", ["default"])
    assert cluster["fsid"] in cluster["minimal_conf"] and abs(cluster["time"] - time.time()) < 60


def test_a_cluster_that_does_not_answer_is_not_waited_for(run_module, gateway):
    gateway.run("sh", "-c", "pkill -STOP ceph-mon || kill -STOP $(pidof ceph-mon)")
    try:
        result = run_module(ceph_cluster_info, via="container", container=gateway.container, timeout=3)
    finally:
        gateway.run("sh", "-c", "pkill -CONT ceph-mon || kill -CONT $(pidof ceph-mon)")
    assert "no end within 3 s. Most often no monitor answers" in result["msg"]
