# SPDX-License-Identifier: Apache-2.0
"""sregistry on a real gateway: push, search and pull, by its command and its Python client, in all of its modes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.modules import client_settings

from tests.integration.clients.keystone import running_keystone
from tests.sregistry import Account, new_account, new_collection, push_search_pull

pytestmark = [pytest.mark.long, pytest.mark.skipif(os.geteuid() != 0, reason="only root can make an account")]


@pytest.fixture
def person() -> Iterator[Account]:
    with new_account() as person:
        yield person


@pytest.fixture
def settings(run_module, person: Account) -> Callable[..., Path]:
    """Write settings into the person's home; the folder."""

    def write(**options: object) -> Path:
        folder = person.home / ".config" / "rgwkit"
        entry = {"path": str(folder), "owner": person.name, "programs": ["sregistry"], **options}
        result = run_module(client_settings, home="tests", clients=[entry])
        assert not result.get("failed"), result
        return folder

    return write


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_push_search_and_pull_by_command_and_python_client(site, settings, person, sregistry):
    user = site.new_user()
    folder = settings(endpoint=site.plain_url, swift=user["swift"])
    push_search_pull(person, folder, sregistry, new_collection())
    token_file = folder / "sregistry.json"
    assert user["swift"]["key"] in token_file.read_text()
    assert mode(token_file) == 0o600 and token_file.owner() == person.name
    assert not (person.home / ".sregistry").exists(), "the client's own place for the token"


def test_the_gateway_s_certificate_is_checked_with_its_authority(site, settings, person, sregistry, tmp_path):
    certificate = person.home / "ca.pem"
    certificate.write_bytes(b"-----BEGIN CERT" + site.certificate.read_bytes().partition(b"-----BEGIN CERT")[2])
    folder = settings(endpoint=site.gateway.url, ca_file=str(certificate), swift=site.new_user()["swift"])
    push_search_pull(person, folder, sregistry, new_collection())


def test_a_second_run_changes_nothing_and_a_rotation_writes_the_token(site, settings, run_module, person, sregistry):
    user = site.new_user()
    folder = settings(endpoint=site.plain_url, swift=user["swift"])
    name = new_collection()
    push_search_pull(person, folder, sregistry, name)
    entry = {"path": str(folder), "owner": person.name, "programs": ["sregistry"], "endpoint": site.plain_url}
    again = run_module(client_settings, home="tests", clients=[{**entry, "swift": user["swift"]}])
    assert not again["changed"], again["diff"]
    uid, new = user["s3"]["access_key"], "the-next-generation-of-keys"
    create = ["key", "create", f"--uid={uid}", f"--subuser={uid}:swift", "--key-type=swift", f"--secret={new}"]
    site.gateway.run("radosgw-admin", *create)
    settings(endpoint=site.plain_url, swift={**user["swift"], "key": new})
    text = (folder / "sregistry.json").read_text()
    assert new in text and user["swift"]["key"] not in text and mode(folder / "sregistry.json") == 0o600
    # The client reads its token file where no variable is set.
    only = f"export SREGISTRY_CLIENT_SECRETS={folder}/sregistry.json"
    assert f"{name}/one:v1.sif" in person.run(only, f"{sregistry}/sregistry search")
    gone = run_module(client_settings, home="tests", clients=[{**entry, "state": "absent"}])
    assert gone["changed"] and not folder.exists()


def token_of(site, user) -> tuple[str, str]:
    """A token and the storage URL, as the gateway hands them out."""
    fields = {"X-Auth-User": user["swift"]["user"], "X-Auth-Key": user["swift"]["key"]}
    answer = requests.get(f"{site.plain_url}/auth/v1.0", headers=fields, timeout=30)
    assert answer.status_code in (200, 204)
    return answer.headers["X-Auth-Token"], answer.headers["X-Storage-Url"]


def test_a_token_of_keystone_alone(keystone_site, settings, person, sregistry):
    identity = keystone_site.keystone.identity
    token = identity.token_of(identity.person("member"))
    swift = {"auth": "preauth", "user": "ada", "key": token, "storage_url": f"{keystone_site.url}/swift/v1"}
    folder = settings(endpoint=keystone_site.url, swift=swift)
    push_search_pull(person, folder, sregistry, new_collection())


@pytest.mark.parametrize("by", ["swift", "sregistry"])
def test_keystone_v3(keystone_site, settings, person, sregistry, by):
    """A user of the project Default, the only one that the client knows."""
    keystone = keystone_site.keystone
    ada, url = keystone.identity.person("member", project="Default"), keystone.url
    options = {"authtype": "keystonev3", "user": ada.user, "token": ada.password, "url": url}
    if by == "swift":
        place = {"url": url, "project": "Default", "validate_certs": False}
        options = {"auth": "keystone", "user": ada.user, "key": ada.password, "keystone": place}
    folder = settings(**{"endpoint": keystone_site.url, by: options})
    push_search_pull(person, folder, sregistry, new_collection())


def test_keystone_v2(site, settings, person, sregistry):
    """Keystone has no API v2 any more: the gateway knows the token that a double of Keystone hands out."""
    with running_keystone(*token_of(site, site.new_user())) as keystone:
        login = {"user": "ada", "token": "password-of-ada", "url": keystone.url}
        folder = settings(sregistry={"authtype": "keystonev2", **login, "tenant": "t", "region": "r"})
        push_search_pull(person, folder, sregistry, new_collection())
    asked, body = keystone.asked[0]
    assert asked == "/v2.0/tokens" and "password-of-ada" in json.dumps(body)


def test_the_client_by_itself_leaves_its_token_to_every_account(site, settings, person, sregistry):
    """The trap that the settings avoid: without SREGISTRY_CLIENT_SECRETS, the token is in ~/.sregistry, mode 0644."""
    user = site.new_user()
    folder = settings(endpoint=site.plain_url, swift=user["swift"])
    name, lines = new_collection(), f". {folder}/sregistry.sh; unset SREGISTRY_CLIENT_SECRETS"
    person.run(lines, f"{sregistry}/sregistry push --name {name}/one:v1 one.sif")
    left = person.home / ".sregistry"
    assert user["swift"]["key"] in left.read_text() and mode(left) == 0o644
