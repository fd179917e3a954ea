# SPDX-License-Identifier: Apache-2.0
"""Whose the registry's blobs are, and where no password is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import requests

from tests.keystone.gateway import KeystoneGateway


def containers_of(site: KeystoneGateway, person: dict[str, str]) -> list[str]:
    """The swift containers that a person sees."""
    password = Path(person["password_file"]).read_text()
    token = site.keystone.identity.token(person["user"], password, person["project"])
    return requests.get(f"{site.url}/swift/v1", headers={"X-Auth-Token": token}, timeout=30).text.split()


def test_the_registry_s_container_is_the_first_project_s_alone(site: KeystoneGateway, people: Any) -> None:
    first, second = people
    assert containers_of(site, first) == ["registry"]
    assert containers_of(site, second) == []


def test_no_password_is_in_what_docker_shows(host: Any, site: KeystoneGateway, people: Any) -> None:
    for name in ("rgwkit-molecule-keystone-registry", "rgwkit-molecule-keystone", site.keystone.container):
        shown = json.dumps(host.docker(name).inspect())
        for file in (*(one["password_file"] for one in people), site.keystone.password_file):
            assert Path(file).read_text() not in shown
