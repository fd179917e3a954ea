# SPDX-License-Identifier: Apache-2.0
"""Real clients, docker and skopeo, through the ingress with TLS and users, on two registries that share all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe

from .client_site import INSIDE, USER, client_site, docker


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with client_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def docker_trusts(site):
    """The docker daemon knows the certificate of the ingress."""
    folder = Path("/etc/docker/certs.d") / site.authority
    folder.mkdir(parents=True)
    shutil.copyfile(site.certificate, folder / "ca.crt")
    yield
    shutil.rmtree(folder)


@pytest.fixture
def client(site, tmp_path, monkeypatch):
    """Runs a command whose log-ins stay in a folder of its own; `docker login` and `skopeo login` get the password."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "config.json"))

    def run(*command: str, password: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, input=password or site.password, capture_output=True, text=True, check=False)

    return run


def login(client, site, password=None):
    return client("docker", "login", f"--username={USER}", "--password-stdin", site.authority, password=password)


def test_docker_refuses_a_certificate_that_it_does_not_know(site, client):
    refused = login(client, site)
    assert refused.returncode != 0 and "certificate signed by unknown authority" in refused.stderr


def test_a_wrong_password_is_refused(site, client, docker_trusts):
    refused = login(client, site, "wrong")
    assert refused.returncode != 0 and "unauthorized" in refused.stderr.lower()


def test_docker_pushes_and_pulls(site, client, docker_trusts, image):
    assert login(client, site).returncode == 0
    made = docker("inspect", "--format={{.Id}}", image)
    name = f"{site.authority}/docker/{image}:1"
    docker("tag", image, name)
    pushed = client("docker", "push", name)
    assert pushed.returncode == 0, pushed.stderr
    docker("rmi", name)
    docker("rmi", "--force", made)
    pulled = client("docker", "pull", name)
    assert pulled.returncode == 0, pulled.stderr
    assert docker("inspect", "--format={{.Id}}", name) == made
    docker("tag", name, image)
    # Anonymous clients get nothing.
    docker("rmi", name)
    client("docker", "logout", site.authority)
    assert "no basic auth credentials" in client("docker", "pull", name).stderr


def test_skopeo_copies_there_and_back(site, client, tmp_path, image):
    trust = tmp_path / "trust"
    trust.mkdir()
    shutil.copyfile(site.certificate, trust / "ca.crt")
    logged_in = client("skopeo", "login", f"--cert-dir={trust}", "-u", USER, "--password-stdin", site.authority)
    assert logged_in.returncode == 0, logged_in.stderr
    remote = f"docker://{site.authority}/skopeo/{image}:1"
    archive = tmp_path / "image.tar"
    docker("save", f"--output={archive}", image)
    there = client("skopeo", "copy", f"--dest-cert-dir={trust}", f"docker-archive:{archive}", remote)
    assert there.returncode == 0, there.stderr
    back = client("skopeo", "copy", f"--src-cert-dir={trust}", remote, f"dir:{tmp_path / 'back'}")
    assert back.returncode == 0, back.stderr
    manifest = json.loads((tmp_path / "back" / "manifest.json").read_bytes())
    assert manifest["config"]["digest"] == docker("inspect", "--format={{.Id}}", image)
    layer = next(entry["digest"] for entry in manifest["layers"]).removeprefix("sha256:")
    found = subprocess.run(["sha256sum", tmp_path / "back" / layer], capture_output=True, text=True, check=True).stdout
    assert found.startswith(layer)


def test_two_replicas_behind_it_are_one_registry(site, run_module):
    result = run_module(
        registry_probe,
        registries=site.replicas(),
        server_name=INSIDE,
        ca_file=str(site.inside),
        username=USER,
        password_file=str(site.folder / "ci.password"),
        steps=["replica-upload", "replica-pull", "delete"],
        layer_sizes=[1024, 1 << 20],
    )
    assert result["passed"], result


def test_the_cache_of_both_is_redis(site):
    assert any(site.redis.client().scan_iter("blobs::sha256:*"))


def test_a_second_run_changes_nothing(site):
    run = site.play("registry")
    assert (run.code, run.count("changed")) == (0, 0), run.output[-4000:]


def test_a_replica_that_does_not_answer_is_no_matter_of_the_other(site):
    stopped = site.hosts["a"]["registry_name"]
    docker("kill", "--signal=STOP", stopped)
    try:
        run = site.play("registry")
    finally:
        docker("kill", "--signal=CONT", stopped)
    assert run.code != 0 and f"{stopped} differs: the verification failed" in " ".join(run.output.split())
    assert re.search(r"^included: \S+/registry/tasks/report\.yml for b$", run.output, re.MULTILINE), run.output[-4000:]
    again = site.play("registry")
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
