# SPDX-License-Identifier: Apache-2.0
"""The role registry_mirror_clients where engines have their files elsewhere; no engine of this host takes part."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.playbooks import Run, run_playbook

URL = "https://mirror.example.com"


def play(folder: Path, **variables: object) -> Run:
    """Run the role on this host. No docker daemon has the pid file, so a run that took the host's own would fail."""
    host = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "rgwkit_home": "mirror-folders-test",
    }
    inventory, playbook = folder / "hosts.json", folder / "play.yml"
    inventory.write_text(json.dumps({"all": {"hosts": {"one": host}}}))
    role = {"hosts": "all", "gather_facts": False, "roles": ["rgwkit.ceph.registry_mirror_clients"]}
    playbook.write_text(json.dumps([role]))
    given = {
        "engines": ["docker", "podman"],
        "mirrors": [{"url": URL}],
        "folder": str(folder / "record"),
        "docker_config": str(folder / "docker" / "daemon.json"),
        "docker_pid_file": str(folder / "docker.pid"),
        "containers_folder": str(folder / "containers"),
        **variables,
    }
    return run_playbook(
        playbook, "-i", inventory, **{f"registry_mirror_clients_{name}": value for name, value in given.items()}
    )


def test_settings_go_where_the_engines_read_them_and_away_again(tmp_path: Path) -> None:
    for name in ("docker", "containers"):
        (tmp_path / name).mkdir()
    first = play(tmp_path)
    assert first.code == 0, first.output[-4000:]
    assert json.loads((tmp_path / "docker" / "daemon.json").read_text())["registry-mirrors"] == [URL]
    drop_in = tmp_path / "containers" / "registries.conf.d" / "rgwkit-mirrors.conf"
    assert "mirror.example.com" in drop_in.read_text()
    again = play(tmp_path)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    gone = play(tmp_path, state="absent")
    assert gone.code == 0 and gone.count("changed") > 0, gone.output[-4000:]
    assert not drop_in.exists() and not (tmp_path / "docker" / "daemon.json").exists()
