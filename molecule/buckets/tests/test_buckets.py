# SPDX-License-Identifier: Apache-2.0
"""The registry's container as an independent swift client and radosgw-admin see it."""

from __future__ import annotations

import json

import swiftclient


def test_the_registry_finds_its_container(swift_login):
    headers = swiftclient.Connection(*swift_login, retries=0).head_container("registry")
    assert headers["x-container-object-count"] == "0"


def test_the_container_is_the_registrys(host):
    command = "docker exec rgwkit-molecule radosgw-admin bucket stats --bucket=registry"
    assert json.loads(host.check_output(command))["owner"] == "registry"


def test_nothing_of_the_run_is_left_with_the_owner(host):
    user = json.loads(host.check_output("docker exec rgwkit-molecule radosgw-admin user info --uid=registry"))
    assert [subuser["id"] for subuser in user["subusers"]] == ["registry:registry-a"]
    assert [key["access_key"] for key in user["keys"]] == ["registry-a"]
