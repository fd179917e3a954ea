# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role demo_portal."""

from __future__ import annotations

import json

import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.demo.login import DemoLogin
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

from tests.playbooks import PROJECT

DEFAULTS = yaml.safe_load((PROJECT / "roles" / "demo_portal" / "defaults" / "main.yml").read_text())
ROLE = {name.removeprefix("demo_portal_"): value for name, value in DEFAULTS.items()} | {
    "dir": "/demo/login",
    "client_secret_file": "/demo/users/client",
    "proxy_secret_file": "/demo/users/proxy",
    "people": [
        {"name": "ada", "groups": ["people", "astronomy"], "password_file": "/demo/users/ada"},
        {"name": "ben", "groups": ["people"], "password_file": "/demo/users/ben"},
    ],
}
LOGIN = DemoLogin(ROLE, "home")


def test_the_description_names_files_in_the_place_of_secrets():
    config = json.loads(LOGIN.config)
    assert config["url"] == LOGIN.issuer == "http://127.0.0.1:8089"
    assert config["people"]["ada"] == "/etc/login/credentials/ada.password"
    assert config["client_secret_file"] == "/etc/login/credentials/client.secret"
    assert config["groups"] == {"people": ["ada", "ben"], "astronomy": ["ada"]}
    assert config["redirect_uris"] == ["http://127.0.0.1:8088/web/signed-in"]


def test_the_provider_gets_copies_of_its_own_secrets_alone():
    sources = [one["source"] for one in LOGIN.credentials["files"]]
    assert sources == ["/demo/users/client", "/demo/users/ada", "/demo/users/ben"]
    assert sorted(LOGIN.secret_files) == sorted([*sources, "/demo/users/proxy"])


def test_the_container_is_confined():
    options = Service(LOGIN.definition, False).docker
    assert (options["user"], options["read_only"], options["cap_drop"]) == ("65530:65530", True, ["ALL"])
    assert options["volumes"] == ["/demo/login:/etc/login:ro,z"] and options["network_mode"] == "host"
