# SPDX-License-Identifier: Apache-2.0
"""Whose the registry's blobs are, and where no password is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

FOLDER = Path(os.environ["MOLECULE_PROJECT_DIRECTORY"], ".build", "molecule-keystone", "keystone")
REGISTRY = "rgwkit-molecule-keystone-registry"
GATEWAY = "http://127.0.0.1:18082"


@pytest.fixture
def scenario() -> Any:
    return yaml.safe_load((FOLDER / "variables.yml").read_text())


def containers_of(scenario: Any, person: dict[str, str]) -> list[str]:
    """The swift containers that a person sees."""
    domain = {"name": "Default"}
    user = {"name": person["user"], "domain": domain, "password": Path(person["password_file"]).read_text()}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"name": person["project"], "domain": domain}}}}
    url, trust = f"{scenario['keystone_tls_url']}/v3/auth/tokens", scenario["keystone_ca_file"]
    token = requests.post(url, json=body, verify=trust, timeout=30).headers["X-Subject-Token"]
    account = f"{GATEWAY}/swift/v1"
    return requests.get(account, headers={"X-Auth-Token": token}, timeout=30).text.split()


def test_the_registry_s_container_is_the_first_project_s_alone(scenario: Any) -> None:
    first, second = scenario["keystone_people"]
    assert containers_of(scenario, first) == ["registry"]
    assert containers_of(scenario, second) == []


def test_no_password_is_in_what_docker_shows(host: Any, scenario: Any) -> None:
    for name in (REGISTRY, "rgwkit-molecule-keystone-identity"):
        shown = json.dumps(host.docker(name).inspect())
        for file in (*(one["password_file"] for one in scenario["keystone_people"]), FOLDER / "password"):
            assert Path(file).read_text() not in shown
