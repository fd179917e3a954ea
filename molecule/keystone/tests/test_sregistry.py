# SPDX-License-Identifier: Apache-2.0
"""sregistry stores images as a user of Keystone, in each of the modes that it has for Keystone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.clients.keystone import running_keystone
from tests.keystone.gateway import KeystoneGateway
from tests.sregistry import Account, installed_sregistry, new_account, new_collection, push_search_pull


@pytest.fixture(scope="module")
def command() -> Iterator[Path]:
    with installed_sregistry() as folder:
        yield folder


@pytest.fixture
def account(command: Path) -> Iterator[Account]:
    with new_account() as account:
        yield account


@pytest.fixture(params=["preauth", "keystonev2", "keystonev3"])
def login(request: pytest.FixtureRequest, site: KeystoneGateway, account: Account) -> Iterator[dict[str, str]]:
    """The settings of a mode, for a user of the project Default, the only one that keystonev3 knows.

    Keystone has no API v2 any more: a double of that hands out a token of the real one.
    """
    identity, storage_url = site.keystone.identity, f"{site.url}/swift/v1"
    ada = identity.person("member", project="Default")
    mode, password = {"authtype": request.param}, {"user": ada.user, "token": ada.password}
    if request.param == "preauth":
        yield {**mode, "token": identity.token_of(ada), "storage_url": storage_url}
    elif request.param == "keystonev3":
        yield {**mode, **password, "url": site.keystone.url}
    else:
        with running_keystone(identity.token_of(ada), storage_url) as double:
            yield {**mode, **password, "url": double.url, "tenant": ada.project, "region": "r"}


def test_push_search_and_pull(
    host: Any, login: dict[str, str], account: Account, command: Path, tmp_path: Path
) -> None:
    token_file, folder = tmp_path / "token", account.home / ".config" / "rgwkit"
    token_file.touch(mode=0o600)
    token_file.write_text(login.pop("token"))
    sregistry = {"token_file": str(token_file), **login}
    entry = {"path": str(folder), "owner": account.name, "programs": ["sregistry"], "sregistry": sregistry}
    options = json.dumps({"home": "molecule", "clients": [entry]})
    written = host.ansible("rgwkit.ceph.client_settings", options, check=False)
    assert written["changed"], written
    push_search_pull(account, folder, command, new_collection())
