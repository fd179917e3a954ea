# SPDX-License-Identifier: Apache-2.0
"""Repositories and tags of projects, in a real registry with users."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image

from tests.integration.registry_probe.conftest import PASSWORD, USER, Registry, htpasswd, running_registry
from tests.portal import RunningPortal, running_portal
from tests.registry_images import push_image
from tests.services.portal.conftest import secret_file, settings
from tests.services.portal.issuer import Issuer, running_issuer

pytestmark = pytest.mark.long
WRONG = "canary-" + secrets.token_hex(16)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with running_registry(tmp_path_factory.mktemp("registry"), hosts={}, **htpasswd()) as registry:
        push_image(registry, "genomes/caller", "v1", 1000, 2000)
        push_image(registry, "genomes/caller", "v2", 3000)
        push_image(registry, "genomes/tools/deep", "latest", 10, index_tag="index")
        push_image(registry, "genomes-raw/secret", "v1", 10)
        push_image(registry, "zoo/secret", "v1", 10)
        yield registry


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer, registry: Registry) -> Iterator[RunningPortal]:
    folder = tmp_path_factory.mktemp("portal")
    login = {"username": USER, "password_file": secret_file(folder, "registry.secret", PASSWORD)}
    registries = {
        "images": {"url": registry.url, **login},
        "outside": {"url": "https://registry.example.com", "endpoint": registry.url, **login},
        "closed": {"url": registry.url, **login, "password_file": secret_file(folder, "wrong.secret", WRONG)},
        "anonymous": {"url": registry.url},
        "gone": {"url": "http://127.0.0.1:9"},
    }
    with running_portal(folder, **settings(folder, issuer, registries=registries)) as portal:
        admin = issuer.token("eve", ["admins"])
        for name, person in (("genomes", "ann"), ("genomes-raw", "bob"), ("other", "bob")):
            made = portal.ask("POST", "/v1/projects", admin, json={"name": name, "people": [person]})
            assert made.status_code == 201, made.text
        yield portal


def place(registry: str = "images", project: str = "genomes") -> str:
    return f"/v1/registries/{registry}/projects/{project}/repositories"


def test_a_project_sees_its_repositories_by_pages(portal, issuer, registry):
    host = registry.url.partition("//")[2]
    whole = portal.ask("GET", place(), issuer.token()).json()
    assert whole == {
        "items": [
            {"name": "genomes/caller", "address": f"{host}/genomes/caller"},
            {"name": "genomes/tools/deep", "address": f"{host}/genomes/tools/deep"},
        ],
        "next": None,
    }
    first = portal.ask("GET", f"{place()}?limit=1", issuer.token()).json()
    second = portal.ask("GET", f"{place()}?limit=1&cursor={first['next']}", issuer.token()).json()
    assert [first["items"], second["items"], second["next"]] == [whole["items"][:1], whole["items"][1:], None]


def test_tags_have_digest_size_and_a_command_that_pulls(portal, issuer, registry):
    host = registry.url.partition("//")[2]
    answer = portal.ask("GET", f"{place()}/genomes/caller/tags", issuer.token())
    one, two = answer.json()["items"]
    assert (one["name"], one["pull"], one["platforms"]) == ("v1", f"docker pull {host}/genomes/caller:v1", 1)
    config = Image("genomes/caller:v1", [1000, 2000]).blobs[0]
    assert one["size"] == 3000 + config.size and two["name"] == "v2"
    skopeo = ["skopeo", "inspect", "--tls-verify=false", f"--creds={USER}:{PASSWORD}", "--format={{.Digest}}"]
    done = subprocess.run([*skopeo, f"docker://{host}/genomes/caller:v1"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == one["digest"]
    index, latest = portal.ask("GET", f"{place()}/genomes/tools/deep/tags", issuer.token()).json()["items"]
    assert (index["name"], index["size"], index["platforms"]) == ("index", None, 1) and latest["size"] > 10
    page = portal.ask("GET", f"{place()}/genomes/caller/tags?limit=1", issuer.token()).json()
    rest = portal.ask("GET", f"{place()}/genomes/caller/tags?limit=1&cursor={page['next']}", issuer.token()).json()
    assert [page["items"], rest["items"], rest["next"]] == [[one], [two], None]


def test_commands_name_the_registry_as_clients_reach_it(portal, issuer):
    items = portal.ask("GET", f"{place('outside')}/genomes/caller/tags", issuer.token()).json()["items"]
    assert items[0]["pull"] == "docker pull registry.example.com/genomes/caller:v1"


@pytest.mark.parametrize(
    "repository",
    ["genomes-raw/secret", "zoo/secret", "genomes", "genomes/../zoo/secret", "genomes/%2e%2e/zoo/secret", "genomes/"],
)
def test_a_repository_of_others_looks_as_if_there_were_none(portal, issuer, repository):
    answer = portal.ask("GET", f"{place()}/{repository}/tags", issuer.token())
    assert answer.status_code == 404 and "secret" not in answer.json().get("detail", "")


def test_a_project_of_others_looks_as_if_there_were_none(portal, issuer):
    for path in (place(project="genomes-raw"), f"{place(project='genomes-raw')}/genomes-raw/secret/tags"):
        assert portal.ask("GET", path, issuer.token()).status_code == 404
        assert portal.ask("GET", path, issuer.token("bob")).status_code == 200
        assert portal.ask("GET", path, issuer.token("eve", ["admins"])).status_code == 200
    assert portal.ask("GET", place(project="other"), issuer.token("bob")).json()["items"] == []


def test_a_registry_that_is_down_or_refuses_ends_its_own_pages_only(portal, issuer):
    assert portal.ask("GET", place("gone"), issuer.token()).status_code == 503
    for name in ("closed", "anonymous"):
        answer = portal.ask("GET", place(name), issuer.token())
        assert answer.status_code == 502 and WRONG not in answer.text
    assert portal.ask("GET", place(), issuer.token()).status_code == 200
    assert portal.ask("GET", place("none"), issuer.token()).status_code == 404
    names = [one["name"] for one in portal.ask("GET", "/v1/registries", issuer.token()).json()["items"]]
    assert names == ["images", "outside", "closed", "anonymous", "gone"]


def test_no_secret_of_a_registry_is_in_a_log_or_an_answer(portal, issuer):
    portal.ask("GET", place("closed"), issuer.token())
    log = portal.log.read_text()
    assert "unauthorized" in log and WRONG not in log and PASSWORD not in log
