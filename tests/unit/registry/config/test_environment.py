# SPDX-License-Identifier: Apache-2.0
"""The registry's variables: how the file of them is read, and what those of lists and blocks do."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.envfile import read
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint

from commands.registry_lint.__main__ import main

RIGHT = """
version: 0.1
storage: {inmemory: , redirect: {disable: true}}
http: {addr: ":5000", secret: hunter2}
notifications: {endpoints: [{name: n, url: "http://127.0.0.1:9/"}]}
"""
SWIFT = {
    "REGISTRY_STORAGE": "swift",
    "REGISTRY_STORAGE_REDIRECT_DISABLE": "true",
    "REGISTRY_STORAGE_SWIFT_USERNAME": "u:s",
    "REGISTRY_STORAGE_SWIFT_PASSWORD": "abc",
    "REGISTRY_STORAGE_SWIFT_AUTHURL": "http://rgw.example.com:8080/auth/v1",
    "REGISTRY_STORAGE_SWIFT_CONTAINER": "registry",
}


def said(environment, version="2.8"):
    return {found.place: found for found in lint(RIGHT, version, environment=environment)}


def test_a_file_of_docker_s():
    parsed = read("\ufeffA=1\r\n  B = x\n C='2'\n\n  # comment\nD\nE=a=b\n", "f")
    assert parsed.variables == {"A": "1", "C": "'2'", "E": "a=b"}
    assert [found.place for found in parsed.findings] == ["f, line 2", "f, line 6"]


def test_a_file_of_a_shell_s():
    parsed = read('export A=\'1\'\n B="x y" # c\nexport C="open\nD\n', "f")
    assert parsed.variables == {"A": "1", "B": "x y"}
    assert [found.place for found in parsed.findings] == ["f, line 1", "f, line 3", "f, line 4"]


def test_a_missing_file_of_variables_is_named(tmp_path, capsys):
    config = tmp_path / "config.yml"
    config.write_text(RIGHT)
    assert main([str(config), "--env", str(tmp_path / "nosuch.env")]) == 2
    assert capsys.readouterr().err == f"{tmp_path}/nosuch.env: cannot be read: No such file or directory\n"


@pytest.mark.parametrize(("version", "severity"), [("2.8", "warning"), ("3.0", None), ("3.1", None)])
def test_a_variable_that_goes_through_a_list(version, severity):
    name = "REGISTRY_NOTIFICATIONS_ENDPOINTS_0_HEADERS"
    found = said({name: "{Authorization: [abc]}"}, version).get(name)
    assert (found.severity if found else None) == severity


@pytest.mark.parametrize("index", ["X", "7", "-1"])
def test_no_place_of_the_list(index):
    name = f"REGISTRY_NOTIFICATIONS_ENDPOINTS_{index}_URL"
    assert "does not start" in said({name: "http://h/"}, "3.1")[name].effect


def test_a_variable_is_named_where_its_value_is_empty_or_wrong():
    found = said({**SWIFT, "REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALID": ""})
    finding = found["storage.swift.applicationcredentialid"]
    assert "REGISTRY_STORAGE_SWIFT_APPLICATIONCREDENTIALID" in finding.what


def test_what_the_file_has_wrong_no_variable_mends():
    found = lint(RIGHT + "log: {level: trace}\n", "2.8", environment={"REGISTRY_LOG_LEVEL": "info"})
    assert [finding.place for finding in found] == ["log.level"]


def test_a_second_access_controller_is_one_of_two_at_random():
    text = RIGHT + "auth: {none: {}}\n"
    environment = {"REGISTRY_AUTH_SILLY_REALM": "r", "REGISTRY_AUTH_SILLY_SERVICE": "s"}
    assert (
        "any one of them" in {found.place: found for found in lint(text, "2.8", environment=environment)}["auth"].effect
    )


def test_a_driver_that_variables_add():
    finding = said({"REGISTRY_STORAGE_S3_BUCKET": "b"})["storage"]
    assert "REGISTRY_STORAGE=s3" in finding.remedy and "panic" in finding.effect


def test_a_block_made_of_single_variables():
    name = "REGISTRY_STORAGE_MAINTENANCE_READONLY"
    assert "storage.maintenance.readonly" in said({f"{name}_ENABLED": "true"})
    assert said({name: "{enabled: true}"}) == {}


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ({"HTTP_PROXY": "http://p:1"}, "HTTP_PROXY"),
        ({"http_proxy": "http://p:1", "NO_PROXY": "localhost"}, "http_proxy"),
        ({"HTTPS_PROXY": "http://p:1"}, None),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "example.com"}, None),
        ({"HTTP_PROXY": "http://p:1", "no_proxy": "a, .example.com"}, None),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "rgw.example.com:9"}, "HTTP_PROXY"),
        ({"HTTP_PROXY": "http://p:1", "NO_PROXY": "*"}, None),
        ({"HTTP_PROXY": "http://p:1", "REGISTRY_STORAGE_SWIFT_AUTHURL": "http://127.0.0.1:1/auth/v1"}, None),
    ],
)
def test_a_proxy_before_the_storage(more, warned):
    assert list(said({**SWIFT, **more})) == ([warned] if warned else [])
