# SPDX-License-Identifier: Apache-2.0
"""The swift programs store and fetch as users of a real Keystone: by password, application credential and token."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import client_settings

from tests.integration.clients.programs import python_programs, shell

pytestmark = pytest.mark.long

CONTENT = os.urandom(300_000)


@pytest.fixture(scope="module")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the command swift, which needs keystoneclient for Keystone."""
    folder = tmp_path_factory.mktemp("swift") / "venv"
    return python_programs(folder, "python-swiftclient", "python-keystoneclient")


@pytest.fixture(params=["password", "application credential", "token"])
def login(request: pytest.FixtureRequest, keystone_site) -> dict[str, object]:
    """The options of settings for a user of Keystone."""
    keystone = keystone_site.keystone
    ada = keystone.identity.person("member")
    ca_file = {"endpoint": keystone_site.url, "ca_file": str(keystone.ca_file)}
    place = {"url": keystone.tls_url, "project": ada.project, "region": "RegionOne", "interface": "internal"}
    swift = {"auth": "keystone", "user": ada.user, "key": ada.password, "keystone": place}
    if request.param == "token":
        token = keystone.identity.token_of(ada)
        swift = {"auth": "preauth", "user": "ada", "key": token, "storage_url": f"{keystone_site.url}/swift/v1"}
    if request.param == "application credential":
        name, secret = keystone.identity.application_credential(ada)
        scope = {"url": keystone.tls_url, "application_credential": True}
        swift = {"auth": "keystone", "user": name, "key": secret, "keystone": scope}
    return {**ca_file, "swift": swift}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "one.bin").write_bytes(CONTENT)
    return tmp_path / "one.bin"


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_swift(login, settings, swift, file, tmp_path):
    own, box = settings(**login, programs=["swift"]), f"box-{secrets.token_hex(4)}"
    source = f". {own}/swift.sh"
    others = {"ST_AUTH": "http://127.0.0.1:1", "ST_USER": "a", "ST_KEY": "b", "OS_TENANT_NAME": "other"}
    shell(source, f"swift upload --object-name one {box} {file}", path=swift, **others)
    shell(source, f"swift download {box} one --output {tmp_path}/back", path=swift)
    assert digest(tmp_path / "back") == digest(file)


def test_rclone(login, settings, file, tmp_path):
    own, box = settings(**login, programs=["rclone"]), f"box-{secrets.token_hex(4)}"
    said = shell(
        f". {own}/rclone.sh",
        f"rclone mkdir rgw-swift:{box}",
        f"rclone copy {file} rgw-swift:{box}",
        f"rclone copyto rgw-swift:{box}/one.bin {tmp_path}/back",
    )
    assert digest(tmp_path / "back") == digest(file) and "NOTICE" not in said


def test_the_admin_interface(keystone_site, settings, swift):
    keystone = keystone_site.keystone
    ada = keystone.identity.person("member")
    place = {"url": keystone.tls_url, "project": ada.project, "interface": "admin"}
    login = {"auth": "keystone", "user": ada.user, "key": ada.password, "keystone": place}
    own = settings(endpoint=keystone_site.url, ca_file=str(keystone.ca_file), swift=login)
    assert "Account:" in shell(f". {own}/swift.sh", "swift stat", path=swift)
    box = f"box-{secrets.token_hex(4)}"
    assert box in shell(f". {own}/rclone.sh", f"rclone mkdir rgw-swift:{box}", "rclone lsd rgw-swift:")


def test_a_program_that_cannot_is_named(login, run_module, tmp_path):
    entry = {"path": str(tmp_path / "own"), **login, "backup": {"bucket": "box", "password": "password-of-backups"}}
    result = run_module(client_settings, home="tests", clients=[{**entry, "programs": ["duplicity"]}])
    assert result["failed"] and "duplicity cannot use swift with auth" in result["msg"]
