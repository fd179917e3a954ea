# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role pulp."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.pulp.host_pulp import HostPulp
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

from tests.playbooks import PROJECT

DEFAULTS = yaml.safe_load((PROJECT / "roles" / "pulp" / "defaults" / "main.yml").read_text())
ROLE = {name[len("pulp_") :]: value for name, value in DEFAULTS.items()}
ROLE |= {
    "dir": "/etc/rgwkit/pulp",
    "data_dir": "/var/lib/rgwkit/pulp",
    "url": "http://127.0.0.1:24817",
    "content_url": "http://127.0.0.1:24816",
    "s3_secret_file": "/etc/rgwkit/secrets/s3.key",
    "admin_password_file": "/etc/rgwkit/pulp/secrets/admin.password",
}
OUTSIDE = {"database_host": "db.example.com", "database_password_file": "/etc/rgwkit/secrets/db.password"}


def pulp(**role) -> HostPulp:
    return HostPulp({**ROLE, **role}, "home", ["# Pulp", "pulpcore==3.123.1"])


def names(definitions) -> list[str]:
    return [one["name"].rpartition("rgwkit-pulp-")[2] for one in definitions]


def test_the_defaults_are_fine():
    assert pulp().objections == [] and pulp(**OUTSIDE).objections == []


@pytest.mark.parametrize(
    "given, said",
    [
        ({"s3_endpoint": "rgw.example.com:8080"}, "which has no scheme"),
        ({"s3_endpoint": "http://:8080"}, "which has no host"),
        ({"url": "http://pulp.example.com/pulp"}, "which has a path"),
        ({"name": "Pulp"}, "cannot be the name of a user"),
        ({"name": "pulp\n"}, "cannot be the name of a user"),
        ({"postgresql_version": "15.3"}, "major version"),
        ({"s3_secret_file": ""}, "pulp_s3_secret_file is empty"),
        ({"database_host": "db"}, "pulp_database_password_file is empty"),
        ({"workers": 0}, "pulp_workers is 0"),
        ({"workers": 33}, "pulp_workers is 33"),
    ],
)
def test_bad_input_is_named_with_what_to_do(given, said):
    (objection,) = pulp(**given).objections
    assert said in objection and "Next: " in objection


def test_a_login_in_a_url_is_not_shown():
    (objection,) = pulp(s3_endpoint="http://pulp:canary@rgw:8080").objections
    assert "has a login" in objection and "canary" not in objection


def test_services_start_after_what_they_need_and_stop_before():
    assert names(pulp().servers) == ["postgresql", "redis"]
    assert names(pulp().services) == ["api", "content", "worker-1", "worker-2"]
    assert names(pulp(**OUTSIDE).servers) == ["redis"]
    assert names(pulp().removed)[-1] == "postgresql"


def test_all_definitions_are_services_without_a_secret_and_names_of_their_own():
    derived = [Service(one) for one in pulp().definitions]
    assert (
        len({one.definition["name"] for one in derived})
        == len({one.definition["record"]["path"] for one in derived})
        == 6
    )
    assert {thing["name"] for thing in pulp().things} >= {f"rgwkit-pulp-{name}.service" for name in ("api", "redis")}


def test_a_process_has_the_credentials_that_it_needs():
    def credentials(words) -> set[str]:
        return {word.partition("LoadCredential=")[2].partition(":")[0] for word in words if "LoadCredential=" in word}

    shared = {"django.key", "fields.key", "token.key", "token.pub", "s3.key", "settings.py"}
    api, outside = pulp().services[0], pulp(**OUTSIDE).services[0]
    assert credentials(api["properties"]) == shared
    assert credentials(outside["properties"]) == shared | {"database.password"}
    assert credentials(pulp().manager) == shared | {"admin.password"}
    assert OUTSIDE["database_password_file"] in outside["record"]["files"]


def test_other_packages_restart_pulp_and_not_its_servers():
    def loaded(home: HostPulp) -> list[object]:
        return [one["record"].get("definition") for one in home.definitions]

    other = HostPulp(ROLE, "home", ["pulpcore==3.124.0"])
    assert [old != new for old, new in zip(loaded(pulp()), loaded(other))] == [False, False, True, True, True, True]


def test_an_address_of_ipv6_is_in_brackets():
    assert pulp(address="::1").status_url.startswith("http://[::1]:24817/")
