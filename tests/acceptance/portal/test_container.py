# SPDX-License-Identifier: Apache-2.0
"""The portal as a container of docker: on a network with its gateway, first run, second run, change, removal."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.integration.gateway import Gateway, running_gateway
from tests.integration.processes import command_lines
from tests.playbooks import Run, free_port, run_playbook

UID = 65531


def docker(*words: str) -> str:
    """What docker says, whether it succeeds or not."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


@dataclass
class PortalHere:
    """A portal of this machine's docker, on a network of its own."""

    folder: Path
    gateway: Gateway
    name: str = field(default_factory=lambda: f"rgwkit-test-{secrets.token_hex(3)}")
    port: int = field(default_factory=free_port)
    variables: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.secrets = {name: f"canary-{secrets.token_hex(16)}" for name in ("proxy", "rgw")}
        for name in self.secrets:
            self.write(name)
        self.variables |= {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "rgwkit_home": self.name,
            "rgw_users_endpoint": self.gateway.url,
            "rgw_users_access_key": self.gateway.access_key,
            "rgw_users_secret_key_file": str(self.gateway.secret_file),
            "rgw_users_list": [
                {
                    "uid": "portaladmin",
                    "caps": {"users": "*", "buckets": "*", "metadata": "*"},
                    "s3_keys": [{"access_key": "PORTALADMIN", "secret_file": self.file("rgw")}],
                }
            ],
            "rgw_portal_runtime": "docker",
            "rgw_portal_name": self.name,
            "rgw_portal_image": f"{self.name}:bookworm",
            "rgw_portal_network": self.name,
            "rgw_portal_port": self.port,
            "rgw_portal_dir": str(self.folder / "portal"),
            "rgw_portal_data_dir": str(self.folder / "data"),
            "rgw_portal_user_groups": ["users"],
            "rgw_portal_admin_groups": ["admins"],
            "rgw_portal_proxy_addresses": ["0.0.0.0/0"],
            "rgw_portal_proxy_secret_file": self.file("proxy"),
            "rgw_portal_backends": [
                {
                    "name": "rgw",
                    # On the network of the containers, by the gateway's name there.
                    "endpoint": "http://gateway:8080",
                    "access_key": "PORTALADMIN",
                    "secret_key_file": self.file("rgw"),
                }
            ],
        }

    def file(self, name: str) -> str:
        return str(self.folder / f"{name}.secret")

    def write(self, name: str) -> None:
        """Write a secret as root alone can read it."""
        Path(self.file(name)).touch(mode=0o600)
        Path(self.file(name)).write_text(self.secrets[name])

    def play(self, playbook: str, *options: str, **variables: object) -> Run:
        return self._play({"rgws": "one", "portals": "one"}, playbook, *options, **variables)

    def play_of_all(self, playbook: str, **variables: object) -> Run:
        """Run a playbook of a whole site on this host, which has nothing but the portal; nobody asks the other host."""
        others = dict.fromkeys(("rgws", "ingress", "registries"), "another")
        return self._play({"mons": "one", "portals": "one", **others}, playbook, "--limit=one", **variables)

    def _play(self, hosts: dict[str, str], playbook: str, *options: str, **variables: object) -> Run:
        groups = {name: {"hosts": {host: self.variables if host == "one" else {}}} for name, host in hosts.items()}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": groups}}))
        return run_playbook(playbook, "-i", inventory, *options, **variables)

    def ask(self, method: str, path: str, group: str, **options: Any) -> requests.Response:
        """A request as the proxy sends it for somebody in a group."""
        proxy = {"X-Portal-Proxy-Secret": self.secrets["proxy"], "X-Forwarded-User": "ann", "X-Forwarded-Groups": group}
        return requests.request(method, f"http://127.0.0.1:{self.port}{path}", headers=proxy, timeout=30, **options)

    def started(self) -> str:
        return docker("inspect", "--format={{.Id}} {{.State.StartedAt}}", self.name)

    def traces(self) -> list[str]:
        """What is there of the portal: container, images, files."""
        names = docker("ps", "--all", "--format={{.Names}}", f"--filter=name={self.name}").splitlines()
        images = docker("images", "--format={{.Repository}}", f"--filter=reference={self.name}*").splitlines()
        folders = [name for name in ("portal", "data") if (self.folder / name).exists()]
        return names + images + folders


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalHere]:
    folder = tmp_path_factory.mktemp("container")
    with running_gateway(folder) as gateway:
        here = PortalHere(folder, gateway)
        docker("network", "create", here.name)
        docker("network", "connect", "--alias=gateway", here.name, gateway.container)
        try:
            done = here.play("users")
            assert done.code == 0, done.output[-4000:]
            yield here
        finally:
            docker("rm", "--force", "--volumes", here.name)
            docker("network", "disconnect", here.name, gateway.container)
            docker("network", "rm", here.name)
            docker("image", "rm", f"{here.name}:bookworm", f"{here.name}-base:bookworm")


@pytest.mark.parametrize(
    "variables, said",
    [
        ({"rgw_portal_runtime": "package"}, "Next: leave the network empty"),
        ({"rgw_portal_proxy_secret_file": "/etc/hostname"}, "/etc/hostname on one: not a file that root alone owns"),
    ],
    ids=["network-without-container", "secret-for-all"],
)
def test_bad_input_changes_nothing(portal: PortalHere, variables: dict[str, Any], said: str) -> None:
    run = portal.play("portal", **variables)
    assert run.code != 0 and run.count("changed") == 0 and portal.traces() == [], run.output[-4000:]
    assert said in " ".join(run.output.split())


def test_a_container_of_somebody_else_stays(portal: PortalHere) -> None:
    docker("create", f"--name={portal.name}", "rgwkit/ceph:18")
    try:
        before = portal.started()
        run = portal.play("portal")
        assert run.code != 0 and "choose another rgw_portal_name" in " ".join(run.output.split()), run.output[-4000:]
        assert portal.started() == before
    finally:
        docker("rm", portal.name)


def test_check_mode_changes_nothing(portal: PortalHere) -> None:
    run = portal.play("portal", "--check", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert portal.traces() == []


def test_a_first_run_shows_no_secret(portal: PortalHere) -> None:
    portal.secrets["rgw"] = Path(portal.file("rgw")).read_text().strip()
    shared = Path(portal.file("shared"))
    copied = {"shared_secrets_source": "one", "shared_secrets_files": [{"path": str(shared), "generate": True}]}
    with command_lines() as seen:
        run = portal.play("portal", "-vv", "--diff", **copied)
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    told = run.output + docker("inspect", portal.name) + docker("logs", portal.name)
    told += docker("history", "--no-trunc", f"{portal.name}:bookworm")
    for secret in portal.secrets.values():
        assert len(secret) > 16 and secret not in told
        assert not [line for line in seen if secret.encode() in line]
    assert any(b"services.portal" in line for line in seen)
    # The host has the keys that it shares with others before the portal needs them.
    assert shared.stat().st_mode & 0o777 == 0o600 and shared.read_text().strip() not in told


def test_a_second_run_changes_nothing(portal: PortalHere) -> None:
    before = portal.started()
    for options in ([], ["--check"]):
        run = portal.play("portal", *options)
        assert (run.code, run.count("changed")) == (0, 0), run.output[-4000:]
    assert portal.started() == before


def test_check_mode_reports_a_secret_that_would_be_copied_first(portal: PortalHere) -> None:
    before, secret = portal.started(), Path(portal.file("rgw"))
    source = secret.rename(portal.folder / "away")
    try:
        copied = {"shared_secrets_source": "one", "shared_secrets_files": [{"path": str(secret), "generate": True}]}
        run = portal.play("portal", "--check", **copied)
        assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
        assert f"{secret} on one: missing now" in " ".join(run.output.split()), run.output[-4000:]
        assert portal.started() == before and not secret.exists()
        refused = portal.play("portal")
        assert refused.code != 0 and f"{secret} on one: not a file" in " ".join(refused.output.split())
    finally:
        source.rename(secret)


def test_the_process_reads_copies_and_writes_its_database(portal: PortalHere) -> None:
    copies = portal.folder / "portal" / "credentials"
    assert sorted(path.name for path in copies.iterdir()) == ["backend.rgw.secret", "proxy.secret"]
    for path in (*copies.iterdir(), portal.folder / "portal" / "portal.json"):
        seen = os.stat(path)
        assert (seen.st_uid, seen.st_gid, seen.st_mode & 0o777) == (0, UID, 0o640)
    database = os.stat(portal.folder / "data" / "state" / "portal.db")
    assert (database.st_uid, database.st_mode & 0o077) == (UID, 0)
    # The root file system is read-only.
    assert "Read-only file system" in docker("exec", portal.name, "touch", "/opt/rgwkit/new")


def test_a_project_gets_a_bucket_on_the_gateway(portal: PortalHere) -> None:
    made = portal.ask("POST", "/v1/projects", "admins", json={"name": "genomes", "groups": ["users"]})
    assert made.status_code == 201, made.text
    bucket = portal.ask("POST", "/v1/rgw/projects/genomes/buckets", "users", json={"name": "genomes-raw"})
    assert bucket.status_code == 201, bucket.text
    assert '"portal-genomes"' in portal.gateway.run("radosgw-admin", "bucket", "stats", "--bucket=genomes-raw")


def test_a_new_secret_restarts_the_portal_once(portal: PortalHere) -> None:
    before, old = portal.started(), portal.secrets["proxy"]
    portal.secrets["proxy"] = f"canary-{secrets.token_hex(16)}"
    portal.write("proxy")
    checked = portal.play("portal", "--check")
    assert checked.code == 0 and checked.count("changed") > 0 and portal.started() == before, checked.output[-4000:]
    run = portal.play("portal", "--diff")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert old not in run.output and portal.secrets["proxy"] not in run.output
    assert portal.started() != before
    assert portal.ask("GET", "/v1/projects/genomes", "users").status_code == 200
    again = portal.play("portal")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_site_runs_the_portal(portal: PortalHere) -> None:
    before = portal.started()
    same = portal.play_of_all("site")
    assert (same.code, same.count("changed")) == (0, 0) and portal.started() == before, same.output[-4000:]
    docker("rm", "--force", portal.name)
    run = portal.play_of_all("site")
    assert run.code == 0 and run.count("changed") > 0, run.output[-4000:]
    assert portal.ask("GET", "/v1/projects/genomes", "users").status_code == 200


def test_removal_leaves_the_database_until_told(portal: PortalHere) -> None:
    checked = portal.play("portal", "--check", rgw_portal_state="absent")
    assert checked.code == 0 and checked.count("changed") > 0 and len(portal.traces()) > 3, checked.output[-4000:]
    kept = portal.play_of_all("teardown", remove_data=False)
    assert kept.code == 0 and kept.count("changed") > 0, kept.output[-4000:]
    assert portal.traces() == ["data"]
    for changes in (True, False):
        run = portal.play("portal", rgw_portal_state="absent", rgw_portal_remove_data=True)
        assert run.code == 0 and (run.count("changed") > 0) is changes, run.output[-4000:]
        assert portal.traces() == []
    assert "genomes-raw" in portal.gateway.run("radosgw-admin", "bucket", "list")
