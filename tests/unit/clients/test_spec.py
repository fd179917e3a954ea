# SPDX-License-Identifier: Apache-2.0
"""How sregistry's four ways to authenticate become its variables."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.options import CLIENT_OPTIONS
from ansible_collections.rgwkit.ceph.plugins.module_utils.clients.spec import Secrets, Wanted, parse_clients

URL = "http://rgw.example:8080"
SWIFT = {"endpoint": URL, "swift": {"user": "ada:swift", "key": "swift-key"}}
ACCOUNT = {"user": "ada", "token": "word", "url": "http://keystone.example:5000"}


def parsed(**entry: object) -> Wanted:
    result = ArgumentSpecValidator(CLIENT_OPTIONS).validate({"path": "/srv/own", **entry})
    assert not result.error_messages
    return parse_clients([result.validated_parameters], Secrets(planning=False))[0]


LEGACY = {"AUTHTYPE": "legacy", "USER": "ada:swift", "TOKEN": "swift-key", "URL": URL}


@pytest.mark.parametrize(
    ("entry", "variables"),
    [
        (SWIFT, LEGACY),
        ({**SWIFT, "sregistry": {}}, LEGACY),
        ({**SWIFT, "sregistry": {"user": "ada:other", "token": "x"}}, {**LEGACY, "USER": "ada:other", "TOKEN": "x"}),
        (
            {"sregistry": {"authtype": "keystonev2", "tenant": "t", "region": "r", **ACCOUNT}},
            {
                "AUTHTYPE": "keystonev2",
                "USER": "ada",
                "TOKEN": "word",
                "URL": "http://keystone.example:5000",
                "TENANT": "t",
                "REGION": "r",
            },
        ),
        (
            {"sregistry": {"authtype": "keystonev3", **ACCOUNT}},
            {"AUTHTYPE": "keystonev3", "USER": "ada", "TOKEN": "word", "URL": "http://keystone.example:5000"},
        ),
        (
            {"sregistry": {"authtype": "preauth", "token": "tk", "storage_url": f"{URL}/swift/v1"}},
            {"AUTHTYPE": "preauth", "OS_AUTH_TOKEN": "tk", "OS_STORAGE_URL": f"{URL}/swift/v1"},
        ),
    ],
    ids=["default", "empty", "other-login", "keystonev2", "keystonev3", "preauth"],
)
def test_each_mode_has_its_variables(entry: dict, variables: dict[str, str]) -> None:
    found = parsed(**entry).access.sregistry.variables
    assert found == {f"SREGISTRY_SWIFT_{name}": value for name, value in variables.items()}


def test_an_endpoint_is_written_as_programs_take_it() -> None:
    assert parsed(endpoint="http://RGW.example:80/").access.gateway.url == "http://RGW.example"
    assert parsed(endpoint="https://[2001:db8::1]:8443").access.gateway.url == "https://[2001:db8::1]:8443"


def test_programs_are_those_that_have_what_they_need() -> None:
    assert parsed(**SWIFT).programs == ("swift", "rclone", "sregistry")
    assert parsed(**SWIFT, programs=["swift", "swift"]).programs == ("swift",)
    assert parsed(endpoint=URL).programs == ()
