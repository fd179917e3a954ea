# SPDX-License-Identifier: Apache-2.0
"""Real clients that two registries behind an ingress with TLS redirect to the gateway behind the same ingress."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Protocol

import pytest

from tests.registry_load import registry_load

from .client_site import LAYER_BYTES, USER, docker
from .redirect_site import HALF_TRUST, REGISTRIES, TRUST, RedirectSite, redirect_site


class Client(Protocol):
    """Runs a command, which gets the user's password as its input."""

    def __call__(self, *command: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedirectSite]:
    with redirect_site(tmp_path_factory.mktemp("site")) as site:
        run = site.play("registry")
        assert run.code == 0, run.output[-6000:]
        yield site


@pytest.fixture
def client(site: RedirectSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Log-ins stay in a folder of the test, and the docker daemon trusts both certificates for the registry."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "config.json"))
    trust = Path("/etc/docker/certs.d") / site.authority
    trust.mkdir(parents=True)
    shutil.copyfile(site.authorities, trust / "ca.crt")

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, input=site.password, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done

    run("docker", "login", f"--username={USER}", "--password-stdin", site.authority)
    yield run
    shutil.rmtree(trust)


@pytest.fixture
def pushed(site: RedirectSite, client: Client, image: str) -> str:
    """An image that the registry has and docker has not; its name there."""
    name = f"{site.authority}/{image}:1"
    docker("tag", image, name)
    client("docker", "push", name)
    docker("rmi", name)
    return name


@contextmanager
def redirected(site: RedirectSite) -> Iterator[None]:
    """What is pulled in the block comes from the gateway, past the registries."""
    before = site.sent()
    yield
    sent = {service: count - before[service] for service, count in site.sent().items()}
    assert sent["rgw"] >= LAYER_BYTES, sent
    assert sent["registry"] < LAYER_BYTES / 10, sent


def test_the_proof_lets_both_registries_redirect(site: RedirectSite) -> None:
    for name in REGISTRIES:
        assert (site.outcome(name)["redirects"], site.outcome(name)["found"]) == (True, "")
        assert site.storage(name)["redirect"] == {"disable": False}
    again = site.play("registry")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_docker_pulls_from_the_gateway(site: RedirectSite, client: Client, pushed: str, image: str) -> None:
    made = docker("inspect", "--format={{.Id}}", image)
    docker("rmi", "--force", made)
    with redirected(site):
        client("docker", "pull", pushed)
    assert docker("inspect", "--format={{.Id}}", pushed) == made
    docker("tag", pushed, image)
    docker("rmi", pushed)


def test_skopeo_pulls_from_the_gateway(
    site: RedirectSite, client: Client, pushed: str, image: str, tmp_path: Path
) -> None:
    trust = tmp_path / "trust"
    trust.mkdir()
    shutil.copyfile(site.authorities, trust / "ca.crt")
    with redirected(site):
        client("skopeo", "copy", f"--src-cert-dir={trust}", f"docker://{pushed}", f"dir:{tmp_path / 'copy'}")
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_bytes())
    assert manifest["config"]["digest"] == docker("inspect", "--format={{.Id}}", image)


def test_podman_pulls_from_the_gateway(site: RedirectSite, client: Client, pushed: str, image: str) -> None:
    on_host, trust = ("docker", "exec", "--interactive", site.client.name), f"--cert-dir={Path(TRUST).parent}"
    client(*on_host, "podman", "login", trust, f"--username={USER}", "--password-stdin", site.authority)
    with redirected(site):
        client(*on_host, "podman", "pull", trust, pushed)
    found = client(*on_host, "podman", "image", "inspect", "--format={{.Id}}", pushed).stdout.strip()
    assert found == docker("inspect", "--format={{.Id}}", image).removeprefix("sha256:")


def test_the_key_is_rotated_while_clients_push_and_pull(site: RedirectSite) -> None:
    """By playbooks/rotate.yml: the gateway's user has both keys until both registries sign with the new one."""
    old = site.key("a").read_text().strip()
    login = (USER, site.password)
    with registry_load(f"https://{site.authority}", login, ca_file=str(site.authorities)) as load:
        run = site.play("rotate", generation="b")
    assert run.code == 0, run.output[-6000:]
    assert load.failures == []
    assert len(load.pushed) > 10
    assert load.lost() == []
    new = site.key("b").read_text().strip()
    keys = json.loads(site.gateway.run("radosgw-admin", "user", "info", "--uid=registry"))["temp_url_keys"]
    assert {one["key"]: one["val"] for one in keys if one["val"]} == {1: new}
    for name in REGISTRIES:
        assert site.storage(name)["swift"]["secretkey"] == new
        assert site.storage(name)["redirect"] == {"disable": False}
    assert not site.key("a").exists()
    for secret in (old, new, site.password, "temp_url_sig"):
        assert secret not in run.output


def test_a_client_that_does_not_trust_the_gateway_keeps_redirects_off(site: RedirectSite) -> None:
    run = site.play("registry", generation="b", registry_redirect_ca_file=HALF_TRUST)
    assert run.code == 0, run.output[-6000:]
    for name in REGISTRIES:
        assert site.storage(name)["redirect"] == {"disable": True}
        assert "tls-error" in site.outcome(name)["found"], site.outcome(name)
    assert "runs without redirects" in run.output


def test_off_takes_back_what_auto_has_written(site: RedirectSite) -> None:
    run = site.play("registry", generation="b", registry_redirect="off")
    assert run.code == 0, run.output[-6000:]
    for name in REGISTRIES:
        assert site.storage(name)["redirect"] == {"disable": True}
        assert "tempurlmethods" not in site.storage(name)["swift"]
        assert not (site.folder / name / "redirect.json").exists()
    again = site.play("registry", generation="b", registry_redirect="off")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
