# SPDX-License-Identifier: Apache-2.0
"""One gateway with TLS and without, a user of it, and settings of that user for real programs."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.modules import client_settings

from tests.certificates import write_self_signed
from tests.integration.clients.programs import debian_program, python_programs
from tests.integration.gateway import Gateway, running_gateway
from tests.keystone.gateway import KeystoneGateway, gateway_on
from tests.keystone.service import running_keystone
from tests.sregistry import installed_sregistry


@dataclass(frozen=True)
class Site:
    """A gateway whose published port speaks TLS; plain HTTP is at the address of its container."""

    gateway: Gateway
    certificate: Path

    @property
    def plain_url(self) -> str:
        return f"http://{self.gateway.run('hostname', '-i').split()[0]}:8081"

    def new_user(self, *, key: str = "", secret_key: str = "") -> dict[str, dict[str, str]]:
        """A user that no other test has, with the options swift and s3 of its settings."""
        uid = f"u{secrets.token_hex(4)}"
        key, secret_key = key or secrets.token_urlsafe(30), secret_key or secrets.token_urlsafe(30)
        run = self.gateway.run
        s3 = [f"--access-key={uid}", f"--secret={secret_key}"]
        run("radosgw-admin", "user", "create", f"--uid={uid}", f"--display-name={uid}", *s3)
        swift = [f"--subuser={uid}:swift", "--access=full", "--key-type=swift", f"--secret={key}"]
        run("radosgw-admin", "subuser", "create", f"--uid={uid}", *swift)
        return {
            "swift": {"user": f"{uid}:swift", "key": key},
            "s3": {"access_key": uid, "secret_key": secret_key},
        }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("gateway")
    certificate = write_self_signed(folder / "tls.pem")
    with running_gateway(folder, certificate) as gateway:
        endpoint = Endpoint.parse(gateway.url, ca_file=str(certificate))
        ready = wait_ready(endpoint, Login(gateway.user, gateway.secret), 60)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        yield Site(gateway, certificate)


@pytest.fixture(scope="session")
def keystone_site(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeystoneGateway]:
    """Another gateway of the same cluster, on a Keystone."""
    with running_keystone(tmp_path_factory.mktemp("keystone")) as keystone, gateway_on(keystone, site.gateway) as found:
        yield found


@pytest.fixture(scope="session")
def sregistry() -> Iterator[Path]:
    with installed_sregistry() as folder:
        yield folder


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the programs of the clone's environment, and with restic."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "restic").symlink_to(debian_program("restic", tmp_path_factory.mktemp("debian")))
    for name in ("swift", "s3cmd"):
        (folder / name).symlink_to(Path(sys.executable).parent / name)
    return folder


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the AWS command line, whose botocore sends checksums unless it is told otherwise."""
    return python_programs(tmp_path_factory.mktemp("aws") / "venv", "awscli")


@pytest.fixture(scope="session")
def duplicity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with duplicity. The clients of all its other storages would take minutes."""
    folder = tmp_path_factory.mktemp("duplicity") / "venv"
    return python_programs(folder, "fasteners", "python-swiftclient", alone="duplicity")


@pytest.fixture(params=["http", "https"])
def endpoint(request: pytest.FixtureRequest, site: Site) -> dict[str, str]:
    """The options of settings for the gateway, without TLS and with."""
    if request.param == "http":
        return {"endpoint": site.plain_url}
    return {"endpoint": site.gateway.url, "ca_file": str(site.certificate)}


@pytest.fixture
def settings(run_module, tmp_path: Path) -> Callable[..., Path]:
    """Write settings into a folder; the folder."""

    def write(**options: object) -> Path:
        entry = {"path": str(tmp_path / "own"), **options}
        result = run_module(client_settings, home="tests", clients=[entry])
        assert result.get("changed") is not None and not result.get("failed"), result
        return tmp_path / "own"

    return write
