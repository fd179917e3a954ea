# SPDX-License-Identifier: Apache-2.0
"""The scenario of examples/molecule as another team has it: in their own repository, with the collection installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from tests.playbooks import BIN, PROJECT, free_port

NAME = "rgwkit-test-molecule-example"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Somebody's repository with the scenario, which has names and ports that are free on this host."""
    shutil.copytree(PROJECT / "examples/molecule", tmp_path / "molecule")
    scenario = tmp_path / "molecule/default/molecule.yml"
    scenario.write_text(scenario.read_text().replace("my-application-ceph", NAME).replace("8080", str(free_port())))
    return tmp_path


def molecule(repository: Path, collections: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("ANSIBLE_CONFIG", "PYTHONPATH")}
    environment |= {"ANSIBLE_COLLECTIONS_PATH": str(collections), "PATH": f"{BIN}:{os.environ['PATH']}"}
    if not shutil.which("sudo"):
        environment["ANSIBLE_BECOME_METHOD"] = "su"
    return subprocess.run(
        [str(BIN / "molecule"), *words], cwd=repository, env=environment, capture_output=True, text=True, check=False
    )


def of_the_scenario() -> list[str]:
    listed = ["docker", "ps", "--all", "--filter", f"name={NAME}", "--format", "{{.Names}}"]
    return subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.long
def test_another_team_s_scenario_passes_and_leaves_nothing(repository: Path, collections: Path) -> None:
    try:
        done = molecule(repository, collections, "test")
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        suites = ElementTree.parse(repository / "report/junit.xml").getroot()
        cases = {case.get("name"): case for case in suites.iter("testcase")}
        assert "head-empty-manifest" in cases and not suites.findall(".//failure") + suites.findall(".//error")
        assert (repository / "report/report.html").stat().st_size > 1000
        assert of_the_scenario() == [] and not Path("/var/lib/rgwkit", NAME).exists()
    finally:
        molecule(repository, collections, "destroy")


@pytest.mark.long
def test_a_later_job_removes_what_an_aborted_one_left(repository: Path, collections: Path, tmp_path: Path) -> None:
    try:
        created = molecule(repository, collections, "create")
        assert created.returncode == 0, created.stdout[-6000:] + created.stderr[-2000:]
        assert of_the_scenario() == [NAME]
        # The next job has its clone elsewhere.
        later = shutil.copytree(repository / "molecule", tmp_path / "later/molecule").parent
        removed = molecule(later, collections, "destroy")
        assert removed.returncode == 0, removed.stdout[-6000:]
        assert of_the_scenario() == [] and not Path("/var/lib/rgwkit", NAME).exists()
    finally:
        molecule(repository, collections, "destroy")


def test_the_scenario_names_what_the_test_replaces() -> None:
    variables = yaml.safe_load((PROJECT / "examples/molecule/default/molecule.yml").read_text())
    variables = variables["provisioner"]["inventory"]["group_vars"]["all"]
    assert (variables["ceph_demo_name"], variables["ceph_demo_rgw_port"]) == ("my-application-ceph", 8080)
    assert (variables["ceph_image_release"], variables["ceph_demo_image"]) == ("18", "rgwkit/ceph:18")
