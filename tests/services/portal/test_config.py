# SPDX-License-Identifier: Apache-2.0
"""A configuration that cannot be meant ends the portal before it listens, with the option's name."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest
import yaml

from module_utils.base.errors import InputError
from services.portal.config import Settings, load
from tests.environments import python_of
from tests.playbooks import PROJECT
from tests.services.portal.conftest import secret_file

GOOD = {"oidc": {"issuer": "http://issuer.example", "audience": "a"}, "backends": {"dummy": {"kind": "dummy"}}}

SWIFT = {
    "kind": "swift",
    "endpoint": "https://swift.example.com",
    "keystone_url": "https://keystone.example.com:5000",
    "user": "portal",
    "password_file": "/no/such/password",
    "project": "service",
    "domain": "storage",
}


def write(folder: Path, **changes: object) -> str:
    config = folder / "portal.json"
    config.write_text(json.dumps({**GOOD, "database_url": f"sqlite:///{folder}/portal.db", **changes}))
    return str(config)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"oidc": None}, "nobody could sign in"),
        ({"backends": {}}, "backends"),
        ({"backends": {"projects": {"kind": "dummy"}}}, "'projects' is a path of the API"),
        ({"backends": {"Up": {"kind": "dummy"}}}, "backends.Up"),
        ({"backends": {"a": {"kind": "tape"}}}, "backends.a"),
        ({"backends": {"a": {"kind": "dummy", "limits": {"max_bytes": 1000}}}}, "limits.max_bytes"),
        ({"backends": {"a": {**SWIFT, "limits": {"max_objects": 5}}}}, "leave max_objects out"),
        ({"backends": {"a": {**SWIFT, "key_role": ""}}}, "backends.a.swift.key_role"),
        ({"port": 70000}, "port"),
        ({"unknown": 1}, "unknown"),
        ({"oidc": {**GOOD["oidc"], "algorithms": ["none"]}}, "oidc.algorithms"),
        ({"oidc": {**GOOD["oidc"], "algorithms": ["HS256"]}}, "oidc.algorithms"),
        ({"oidc": {**GOOD["oidc"], "algorithms": []}}, "oidc.algorithms"),
        ({"proxy": {"addresses": ["10.0.0.1/8"], "secret_file": "/x"}}, "proxy.addresses"),
        ({"front_addresses": ["front.example.com"]}, "front_addresses"),
        ({"metrics_addresses": ["10.0.0.1/8"]}, "metrics_addresses"),
        ({"rate_limits": {"person": {"per_minute": -1, "burst": 1}}}, "rate_limits.person.per_minute"),
        ({"rate_limits": {"address": {"per_minute": 1, "burst": 0}}}, "rate_limits.address.burst"),
        ({"proxy": {"addresses": [], "secret_file": "/x"}}, "proxy.addresses"),
        ({"backends": {"status": {"kind": "dummy"}}}, "'status' is a path of the API"),
        ({"backends": {"a": {"kind": "dummy", "verdict_max_age_s": 1}}}, "verdict_max_age_s"),
        ({"registries": {"a": {"url": "registry.example.com"}}}, "registries.a.url"),
        ({"registries": {"a": {"url": "https://me:canary@registry.example.com"}}}, "registries.a.url"),
        ({"registries": {"a": {"url": "https://registry.example.com", "prefix": "{project}"}}}, "registries.a.prefix"),
        (
            {"registries": {"a": {"url": "https://registry.example.com", "prefix": "x{project}/"}}},
            "registries.a.prefix",
        ),
        ({"registries": {"a": {"url": "https://registry.example.com", "username": "me"}}}, "belong together"),
    ],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(tmp_path, changes, said):
    with pytest.raises(InputError) as refused:
        load(write(tmp_path, **changes))
    assert said in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_a_file_that_is_no_configuration_is_refused(tmp_path, content):
    (tmp_path / "portal.json").write_bytes(content)
    with pytest.raises(InputError, match=r"portal\.json"):
        load(str(tmp_path / "portal.json"))


def test_the_role_and_the_application_have_the_same_defaults():
    role = yaml.safe_load((PROJECT / "roles" / "rgw_portal" / "defaults" / "main.yml").read_text())
    given = Settings.model_validate(
        {
            **GOOD,
            "front_addresses": role["rgw_portal_front_addresses"],
            "metrics_addresses": role["rgw_portal_metrics_addresses"],
            "rate_limits": {
                name: {
                    "per_minute": role[f"rgw_portal_{name}_requests_per_minute"],
                    "burst": role[f"rgw_portal_{name}_burst"],
                }
                for name in ("person", "address")
            },
        }
    )
    assert given == Settings.model_validate(GOOD)


def test_a_portal_that_cannot_be_made_says_why(tmp_path):
    readable = secret_file(tmp_path, "secret", "canary-secret-of-a-proxy")
    (tmp_path / "secret").chmod(0o644)
    faults = {
        "/no/such/folder/portal.db": {"database_url": "sqlite:////no/such/folder/portal.db"},
        "database_password_file": {"database_url": "postgresql://portal:canary@db/portal"},
        "no URL": {"database_url": "nonsense"},
        "oidc.issuer: give a URL": {"oidc": {**GOOD["oidc"], "issuer": "no url"}},
        "/no/such/secret": {"proxy": {"addresses": ["10.0.0.1"], "secret_file": "/no/such/secret"}},
        "/no/such/password": {"backends": {"swift": SWIFT}},
        "endpoint: give a URL": {"backends": {"swift": {**SWIFT, "endpoint": "https://"}}},
        "endpoint: passwords and tokens would travel": {"backends": {"swift": {**SWIFT, "endpoint": "http://swift"}}},
        readable: {"proxy": {"addresses": ["10.0.0.1"], "secret_file": readable}},
    }
    configs = []
    for number, changes in enumerate(faults.values()):
        (tmp_path / str(number)).mkdir()
        configs.append(write(tmp_path / str(number), **changes))
    done = run("-m", "tests.services.portal.judge", *configs)
    said = done.stdout.splitlines()
    assert len(said) == len(faults), done.stderr
    for fault, line in zip(faults, said):
        assert fault in line
    assert "canary" not in done.stdout + done.stderr


def test_a_check_names_the_fault_and_ends(tmp_path):
    faults = {
        "backends.dummy.dummy.limits.max_buckets": {
            "backends": {"dummy": {"kind": "dummy", "limits": {"max_buckets": 0}}}
        },
        "/no/such/password": {"backends": {"swift": SWIFT}},
        "/no/such/authority": {"oidc": {**GOOD["oidc"], "issuer": "https://login", "ca_file": "/no/such/authority"}},
        "cannot listen on 192.0.2.7": {"host": "192.0.2.7"},
        "no URL of a database": {"database_url": "nonsense"},
        "that the portal knows": {"database_url": "tape://portal"},
        "such as sqlite": {"database_url": "mysql://portal@db/portal"},
        "/no/such/secret": {"database_password_file": "/no/such/secret"},
        "it holds a password": {"database_url": "postgresql+psycopg://portal:canary@db/portal"},
    }
    for fault, changes in faults.items():
        done = run("-m", "services.portal", "--check", write(tmp_path, **changes))
        assert (done.returncode, done.stdout) == (2, "") and fault in done.stderr, done.stderr
        assert "Traceback" not in done.stderr and "canary" not in done.stderr


def test_a_check_leaves_port_and_database_to_the_running_portal(tmp_path):
    """Nothing is made, either, where no portal runs yet."""
    with socket.create_server(("127.0.0.1", 0)) as running:
        done = run("-m", "services.portal", "--check", write(tmp_path, port=running.getsockname()[1]))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["portal.json"]


def test_tables_of_another_version_are_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "portal.db") as database:
        database.execute("CREATE TABLE schema_version (version INTEGER PRIMARY KEY)")
        database.execute("INSERT INTO schema_version VALUES (99)")
    done = run("-m", "services.portal", write(tmp_path))
    assert (done.returncode, "version 99" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    with sqlite3.connect(tmp_path / "portal.db") as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert tables == [("schema_version",)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the portal's environment."""
    command = [python_of("portal"), *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
