# SPDX-License-Identifier: Apache-2.0
"""Acting for users: whose key is taken, when one is made, and that none is left behind."""

from __future__ import annotations

import re
import threading
import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.parallel import work_through
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.acting import RUN_KEY, ActingFor
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.admin_api import AdminClient

from tests.unit.rgw.gateway_double import Fault, running_gateway

CANARY = "canary-91b7aa20c4"
SECRET = f"{CANARY}-owner"


@pytest.fixture
def gateway():
    with running_gateway() as gateway:
        yield gateway


@pytest.fixture
def connect(gateway):
    return lambda: AdminClient(gateway.endpoint, Login("AKADMIN", CANARY), timeout=2.0, wait=0)


def key(name, user="u", **more):
    return {"user": user, "access_key": name, "secret_key": SECRET, **more}


def names(gateway, uid="u"):
    return [entry["access_key"] for entry in gateway.data(uid).get("keys", [])]


def test_the_user_s_own_key_is_taken(gateway, connect):
    others = [key("SUB", "u:ro"), key("OFF", active=False), key("EMPTY", secret_key="")]
    gateway.add_user("u", keys=[*others, key("OWN"), key("SECOND")])
    with ActingFor(connect) as acting:
        client = connect()
        assert acting.login(client, "u") == acting.login(client, "u") == Login("OWN", SECRET)
    assert gateway.requests == [("GET", "/admin/user?format=json&uid=u")]


def test_a_key_is_made_for_the_run_and_removed(gateway, connect):
    gateway.add_user("t$u", keys=[key("SUB", "t$u:ro")])
    with ActingFor(connect) as acting:
        login = acting.login(connect(), "t$u")
        assert names(gateway, "t$u") == ["SUB", login.user]
        assert re.fullmatch(rf"{RUN_KEY}[0-9A-F]{{24}}", login.user)
        assert login.secret == gateway.data("t$u")["keys"][1]["secret_key"]
    assert names(gateway, "t$u") == ["SUB"]
    assert not [target for _method, target in gateway.requests if login.secret in target]


@pytest.mark.parametrize("error", [SystemExit(143), KeyboardInterrupt(), InputError("no"), ValueError("no")])
def test_the_key_is_removed_whatever_ends_the_run(gateway, connect, error):
    gateway.add_user("u")
    with pytest.raises(type(error)), ActingFor(connect) as acting:
        acting.login(connect(), "u")
        assert len(names(gateway)) == 1
        raise error
    assert names(gateway) == []


def test_a_key_whose_answer_was_lost_is_removed(gateway, connect):
    gateway.add_user("u")
    gateway.faults = [None, Fault(obey=True)]
    with pytest.raises(ToolError, match="make a key for the run for user 'u'"), ActingFor(connect) as acting:
        acting.login(connect(), "u")
    assert names(gateway) == []


def test_threads_share_one_key(gateway, connect):
    gateway.add_user("u")
    with ActingFor(connect) as acting:
        clients = [connect() for _client in range(4)]
        logins = work_through(clients, range(40), lambda client, _item: acting.login(client, "u")).results
        assert len(set(logins.values())) == 1
        assert len(names(gateway)) == 1
    assert gateway.methods().count("GET") == 1


def test_a_key_that_is_still_there_is_named(gateway, connect):
    gateway.add_user("u")
    gateway.faults = [None, None, Fault(403, "AccessDenied")]
    with pytest.raises(ToolError) as raised, ActingFor(connect) as acting:
        acting.login(connect(), "u")
    (left,) = names(gateway)
    assert f"Could not remove the run's access key '{left}' of user 'u'" in str(raised.value)
    assert f"radosgw-admin key rm --uid='u' --access-key={left}" in raised.value.hint


def test_it_is_named_beside_what_broke_the_run(gateway, connect):
    gateway.add_user("u")
    gateway.faults = [None, None, Fault(403, "AccessDenied")]
    with pytest.raises(ToolError) as raised, ActingFor(connect) as acting:
        acting.login(connect(), "u")
        raise ToolError("write", "topic 'x'", "NoSuchThing", "Look.")
    assert str(raised.value).startswith("Could not write topic 'x': NoSuchThing. Look. Could not remove the run's")


def test_keys_of_dead_runs_go_and_those_of_others_stay(gateway, connect):
    def run_key(age):
        return f"{RUN_KEY}{int(time.time() - age):08X}{'A' * 16}"

    young = run_key(5 * 3600)
    gateway.add_user("u", keys=[key(run_key(7 * 3600)), key(young), key("OWN")])
    with ActingFor(connect) as acting:
        assert acting.login(connect(), "u").user == "OWN"
    assert names(gateway) == [young, "OWN"]


def test_who_nobody_can_act_for(gateway, connect):
    gateway.add_user("off", suspended=1, keys=[key("OWN", "off")])
    with ActingFor(connect) as acting:
        client = connect()
        with pytest.raises(InputError, match="no user 'nobody'"):
            acting.login(client, "nobody")
        with pytest.raises(InputError, match="'off' is suspended"):
            acting.login(client, "off")
        assert acting.problem(client, "nobody") and acting.problem(client, "off")


def test_missing_caps_are_said(gateway, connect):
    gateway.faults = [Fault(403, "AccessDenied")]
    with pytest.raises(ToolError, match="needs the admin caps 'users=read'"), ActingFor(connect) as acting:
        acting.login(connect(), "u")


def test_an_answer_that_is_no_user_is_an_error(gateway, connect):
    gateway.faults = [Fault(200, body=b"[]")]
    with pytest.raises(ToolError, match="without a user"), ActingFor(connect) as acting:
        acting.login(connect(), "u")


def test_users_are_read_side_by_side(gateway, connect):
    """The lock of one user does not hold up another one."""
    gateway.add_user("u", keys=[key("OWN")])
    gateway.add_user("v", keys=[key("OTHER", "v")])
    inside, go_on = threading.Event(), threading.Event()

    def wait():
        inside.set()
        assert go_on.wait(5)

    gateway.faults = [Fault(200, effect=wait, obey=True, body=b'{"user_id": "u", "keys": []}')]
    with ActingFor(connect) as acting:
        slow = threading.Thread(target=acting.problem, args=(connect(), "u"))
        slow.start()
        assert inside.wait(5)
        assert acting.login(connect(), "v").user == "OTHER"
        go_on.set()
        slow.join()
