# SPDX-License-Identifier: Apache-2.0
"""All that follows from the definition of a service."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.action import action
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.check import check
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.needs import needs
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

from .definitions import given

# Those of the module service_record.
DEFAULTS = {
    **{"definition": {}, "managed": {}, "files": [], "programs": [], "managed_files": []},
    **{"block": "", "container": None, "unit": None, "image": None, "scope": "system"},
}
DISTRIBUTION = {"runtime": "package", "unit": "ceph-radosgw@a.service"}


def names(**changes):
    return [f"{one['kind']}/{one['name']}" for one in Service(given(**changes)).things]


def test_the_names_follow_the_runtime():
    beside = ["container/hub-trial", "container/hub-once"]
    assert names() == ["container/hub", *beside]
    assert names(runtime="podman") == ["container/hub", *beside, "unit/hub.service", "unit/hub-trial.service"]
    assert names(runtime="package") == ["unit/hub.service", "unit/hub-trial.service"]
    assert names(**DISTRIBUTION) == ["unit/hub-trial.service"]
    assert names(own_network=True, network="front", volumes=["v"])[-2:] == ["network/front", "volume/v"]


def test_leftovers_are_what_is_beside_the_service():
    assert Service(given(runtime="podman")).leftovers == [
        "container/hub-trial",
        "container/hub-once",
        "unit/hub-trial.service",
    ]


@pytest.mark.parametrize(
    ("changes", "process"),
    [
        ({}, {"container": "hub", "image": "registry:2"}),
        ({"runtime": "podman"}, {"unit": "hub.service", "scope": "system", "image": "registry:2"}),
        ({"runtime": "podman", "scope": "user"}, {"unit": "hub.service", "scope": "user", "image": "registry:2"}),
        ({"runtime": "package"}, {"unit": "hub.service"}),
        (DISTRIBUTION, {"unit": "ceph-radosgw@a.service"}),
    ],
)
def test_the_record_names_the_process(changes, process):
    record = Service(given(**changes)).record
    assert {name: record.get(name) for name in process} == process
    assert len({"container", "unit"} & set(record)) == 1 and ("image" in record) is ("image" in process)


def test_the_record_changes_with_the_process_and_not_with_how_it_is_awaited():
    first = Service(given()).record
    assert Service(given(ready_timeout=9, diagnosis=["date"])).record["definition"] == first["definition"]
    assert Service(given(memory="1g")).record["definition"] != first["definition"]
    assert Service(given(), settled=True).record["managed"] == {"settled": True}


def test_the_record_keeps_what_runs_the_process_again():
    record = {**given()["record"], "managed": {"config": "x"}, "managed_files": ["/k.pem"]}
    kept = json.loads(Service(given(record=record)).record["kept"])
    assert kept["record"] == {"path": "/etc/hub/loaded", "files": ["/etc/hub/config.yml"]}
    again = Service(kept)
    assert again.docker == Service(given()).docker


def test_right_after_a_move_nothing_is_recorded_as_loaded(tmp_path):
    """A run that is killed there leaves a record that differs in everything but the runtime."""
    record = {"path": str(tmp_path / "loaded"), "files": []}
    service = Service(given(runtime="package", record=record))
    moved = {**DEFAULTS, **service.moved}
    check(moved, write=True)
    found = check({**DEFAULTS, **service.record, "unit": None}, write=False)
    assert (found["previous_runtime"], found["differs"]) == ("package", ["service"])
    assert found["previous"]["runtime"] == "package"
    assert action(service.definition, found, {}) == {
        "moves_from": "",
        "restarts": True,
        "reloads": False,
        "recreates": True,
    }


def test_a_drop_in_is_managed_and_not_loaded():
    service = Service(given(**DISTRIBUTION))
    assert service.unit_file == "/etc/systemd/system/ceph-radosgw@a.service.d/rgwkit.conf"
    assert service.record["managed_files"] == [service.unit_file]
    assert service.record["definition"] == {"service": "ceph-radosgw@a.service"}


def test_tasks_get_plain_data():
    derived = json.loads(json.dumps(Service(given()).derived))
    assert derived["watched"] == {"name": "hub", "runtime": "docker", "scope": "system"}


@pytest.mark.parametrize(
    ("runtime", "commands", "modules"),
    [
        ("docker", ["docker"], ["requests"]),
        ("podman", ["podman", "systemctl"], []),
        ("package", ["systemctl"], []),
        ("cephadm", [], []),
    ],
)
def test_what_a_host_needs(runtime, commands, modules):
    image = {"name": "a", "source": "auto", "pull": "b"}
    package = {"name": "a", "version": "2", "purpose": "the test", "instead": "a=b"}
    found = needs(runtime, [image], packages=[package])
    assert (found["commands"], found["python_modules"]) == (commands, modules)
    assert found["images"] == ([image] if runtime in ("docker", "podman") else [])
    assert found["packages"] == ([package] if runtime == "package" else [])
    gone = needs(runtime, [image], present=False, named=True, packages=[package])
    assert gone["images"] == [] and "systemctl" not in gone["commands"] and not gone["podman_network"]
    assert gone["packages"] == []
    assert needs(runtime, named=True)["podman_network"] is (runtime == "podman") and not found["podman_network"]
