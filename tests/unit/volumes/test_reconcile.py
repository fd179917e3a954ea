# SPDX-License-Identifier: Apache-2.0
"""Volumes become what they are declared to be, and what must not be changed is refused before anything is written."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.claims import ID, claim_field, claims_of
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.plan import ID_LABEL, Site
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.reconcile import others_of, reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.report import report, summary
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.spec import parse_volumes

from .site_double import MemoryContainers, MemoryVolumes

HOME = "/inventory"


class Hosts:
    """Hosts with a docker of their own each, and one account of swift."""

    def __init__(self):
        self.swift = MemoryContainers()
        self.docker = {}

    def of(self, host):
        return self.docker.setdefault(host, MemoryVolumes())

    def run(self, *entries, host="one", dry=False, **site):
        given = {"home": HOME, **site}
        where = Site(host=host, driver="rgwkit", remote="rgw", dry=dry, **given)
        return reconcile(self.of(host), self.swift, parse_volumes(entries, host), where)

    def changed(self, *entries, **options):
        return [outcome.plan.changed for outcome in self.run(*entries, **options)]

    def writers(self, container="data"):
        return [claim.value for claim in claims_of(self.swift.containers[container])]


@pytest.fixture
def hosts():
    return Hosts()


def data(**options):
    return {"name": "data", **options}


def test_create_again_change_again_absent_again(hosts):
    assert hosts.changed(data()) == [True] and hosts.changed(data()) == [False]
    volume, container = hosts.of("one").volumes["data"], hosts.swift.containers["data"]
    assert volume["Driver"] == "rgwkit" and volume["Options"] == {"remote": "rgw:data"}
    assert volume["Labels"][ID_LABEL] == container[ID] and volume["Labels"]["io.rgwkit.home"] == HOME
    assert hosts.changed(data(uid=5)) == [True] and hosts.changed(data(uid=5)) == [False]
    assert hosts.of("one").volumes["data"]["Options"] == {"remote": "rgw:data", "uid": "5"}
    assert hosts.swift.containers["data"] == container
    assert hosts.changed(data(state="absent")) == [True] and hosts.changed(data(state="absent")) == [False]
    assert not hosts.of("one").volumes and hosts.swift.containers["data"] == {ID: container[ID]}


def test_check_mode_changes_nothing_and_tells_the_same(hosts):
    outcome = hosts.run(data(), dry=True)[0]
    assert outcome.plan.changed and outcome.identity == "(a new id)"
    assert not hosts.swift.containers and not hosts.of("one").volumes
    told = report([outcome], [], False, [])
    assert told["changed"] and told["volumes"][0]["changes"][0] == "container data: created"
    assert summary([outcome], [], False, "http://x", True) == "volumes on http://x: 1 would be created"


def test_an_existing_container_gets_an_id_and_keeps_the_rest(hosts):
    hosts.swift.containers["data"] = {"team": "research"}
    hosts.run(data())
    found = hosts.swift.containers["data"]
    assert found["team"] == "research" and len(found[ID]) == 32
    assert "create data" not in hosts.swift.calls


def test_a_second_writer_is_refused_before_anything_is_written(hosts):
    hosts.run(data())
    calls = list(hosts.swift.calls)
    with pytest.raises(ToolError, match="one writes into this container already"):
        hosts.run(data(), host="two")
    assert hosts.swift.calls == calls and not hosts.of("two").volumes
    hosts.run(data(access_mode="ReadOnlyMany"), host="two")
    assert hosts.writers() == ["one"]


def test_many_writers_need_the_word_of_each(hosts):
    many = data(access_mode="ReadWriteMany")
    hosts.run(many)
    with pytest.raises(ToolError):
        hosts.run(data(), host="two")
    hosts.run(many, host="two")
    assert hosts.writers() == ["one shared", "two shared"]
    with pytest.raises(ToolError, match="two writes"):
        hosts.run(data())


def test_the_right_to_write_moves_and_does_not_come_back_by_itself(hosts):
    hosts.run(data())
    hosts.run(data(moves_from="one"), host="two")
    assert hosts.writers() == ["two"] and hosts.changed(data(moves_from="one"), host="two") == [False]
    with pytest.raises(ToolError, match="two writes into this container already"):
        hosts.run(data())
    # Somebody else than the host that is named.
    with pytest.raises(ToolError, match="two writes"):
        hosts.run(data(moves_from="one"), host="three")


def test_a_writer_that_becomes_a_reader_frees_the_container(hosts):
    hosts.run(data())
    hosts.run(data(access_mode="ReadOnlyMany"))
    assert hosts.writers() == [] and hosts.of("one").volumes["data"]["Options"]["read-only"] == "true"
    hosts.run(data(), host="two")


def test_of_two_hosts_that_begin_at_the_same_time_one_at_least_ends(hosts):
    other = claim_field("two")
    hosts.swift.meanwhile = lambda: hosts.swift.containers["data"].update({other: "two"})
    with pytest.raises(ToolError, match="two writes into this container already"):
        hosts.run(data())
    # What this host has written is gone again, and docker has no volume.
    assert hosts.writers() == ["two"] and not hosts.of("one").volumes


def test_an_id_that_another_host_writes_meanwhile_is_not_taken_for_ours(hosts):
    hosts.swift.meanwhile = lambda: hosts.swift.containers["data"].update({ID: "f" * 32})
    with pytest.raises(ToolError, match="another rgwkit-volume-id"):
        hosts.run(data())
    assert not hosts.of("one").volumes
    hosts.run(data())
    assert hosts.of("one").volumes["data"]["Labels"][ID_LABEL] == "f" * 32


@pytest.mark.parametrize("now", [None, {}, {ID: "0" * 32}])
def test_another_container_under_the_volume_is_refused(hosts, now):
    hosts.run(data())
    if now is None:
        del hosts.swift.containers["data"]
    else:
        hosts.swift.containers["data"] = now
    with pytest.raises(ToolError, match="is gone" if now is None else "is another one"):
        hosts.run(data())
    # The way out that the message names.
    hosts.run(data(state="absent"))
    assert hosts.changed(data()) == [True]


def test_a_volume_that_moves_to_another_container_frees_the_old_one(hosts):
    hosts.run(data())
    hosts.run(data(container="other"))
    assert hosts.writers("data") == [] and hosts.writers("other") == ["one"]


def test_an_absent_entry_need_not_name_the_container(hosts):
    hosts.run(data(container="other"))
    hosts.run(data(state="absent"))
    assert hosts.writers("other") == [] and "data" not in hosts.swift.containers


def test_a_container_that_another_volume_of_the_host_writes_keeps_the_claim(hosts):
    first, second = (
        {"name": name, "container": "data", "access_mode": "ReadWriteMany"} for name in ("first", "second")
    )
    hosts.run(first, second)
    hosts.run({**first, "state": "absent"}, second)
    assert hosts.writers() == ["one shared"]
    hosts.run({**second, "state": "absent"})
    assert hosts.writers() == []


@pytest.mark.parametrize("entry", [{"uid": 7}, {"state": "absent"}, {"container": "other"}])
def test_a_volume_in_use_is_left_as_it_is(hosts, entry):
    hosts.run(data())
    hosts.of("one").in_use["data"] = ["web", "worker"]
    before = (dict(hosts.of("one").volumes), {**hosts.swift.containers})
    with pytest.raises(ToolError, match="in use by web and worker"):
        hosts.run({"name": "fresh"}, data(**entry))
    assert before == (hosts.of("one").volumes, hosts.swift.containers)
    assert hosts.changed(data()) == [False]


def test_what_others_made_is_refused(hosts):
    docker = hosts.of("one")
    docker.volumes["data"] = {
        "Name": "data",
        "Driver": "local",
        "Mountpoint": "/v/data",
        "Options": None,
        "Labels": None,
    }
    with pytest.raises(InputError, match="a local volume 'data' exists at /v/data"):
        hosts.run(data())
    docker.volumes["data"]["Driver"] = "sshfs"
    with pytest.raises(InputError, match="of the driver sshfs exists"):
        hosts.run(data())
    docker.volumes["data"]["Driver"] = "rgwkit"
    with pytest.raises(InputError, match="this toolkit did not make"):
        hosts.run(data(), takeover=True)
    del docker.volumes["data"]
    hosts.run(data(), home="/other")
    with pytest.raises(InputError, match="is of /other"):
        hosts.run(data(state="absent"))
    assert hosts.changed(data(), takeover=True) == [True] and hosts.changed(data()) == [False]


def test_what_docker_keeps_otherwise_is_told(hosts):
    hosts.of("one").forgets = True
    with pytest.raises(ToolError, match="docker has the driver rgwkit"):
        hosts.run(data())


def test_all_volumes_of_the_inventory_can_be_removed(hosts):
    hosts.run(data(), {"name": "second"})
    hosts.run({"name": "theirs"}, home="/other")
    site = Site(HOME, "one", "rgwkit", "rgw")
    others = others_of(hosts.of("one"), site, parse_volumes([data()], "one"))
    assert [(one.name, one.container, one.present) for one in others] == [("second", "second", False)]
    reconcile(hosts.of("one"), hosts.swift, others, site)
    assert sorted(hosts.of("one").volumes) == ["data", "theirs"] and hosts.writers("second") == []
