# SPDX-License-Identifier: Apache-2.0
"""A configuration that its trial lets through and that fails in place: the registry goes on with the one before."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Iterator

import pytest
import requests

from tests.certificates import write_self_signed
from tests.playbooks import Run, free_port, run_playbook

PLAY = """
- hosts: localhost
  connection: local
  gather_facts: false
  roles: [rgwkit.ceph.registry]
"""
NAME = "rgwkit-test-switch"


class Site:
    """A registry that keeps nothing, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.directory = folder, free_port(), folder / "registry"
        (folder / "play.yml").write_text(PLAY)
        host = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"localhost": host}}}))

    def play(self, proof: str, **variables: object) -> Run:
        """Run the role; `proof` is what the registry answers with in a header."""
        fixed = {
            "registry_name": NAME,
            "registry_dir": str(self.directory),
            "registry_storage": "inmemory",
            "registry_ready_timeout": 20,
            "registry_probe_layer_sizes": [1024],
            "registry_headers": {"X-Proof": [proof]},
        }
        given = {"registry_port": self.port, **fixed, **variables}
        done = run_playbook(self.folder / "play.yml", "-i", self.folder / "hosts.yml", **given)
        return Run(done.code, " ".join(done.output.split()))

    def proof(self, scheme: str = "http") -> str:
        """The header of what it answers."""
        url = f"{scheme}://127.0.0.1:{self.port}/v2/"
        answer = requests.get(url, timeout=10, verify=False)
        assert answer.status_code == 200
        return answer.headers["X-Proof"]

    def inspect(self, what: str) -> str:
        command = ["docker", "inspect", "--format", what, NAME]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def files(self) -> dict[str, bytes]:
        """What the registry has been given to read, by name."""
        # The record tells, too, whether the registry was verified on these files.
        found = [path for path in self.directory.iterdir() if path.is_file() and path.name != "loaded"]
        return {path.name: path.read_bytes() for path in found}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    gone = site.play("", registry_state="absent", registry_remove_data=True)
    assert gone.code == 0, gone.output[-4000:]
    assert not site.directory.exists()


@pytest.fixture
def taken() -> Iterator[str]:
    """An address that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_a_registry_that_does_not_start_in_place_gets_back_its_configuration_and_certificate(
    site: Site, taken: str, tmp_path: Path
) -> None:
    def tls(name: str) -> dict[str, object]:
        pem = tmp_path / f"{name}.pem"
        pem = pem if pem.exists() else write_self_signed(pem)
        return {f"registry_tls_{kind}_file": str(pem) for kind in ("certificate", "key", "ca")}

    # The trial gives the debug server a port of its own.
    broken = {"registry_http": {"debug": {"addr": taken}}}
    first = site.play("one", **tls("one"))
    assert first.code == 0, first.output[-4000:]
    before, shown = site.files(), ssl.get_server_certificate(("127.0.0.1", site.port))
    failed = site.play("two", **broken, **tls("two"))
    assert failed.code != 0
    _begin, said, message = failed.output.partition(f"the new configuration of {NAME} was put in place, and ")
    assert said, failed.output[-4000:]
    assert "error listening on debug interface" in message and "address already in use" in message, message
    assert f"the registry listens on 127.0.0.1:{site.port} again" in message
    assert (site.files(), site.proof("https")) == (before, "one")
    assert ssl.get_server_certificate(("127.0.0.1", site.port)) == shown
    assert not (site.directory / "previous").exists()
    # A run that was killed on the way has kept what was proven; what is in place is not.
    (site.directory / "previous").mkdir(mode=0o700)
    for name in before:
        shutil.copy(site.directory / name, site.directory / "previous")
    (site.directory / "config.yml").write_text("version: 0.1\nlog: {level: cut off}\n")
    assert site.play("two", **broken, **tls("two")).code != 0
    assert (site.files(), site.proof("https")) == (before, "one")
    mended = site.play("two", **tls("two"))
    assert mended.code == 0, mended.output[-4000:]
    assert site.proof("https") == "two"
    assert not (site.directory / "previous").exists()


@pytest.mark.long
def test_a_registry_that_does_not_verify_gets_back_its_container(site: Site) -> None:
    first = site.play("one", registry_network="bridge", registry_memory="256m")
    assert first.code == 0, first.output[-4000:]
    parts = ".Image .Config.Cmd .Config.Env .Config.Labels .HostConfig.PortBindings .HostConfig.Memory .Mounts"
    parts = " ".join("{{json " + part + "}}" for part in parts.split())
    before, began, files = site.inspect(parts), site.inspect("{{.State.StartedAt}}"), site.files()
    # Docker publishes a port of the container on which the registry does not listen.
    elsewhere = {"registry_http": {"addr": ":6000"}, "registry_port": free_port(), "registry_memory": "512m"}
    failed = site.play("two", registry_network="bridge", **elsewhere)
    assert failed.code != 0
    assert "and 'Push and pull an image' failed" in failed.output, failed.output[-4000:]
    assert f"the registry listens on 127.0.0.1:{site.port} again" in failed.output
    assert (site.files(), site.proof()) == (files, "one")
    assert site.inspect("{{.State.StartedAt}}") != began
    assert site.inspect(parts) == before
