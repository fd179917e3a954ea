# SPDX-License-Identifier: Apache-2.0
"""Real docker and podman on hosts of their own, which the role has pull through a real mirror, and takes back."""

from __future__ import annotations

import io
import json
import os
import secrets
import subprocess
import tarfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest

from tests.certificates import write_self_signed
from tests.hosts.docker import DOCKER
from tests.hosts.podman import PODMAN
from tests.hosts.systemd import Image, SystemdHost, booted
from tests.integration.registry_mirror.conftest import Upstream, log, stop
from tests.integration.registry_probe.conftest import ETC, Registry, Start
from tests.playbooks import Run, free_port, run_playbook

CONFIG = "/etc/docker/daemon.json"
RECORD = "/etc/rgwkit/registry-mirrors"
DROP_IN = "/etc/containers/registries.conf.d/rgwkit-mirrors.conf"
AUTHORITIES = "/etc/mirror-ca.pem"


@dataclass
class Client(SystemdHost):
    """A host whose engine pulls."""

    engine: str = "docker"

    def play(self, *options: str, **variables: object) -> Run:
        """Run the role with these variables, whose names are without the role's own."""
        host = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": self.name,
            "ansible_python_interpreter": "/usr/bin/python3",
            "rgwkit_home": "mirror-test",
        }
        inventory, play = self.folder / "hosts.json", self.folder / "play.yml"
        inventory.write_text(json.dumps({"all": {"hosts": {"one": host}}}))
        tasks = {"hosts": "all", "gather_facts": False, "roles": ["rgwkit.ceph.registry_mirror_clients"]}
        play.write_text(json.dumps([tasks]))
        given = {"engines": [self.engine], **variables}
        named = {f"registry_mirror_clients_{name}": value for name, value in given.items()}
        return run_playbook(play, "-i", inventory, *options, **named)

    def text(self, path: str) -> str:
        return self.tell("cat", path)

    def there(self, path: str) -> bool:
        return self.tell("sh", "-c", f"test -e {path} && echo yes") == "yes"

    def put(self, path: str, text: str) -> None:
        script = 'mkdir -p "${0%/*}"; cat >"$0"'
        command = ["docker", "exec", "--interactive", self.name, "sh", "-c", script, path]
        subprocess.run(command, input=text, text=True, check=True)

    def pull(self, image: str) -> str:
        """The id of the image that the engine pulls, without what this host had of the image."""
        self.tell(self.engine, "rmi", "--force", image)
        said = self.tell(self.engine, "pull", "--quiet", f"docker.io/{image}")
        found = self.tell(self.engine, "image", "inspect", "--format={{.Id}}", f"docker.io/{image}")
        assert "rror" not in found, said
        return found


@contextmanager
def client(folder: Path, engine: str, image: Image) -> Iterator[Client]:
    made = image.make()
    if made.code:
        pytest.skip(f"the image of a host with {engine} cannot be made from packages: {made.output[-600:]}")
    with booted(Client(folder, engine=engine), "--cpu-shares=2", "--memory=2g", image=image) as host:
        if engine == "docker":
            host.wait_for(lambda: "Server Version" in host.tell("docker", "info"), "docker")
        yield host


@pytest.fixture(scope="module")
def docker_host(tmp_path_factory):
    with client(tmp_path_factory.mktemp("docker"), "docker", DOCKER) as host:
        yield host


@pytest.fixture(scope="module")
def podman_host(tmp_path_factory):
    with client(tmp_path_factory.mktemp("podman"), "podman", PODMAN) as host:
        yield host


@pytest.fixture
def upstream(start: Start) -> Upstream:
    """A registry with an image that engines can unpack."""
    registry, layer = start(), io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        member = tarfile.TarInfo("random")
        member.size = 100_000
        archive.addfile(member, io.BytesIO(os.urandom(member.size)))
    image = f"library/rgwkit:{secrets.token_hex(4)}"
    there = f"{registry.url.partition('://')[2]}/{image}"
    subprocess.run(["docker", "import", "-", there], input=layer.getvalue(), capture_output=True, check=True)
    for words in (["push", there], ["rmi", there]):
        subprocess.run(["docker", *words], capture_output=True, check=True)
    return Upstream(registry.url, registry.container, image)


def gateway_of(host: Client) -> str:
    """This machine's address, as the host has it."""
    return host.tell("sh", "-c", "ip route | sed -n 's/^default via \\([^ ]*\\).*/\\1/p'")


def mirror_for(host: Client, start: Start, upstream: Upstream, certificate: Path | None = None) -> tuple[Registry, str]:
    """A mirror that the host reaches, and its URL there. With a certificate, the mirror speaks TLS."""
    address = gateway_of(host)
    port = free_port()
    http: dict[str, object] = {"addr": f"0.0.0.0:{port}"}
    files = {}
    if certificate:
        files = {"pair.pem": certificate.read_bytes()}
        http["tls"] = {"certificate": f"{ETC}/pair.pem", "key": f"{ETC}/pair.pem"}
    registry = start(files, proxy={"remoteurl": upstream.url}, http=http)
    return registry, f"{'https' if certificate else 'http'}://{address}:{port}"


def only_certificate(pair: Path) -> str:
    text = pair.read_text()
    return text[text.index("-----BEGIN CERT") : text.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n"


def test_docker_pulls_through_the_mirror_without_a_restart(docker_host, start, upstream):
    host, before = docker_host, docker_host.text(CONFIG)
    registry, url = mirror_for(host, start, upstream)
    mirrors = [{"url": url}]
    pid = host.text("/run/docker.pid")
    planned = host.play("--check", "--diff", mirrors=mirrors)
    assert planned.code == 0, planned.output[-4000:]
    assert planned.count("changed") == 1 and f"registry-mirrors none -> {url}" in planned.output
    assert host.text(CONFIG) == before and not host.there(RECORD)
    first = host.play(mirrors=mirrors)
    assert first.code == 0, first.output[-4000:]
    assert first.count("changed") == 1
    assert json.loads(host.text(CONFIG)) == {**json.loads(before), "registry-mirrors": [url]}
    assert host.play(mirrors=mirrors).count("changed") == 0
    assert host.text("/run/docker.pid") == pid
    pulled = host.pull(upstream.image)
    assert "/v2/library/rgwkit/manifests/" in log(registry.container)
    stop(upstream.container)
    assert host.pull(upstream.image) == pulled
    gone = host.play("--diff", state="absent")
    assert gone.code == 0 and gone.count("changed") == 1, gone.output[-4000:]
    assert host.text(CONFIG) == before and not host.there(RECORD) and host.text("/run/docker.pid") == pid
    assert url not in host.tell("docker", "info")
    assert host.play(state="absent").count("changed") == 0


def test_docker_trusts_a_mirror_with_tls_by_its_authority(docker_host, start, upstream, tmp_path):
    host = docker_host
    pair = write_self_signed(tmp_path / "pair.pem", gateway_of(host))
    registry, url = mirror_for(host, start, upstream, pair)
    host.put(AUTHORITIES, only_certificate(pair))
    mirrors = [{"url": url, "ca_file": AUTHORITIES}]
    done = host.play(mirrors=mirrors)
    assert done.code == 0, done.output[-4000:]
    trusted = f"/etc/docker/certs.d/{url.partition('://')[2]}"
    assert host.there(f"{trusted}/rgwkit-mirror.crt")
    host.pull(upstream.image)
    assert "/v2/library/rgwkit/manifests/" in log(registry.container)
    assert host.play(state="absent").code == 0
    assert not host.there(trusted) and not host.there(RECORD)


def test_mirrors_of_others_stay_and_a_file_that_is_no_json_is_refused(docker_host):
    host, before = docker_host, docker_host.text(CONFIG)
    mine, other = "http://127.0.0.1:9", "http://127.0.0.1:10"
    grown = json.dumps({**json.loads(before), "registry-mirrors": [other]})
    try:
        host.put(CONFIG, grown)
        assert host.play(mirrors=[{"url": mine}, {"url": other}]).code == 0
        assert json.loads(host.text(CONFIG))["registry-mirrors"] == [other, mine]
        assert all(f"{one}/" in host.tell("docker", "info") for one in (mine, other))
        assert host.play(state="absent").code == 0
        assert host.text(CONFIG) == grown
        host.put(CONFIG, "{")
        refused = host.play(mirrors=[{"url": mine}])
        assert refused.code != 0 and "the file is no JSON" in refused.output and host.text(CONFIG) == "{"
        assert not host.there(RECORD)
    finally:
        host.put(CONFIG, before + "\n")
        host.tell("pkill", "-HUP", "dockerd")


def test_a_daemon_that_refuses_its_file_gets_the_old_one_back(docker_host):
    host, before = docker_host, docker_host.text(CONFIG)
    broken = json.dumps({**json.loads(before), "no-such-key": True})
    try:
        host.put(CONFIG, broken)
        failed = host.play(mirrors=[{"url": "http://127.0.0.1:9"}])
        assert failed.code != 0 and "does not use the mirrors of its file" in failed.output, failed.output[-3000:]
        assert host.text(CONFIG) == broken and not host.there(RECORD)
    finally:
        host.put(CONFIG, before + "\n")


def test_the_mirrors_of_another_inventory_are_refused(docker_host):
    host = docker_host
    mirrors = [{"url": "http://127.0.0.1:9"}]
    assert host.play(mirrors=mirrors).code == 0
    try:
        for options in ({"mirrors": mirrors}, {"state": "absent"}):
            other = host.play("-e", "rgwkit_home=other", **options)
            assert other.code != 0 and "not this inventory's" in other.output
        taken = host.play("-e", "rgwkit_home=other", "-e", "rgwkit_takeover=true", state="absent")
        assert taken.code == 0, taken.output[-3000:]
    finally:
        host.play(state="absent")


def test_podman_s_file_is_the_toolkit_s_own(podman_host, start, upstream):
    host = podman_host
    registry, url = mirror_for(host, start, upstream)
    mirrors = [{"url": url}]
    planned = host.play("--check", mirrors=mirrors)
    assert planned.code == 0 and planned.count("changed") == 1 and not host.there(DROP_IN), planned.output[-3000:]
    done = host.play(mirrors=mirrors)
    assert done.code == 0, done.output[-4000:]
    assert host.play(mirrors=mirrors).count("changed") == 0
    pulled = host.pull(upstream.image)
    assert "/v2/library/rgwkit/manifests/" in log(registry.container)
    stop(upstream.container)
    assert host.pull(upstream.image) == pulled
    assert host.play(state="absent").count("changed") == 1
    assert not host.there(DROP_IN) and not host.there(RECORD)


def test_podman_s_other_files_are_left_alone(podman_host):
    host, other = podman_host, "/etc/containers/registries.conf.d/other.conf"
    mirrors = [{"url": "http://127.0.0.1:9"}]
    try:
        host.put(other, '[[registry]]\nprefix = "docker.io"\nlocation = "127.0.0.1:8"\n')
        refused = host.play(mirrors=mirrors)
        assert refused.code != 0 and "settings for docker.io" in refused.output and not host.there(DROP_IN)
        # What podman refuses for a reason of its own: the file is put back.
        host.put(other, "[[registry]\n")
        failed = host.play(mirrors=mirrors)
        assert failed.code != 0 and not host.there(DROP_IN) and not host.there(RECORD), failed.output[-3000:]
        host.put(other, "")
        host.put(DROP_IN, "# somebody's\n")
        foreign = host.play(mirrors=mirrors)
        assert foreign.code != 0 and "the toolkit did not write the file" in foreign.output
        assert host.text(DROP_IN) == "# somebody's"
    finally:
        host.tell("rm", "-f", other, DROP_IN)
