# SPDX-License-Identifier: Apache-2.0
"""The role rgw_portal with a back-end on OpenStack Swift, whose password systemd passes to the process."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.acceptance.portal.portal_site import PIP, PORT, PROXY_SECRET, UNIT, PortalHost
from tests.hosts.systemd import BOOKWORM, booted
from tests.integration.processes import command_lines
from tests.swift.person import log_in
from tests.swift.service import Swift, portal_account, running_openstack

PASSWORD, AUTHORITY = "/etc/rgwkit/secrets/portal.keystone.password", "/etc/keystone/authority.pem"
CANARY = f"canary-{secrets.token_hex(16)}"


@pytest.fixture(scope="module")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    with running_openstack(tmp_path_factory.mktemp("openstack")) as swift:
        yield swift


@pytest.fixture(scope="module")
def host(swift: Swift, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalHost]:
    folder = tmp_path_factory.mktemp("portal")
    account = portal_account(swift, folder)
    made = BOOKWORM.make()
    assert made.code == 0, made.output[-4000:]
    with booted(PortalHost(folder), *PIP, image=BOOKWORM) as host:
        host.share_mounts()
        host.write(PASSWORD, Path(account["password_file"]).read_text())
        host.write(PROXY_SECRET, CANARY)
        host.write(AUTHORITY, swift.keystone.ca_file.read_text())
        host.tell("chmod", "-R", "a+rX", str(Path(AUTHORITY).parent))
        given = {**account, "password_file": PASSWORD, "ca_file": AUTHORITY, "limits": {"max_bytes": 1048576}}
        host.variables |= {
            "rgw_portal_address": "0.0.0.0",
            "rgw_portal_url": f"http://{host.address}:{PORT}",
            "rgw_portal_user_groups": ["users"],
            "rgw_portal_admin_groups": ["admins"],
            "rgw_portal_proxy_addresses": ["0.0.0.0/0"],
            "rgw_portal_proxy_secret_file": PROXY_SECRET,
            "rgw_portal_backends": [{"name": "swift", **given}],
        }
        yield host


def ask(host: PortalHost, path: str, group: str, body: dict[str, object]) -> dict:
    proxy = {"X-Portal-Proxy-Secret": CANARY, "X-Forwarded-User": "ann", "X-Forwarded-Groups": group}
    answer = requests.post(host.url + path, headers=proxy, json=body, timeout=60)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_portal_gets_its_password_as_a_credential_and_gives_storage(host: PortalHost, swift: Swift) -> None:
    password = host.tell("cat", PASSWORD)
    with command_lines() as seen:
        run = host.play("portal", "-vv", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert len(password) > 16 and password not in run.output
    assert not [line for line in seen if password.encode() in line]
    assert f"LoadCredential=backend.swift.secret:{PASSWORD}" in host.tell("cat", f"/etc/systemd/system/{UNIT}.service")

    ask(host, "/v1/projects", "admins", {"name": "genomes", "groups": ["users"]})
    ask(host, "/v1/swift/projects/genomes/buckets", "users", {"name": "genomes-raw"})
    key = ask(host, "/v1/swift/projects/genomes/keys", "users", {"label": "laptop"})
    assert log_in(swift, key["settings"], key["secret"]).status("PUT", "genomes-raw/a", b"1") == 201

    kept = host.tell(
        "sh", "-c", f"LC_ALL=C grep -ahoE '[!-~]{{8,}}' /etc/rgwkit/{UNIT}/* /var/lib/rgwkit/{UNIT}/state/*"
    )
    assert "genomes-raw" in kept
    log = host.tell("journalctl", "--no-pager", f"--unit={UNIT}")
    assert "genomes-raw" in log
    for secret in (password, key["secret"]):
        assert secret not in kept + log

    again = host.play("portal")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_a_wrong_password_is_said(host: PortalHost) -> None:
    host.write("/etc/rgwkit-test/wrong", "canary-wrong-password")
    backends = [{**host.variables["rgw_portal_backends"][0], "password_file": "/etc/rgwkit-test/wrong"}]
    run = host.play("portal", rgw_portal_backends=backends)
    said = " ".join(run.output.split())
    assert run.code != 0 and "runs and does not reach swift of rgw_portal_backends" in said, said[-4000:]
    assert "canary-wrong-password" not in said
    assert "Could not authenticate user" in host.tell("journalctl", "--no-pager", f"--unit={UNIT}")
