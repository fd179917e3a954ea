# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_portal."""

from __future__ import annotations

import json

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.portal.host_portal import HostPortal
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.beside import once
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

from tests.playbooks import PROJECT

DEFAULTS = yaml.safe_load((PROJECT / "roles" / "rgw_portal" / "defaults" / "main.yml").read_text())
ROLE = {name[len("rgw_portal_") :]: value for name, value in DEFAULTS.items()}
RGW = {
    "name": "rgw",
    "endpoint": "https://rgw.example.com",
    "access_key": "PORTALADMIN",
    "secret_key_file": "/etc/rgwkit/secrets/portal.rgw.secret",
    "ca_file": None,
    "limits": {"max_bytes": 1024, "max_objects": None, "max_buckets": None},
}
SWIFT = {
    "name": "swift",
    "kind": "swift",
    "endpoint": "https://swift.example.com",
    "keystone_url": "https://keystone.example.com:5000",
    "user": "portal",
    "password_file": "/etc/rgwkit/secrets/portal.keystone.password",
    "project": "service",
    "domain": "storage",
    "key_role": None,
    "allow_cleartext_secrets": False,
    "limits": {"max_bytes": 1024, "max_objects": None, "max_buckets": None},
}
REGISTRY = {
    "name": "registry",
    "url": "https://registry.example.com",
    "username": "portal",
    "password_file": "/etc/rgwkit/secrets/portal.registry.password",
}
ROLE |= {
    "dir": "/etc/rgwkit/rgwkit-portal",
    "data_dir": "/var/lib/rgwkit/rgwkit-portal",
    "url": "https://portal.example.com",
    "user_groups": ["staff"],
    "oidc_issuer": "https://login.example.com/realms/site",
    "oidc_client_secret_file": "/etc/rgwkit/secrets/oidc",
    "backends": [RGW],
}
PROXY = {"oidc_issuer": "", "proxy_addresses": ["10.0.0.1/32"], "proxy_secret_file": "/etc/rgwkit/secrets/proxy"}


def portal(**role) -> HostPortal:
    return HostPortal({**ROLE, **role}, "home")


def test_good_variables_are_fine():
    assert portal().objections == [] and portal(**PROXY).objections == []
    assert portal(backends=[RGW, SWIFT, {"name": "memory", "kind": "dummy"}]).objections == []


@pytest.mark.parametrize(
    "given, said",
    [
        ({"name": "Portal"}, "cannot be the name of a user"),
        ({"name": "portal\n"}, "cannot be the name of a user"),
        ({"url": "portal.example.com"}, "give a URL such as"),
        ({"url": "https://portal.example.com/portal"}, "without the path"),
        ({"oidc_issuer": "https://login.example.com/?realm=site"}, "without the query"),
        ({"oidc_issuer": ""}, "nobody could sign in"),
        ({"oidc_client_id": ""}, "rgw_portal_oidc_client_id is empty"),
        ({"oidc_algorithms": ["RS256", "none"]}, "rgw_portal_oidc_algorithms is ['RS256', 'none']"),
        ({"oidc_algorithms": ["HS256"]}, "choose some of RS256"),
        ({**PROXY, "proxy_secret_file": ""}, "rgw_portal_proxy_secret_file is empty"),
        ({"user_groups": []}, "at least one role a group"),
        ({"backends": []}, "rgw_portal_backends is empty"),
        ({"backends": [RGW, RGW]}, "has 'rgw' twice"),
        ({"backends": [{**RGW, "name": "Storage"}]}, "backends[0].name is 'Storage'"),
        ({"backends": [{**RGW, "endpoint": None}]}, "backends[0].endpoint is empty"),
        ({"backends": [{**RGW, "endpoint": "rgw:8080"}]}, "backends[0].endpoint is 'rgw:8080'"),
        ({"backends": [{**RGW, "secret_key_file": ""}]}, "backends[0].secret_key_file is empty"),
        *(
            ({"backends": [{**SWIFT, option: ""}]}, f"backends[0].{option} is empty")
            for option in ("endpoint", "keystone_url", "user", "password_file", "project", "domain")
        ),
        ({"backends": [{**SWIFT, "keystone_url": "keystone"}]}, "backends[0].keystone_url is 'keystone'"),
        ({"backends": [{**SWIFT, "limits": {"max_objects": 5}}]}, "which Swift does not offer"),
        ({"database_url": "portal.db"}, "has no scheme"),
        ({"person_requests_per_minute": -1}, "rgw_portal_person_requests_per_minute is -1"),
        ({"address_burst": 0}, "rgw_portal_address_burst is 0"),
        ({"front_addresses": ["front"]}, "rgw_portal_front_addresses has 'front'"),
        ({"metrics_addresses": ["10.0.0.1/8"]}, "rgw_portal_metrics_addresses has '10.0.0.1/8'"),
        ({**PROXY, "proxy_addresses": ["proxy"]}, "rgw_portal_proxy_addresses has 'proxy'"),
        ({"registries": [REGISTRY, REGISTRY]}, "has 'registry' twice"),
        ({"registries": [{**REGISTRY, "name": "Images"}]}, "registries[0].name is 'Images'"),
        ({"registries": [{**REGISTRY, "url": "registry.example.com"}]}, "give a URL such as"),
        ({"registries": [{**REGISTRY, "url": "https://registry.example.com/v2"}]}, "without the path"),
        ({"registries": [{**REGISTRY, "username": None}]}, "only one of username and password_file"),
        ({"registries": [{**REGISTRY, "prefix": "{project}"}]}, "prefix is '{project}'"),
        ({"registries": [{**REGISTRY, "prefix": "{project}-x/"}]}, "one of them {project}"),
    ],
)
def test_bad_input_is_named_with_what_to_do(given, said):
    (objection,) = portal(**given).objections
    assert said in objection and "Next: " in objection and objection.startswith("rgw_portal_")


@pytest.mark.parametrize(
    "given",
    [
        {"url": "https://portal:canary@portal.example.com"},
        {"database_url": "postgresql+psycopg://portal:canary@db/portal"},
        {"backends": [{**RGW, "endpoint": "https://portal:canary@rgw"}]},
        {"registries": [{**REGISTRY, "url": "https://portal:canary@registry"}]},
    ],
    ids=lambda given: next(iter(given)),
)
def test_a_login_in_a_url_is_refused_and_not_shown(given):
    (objection,) = portal(**given).objections
    assert "canary" not in objection


def test_the_configuration_has_no_secret_and_names_credentials():
    config = json.loads(portal(database_password_file="/etc/rgwkit/secrets/db").config)
    at = "/run/credentials/rgwkit-portal.service"
    assert config["backends"]["rgw"] == {
        "kind": "rgw",
        "endpoint": "https://rgw.example.com",
        "access_key": "PORTALADMIN",
        "secret_key_file": f"{at}/backend.rgw.secret",
        "limits": {"max_bytes": 1024},
    }
    assert config["web"] == {
        "url": "https://portal.example.com",
        "client_id": "portal",
        "client_secret_file": f"{at}/oidc.secret",
        "session_s": 28800,
    }
    assert config["oidc"]["audience"] == "portal" and config["database_password_file"] == f"{at}/database.password"
    assert "proxy" not in config


def test_a_back_end_on_swift_gets_its_password_as_a_credential():
    made = portal(backends=[RGW, SWIFT])
    assert json.loads(made.config)["backends"]["swift"] == {
        "kind": "swift",
        "endpoint": "https://swift.example.com",
        "keystone_url": "https://keystone.example.com:5000",
        "user": "portal",
        "password_file": "/run/credentials/rgwkit-portal.service/backend.swift.secret",
        "project": "service",
        "domain": "storage",
        "allow_cleartext_secrets": False,
        "limits": {"max_bytes": 1024},
    }
    line = "LoadCredential=backend.swift.secret:/etc/rgwkit/secrets/portal.keystone.password"
    assert f"\n{line}\n" in Service(made.definition, False).unit_text


def test_registries_and_verdicts_are_in_the_configuration():
    given = portal(
        registries=[{**REGISTRY, "endpoint": None, "prefix": "teams/{project}/"}],
        backends=[{**RGW, "verdict_file": "/var/lib/rgwkit/report/report.json", "verdict_max_age_s": None}],
    )
    config = json.loads(given.config)
    assert given.objections == []
    assert config["backends"]["rgw"]["verdict_file"] == "/var/lib/rgwkit/report/report.json"
    assert config["registries"] == {
        "registry": {
            "url": "https://registry.example.com",
            "username": "portal",
            "password_file": "/run/credentials/rgwkit-portal.service/registry.registry.password",
            "prefix": "teams/{project}/",
        }
    }
    assert "/etc/rgwkit/secrets/portal.registry.password" in given.secret_files


def test_a_portal_behind_a_proxy_asks_no_issuer():
    config = json.loads(portal(**PROXY).config)
    assert "oidc" not in config and set(config["web"]) == {"url", "session_s"}
    assert config["proxy"]["secret_file"] == "/run/credentials/rgwkit-portal.service/proxy.secret"


def test_limits_and_metrics_are_the_role_s():
    config = json.loads(portal(person_burst="7", address_requests_per_minute=0, metrics_addresses=[]).config)
    person, address = {"per_minute": 1200, "burst": 7}, {"per_minute": 0, "burst": 200}
    assert config["rate_limits"] == {"person": person, "address": address} and config["metrics_addresses"] == []


def test_without_a_url_there_are_no_pages():
    assert "web" not in json.loads(portal(url="").config)


def test_the_unit_loads_the_secrets_and_is_confined():
    text = Service(portal().definition, False).unit_text
    for line in (
        "User=rgwkit-portal",
        "LoadCredential=backend.rgw.secret:/etc/rgwkit/secrets/portal.rgw.secret",
        "LoadCredential=oidc.secret:/etc/rgwkit/secrets/oidc",
        "ProtectSystem=strict",
        "ReadWritePaths=/var/lib/rgwkit/rgwkit-portal/state",
    ):
        assert f"\n{line}\n" in text


def test_a_changed_secret_counts_as_loaded_by_the_process():
    assert "/etc/rgwkit/secrets/portal.rgw.secret" in portal().definition["record"]["files"]


def test_a_portal_on_all_addresses_is_asked_at_the_host_itself():
    assert portal(address="0.0.0.0", port=8000).ready_url == "http://127.0.0.1:8000/health/ready"
    assert portal(address="::").ready_url == "http://[::1]:8088/health/ready"


DOCKER = {"runtime": "docker", "oidc_ca_file": "/etc/login.pem"}


def test_a_network_of_containers_needs_a_container():
    (objection,) = portal(network="rgwkit-demo").objections
    assert objection.startswith("rgw_portal_network is 'rgwkit-demo'") and "Next: " in objection
    assert portal(runtime="podman", network="rgwkit-demo").objections == []


def test_a_container_finds_copies_of_secrets_and_authorities():
    one, at = portal(**DOCKER), "/etc/portal/credentials"
    assert one.credentials == {
        "folder": "/etc/rgwkit/rgwkit-portal/credentials",
        "group": 65531,
        "files": [
            {"name": "backend.rgw.secret", "source": "/etc/rgwkit/secrets/portal.rgw.secret"},
            {"name": "oidc.pem", "source": "/etc/login.pem"},
            {"name": "oidc.secret", "source": "/etc/rgwkit/secrets/oidc"},
        ],
    }
    config = json.loads(one.config)
    assert config["backends"]["rgw"]["secret_key_file"] == f"{at}/backend.rgw.secret"
    assert (config["oidc"]["ca_file"], config["web"]["client_secret_file"]) == (f"{at}/oidc.pem", f"{at}/oidc.secret")
    assert config["database_url"] == "sqlite:////var/lib/portal/portal.db"
    # The process has the copies loaded, and the role checks that nobody else reads the files themselves.
    assert "/etc/rgwkit/rgwkit-portal/credentials/backend.rgw.secret" in one.definition["record"]["files"]
    assert one.secret_files == ["/etc/rgwkit/secrets/oidc", "/etc/rgwkit/secrets/portal.rgw.secret"]


def test_a_container_finds_a_registrys_authority_and_the_report_of_the_last_verification():
    one = portal(
        **DOCKER,
        registries=[{**REGISTRY, "ca_file": "/etc/registry.pem"}],
        backends=[{**RGW, "verdict_file": "/srv/reports/rgw/report.json"}],
    )
    config = json.loads(one.config)
    assert config["registries"]["registry"]["ca_file"] == "/etc/portal/credentials/registry.registry.pem"
    assert {"name": "registry.registry.pem", "source": "/etc/registry.pem"} in one.credentials["files"]
    # The folder, since a verification replaces the file.
    assert config["backends"]["rgw"]["verdict_file"] == "/run/verdicts/rgw/report.json"
    folder = {"type": "bind", "source": "/srv/reports/rgw", "target": "/run/verdicts/rgw", "read_only": True}
    assert folder in Service(one.definition, False).docker["mounts"]


def test_a_unit_reads_authorities_where_they_are():
    assert json.loads(portal(oidc_ca_file="/etc/login.pem").config)["oidc"]["ca_file"] == "/etc/login.pem"


def test_a_container_is_confined_and_writes_to_its_database_alone():
    options = Service(portal(**DOCKER).definition, False).docker
    assert (options["user"], options["read_only"], options["cap_drop"]) == ("65531:65531", True, ["ALL"])
    assert "capabilities" not in options and "env" not in options
    assert options["volumes"] == [
        "/etc/rgwkit/rgwkit-portal:/etc/portal:ro,z",
        "/var/lib/rgwkit/rgwkit-portal/state:/var/lib/portal:z",
    ]


def test_on_a_network_the_port_is_published_at_the_address():
    one = portal(**DOCKER, network="rgwkit-demo", address="192.0.2.7", port=443)
    assert one.definition["publish_ports"] == ["192.0.2.7:443:8088"]
    config = json.loads(one.config)
    assert (config["host"], config["port"]) == ("0.0.0.0", 8088)
    assert one.ready_url == "http://192.0.2.7:443/health/ready"
    own = portal(**DOCKER, address="192.0.2.7")
    assert own.definition["network"] == "host" and own.definition["publish_ports"] == []
    assert json.loads(own.config)["host"] == "192.0.2.7"


def test_the_log_is_where_the_runtime_keeps_it():
    assert portal(**DOCKER).log_command == "docker logs rgwkit-portal"
    assert portal(runtime="podman").log_command == portal().log_command == "journalctl -u rgwkit-portal"


def test_what_a_plan_compares_covers_release_configuration_and_secrets():
    record = HostPortal({**ROLE, **DOCKER}, "home", lambda: "release").definition["record"]
    assert record["managed"] == {"config": portal(**DOCKER).config, "release": "release"}
    assert "/etc/rgwkit/secrets/oidc" in record["managed_files"]


def test_the_trial_of_a_unit_reads_copies_and_the_new_application():
    one = portal(oidc_ca_file="/etc/login.pem")
    folder, trial = "/etc/rgwkit/rgwkit-portal/trial", one.trial
    assert [each["name"] for each in trial["files"]] == ["backend.rgw.secret", "oidc.secret"]
    words = once(one.definition, trial["override"])
    assert words["words"][1:] == ["-m", "services.portal", "--check", f"{folder}/portal.json"]
    assert words["environment"]["PYTHONPATH"] == trial["program"] == f"{folder}/portal.zip"
    # All else is the configuration that the portal gets.
    at = "/run/credentials/rgwkit-portal.service"
    assert trial["config"].replace(f"{folder}/credentials", at) == one.config != trial["config"]


def test_the_trial_of_a_container_has_neither_the_port_nor_the_database():
    one = portal(**DOCKER, network="rgwkit-demo")
    trial = one.trial
    words = once(one.definition, trial["override"])["words"]
    assert trial["config"] == one.config and trial["files"] == one.credentials["files"]
    assert [word for word in words if word.startswith(("--volume=", "--publish="))] == [
        "--volume=/etc/rgwkit/rgwkit-portal/trial:/etc/portal:ro,z"
    ]
    assert words[-2:] == ["--check", "/etc/portal/portal.json"]
    assert "trial/" in one.contents["configuration"]


# What no other test of a configuration has: values that are none of the defaults.
GIVEN = {
    "rgw": {"public_endpoint": "https://s3.example.com", "uid_prefix": "p-", "home": "two", "purge_timeout_s": 30},
    "swift": {
        "public_endpoint": "https://objects.example.com",
        "public_keystone_url": "https://login.example.com:5000",
        "user_domain": "services",
        "project_domain": "infrastructure",
        "account_prefix": "",
        "project_prefix": "p-",
        "timeout_s": 3,
        "purge_timeout_s": 30,
    },
}


@pytest.mark.parametrize(
    ("kind", "option", "value"), [(kind, *pair) for kind, options in GIVEN.items() for pair in options.items()]
)
def test_an_option_of_a_back_end_reaches_the_application(kind, option, value):
    backend = {"rgw": RGW, "swift": SWIFT}[kind]
    given = portal(backends=[{**backend, option: value}])
    assert given.objections == []
    assert json.loads(given.config)["backends"][kind][option] == value != backend.get(option)
    assert option not in json.loads(portal(backends=[backend]).config)["backends"][kind]


@pytest.mark.parametrize(
    ("part", "option", "variable", "value"),
    [
        ("oidc", "audience", "oidc_audience", "storage-api"),
        ("oidc", "groups_claim", "oidc_groups_claim", "roles"),
        ("web", "session_s", "session_s", 600),
        ("proxy", "secret_header", "proxy_secret_header", "X-Secret"),
        ("proxy", "subject_header", "proxy_subject_header", "X-User"),
        ("proxy", "groups_header", "proxy_groups_header", "X-Groups"),
    ],
)
def test_a_variable_reaches_the_application(part, option, variable, value):
    ways = {**PROXY, "oidc_issuer": ROLE["oidc_issuer"]}
    given = portal(**ways, **{variable: value})
    assert given.objections == []
    assert json.loads(given.config)[part][option] == value != json.loads(portal(**ways).config)[part][option]


def test_a_timeout_of_no_seconds_is_no_default():
    (objection,) = portal(backends=[{**RGW, "timeout_s": 0}]).objections
    assert "backends[0].timeout_s is 0" in objection


def test_a_unit_needs_the_python_that_the_packages_are_locked_for():
    (package,) = portal().needs["packages"]
    assert (package["name"], package["version"], package["instead"]) == ("python3", "3.11", "rgw_portal_runtime=docker")
    assert portal(**DOCKER).needs["packages"] == portal(state="absent").needs["packages"] == []
