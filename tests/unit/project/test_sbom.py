# SPDX-License-Identifier: Apache-2.0
"""The bill of materials names the tarball and all pinned packages."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.playbooks import PROJECT

GALAXY = yaml.safe_load((PROJECT / "galaxy.yml").read_text())
PINNED = re.findall(r"^([\w.-]+)==([\w.]+)", (PROJECT / "requirements/run.txt").read_text(), re.MULTILINE)


def sbom(tarball: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, PROJECT / "scripts/sbom", tarball], capture_output=True, text=True)


def test_a_tarball_and_what_is_pinned_beside_it(tmp_path: Path) -> None:
    tarball = tmp_path / "collection.tar.gz"
    tarball.write_bytes(b"the collection")
    done = sbom(tarball)
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.glob("*.cdx.json")
    assert file.name == f"rgwkit-ceph-{GALAXY['version']}.cdx.json"
    document = json.loads(file.read_text())
    collection = document["metadata"]["component"]
    assert collection["version"] == GALAXY["version"]
    assert collection["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"the collection").hexdigest()}]
    assert len(PINNED) > 10
    assert {(part["name"], part["version"]) for part in document["components"]} == set(PINNED)
    assert {part["purl"] for part in document["components"]} == {
        f"pkg:pypi/{name}@{version}" for name, version in PINNED
    }
    (edges,) = (edge for edge in document["dependencies"] if edge["ref"] == collection["bom-ref"])
    assert set(edges["dependsOn"]) == {part["bom-ref"] for part in document["components"]}


@pytest.mark.parametrize("name", ["none.tar.gz", ""])
def test_without_a_tarball(tmp_path: Path, name: str) -> None:
    done = sbom(tmp_path / name)
    assert done.returncode == 1 and "Next: make build" in done.stderr
    assert not list(tmp_path.iterdir())
