# SPDX-License-Identifier: Apache-2.0
"""The examples of docs/portal.md, run as they are but for the address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.playbooks import PROJECT
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import settings
from tests.services.portal.issuer import Issuer

PAGE = (PROJECT / "docs" / "portal.md").read_text()
ADDRESS = "https://portal.example.com"
COMMANDS = {"bash": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert ADDRESS in found
    return str(found)


@pytest.fixture(
    params=[("bash", ["bash", "-euo", "pipefail", "-c"]), ("python", [sys.executable, "-c"])], ids=["curl", "python"]
)
def example(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    language, command = request.param
    return block(language), command


@pytest.mark.parametrize("language", COMMANDS)
def test_the_examples_work(tmp_path: Path, issuer: Issuer, language: str):
    text, command = block(language), COMMANDS[language]
    with running_portal(tmp_path, **settings(tmp_path, issuer, backends={"rgw": {"kind": "dummy"}})) as portal:
        done = run(portal, issuer, text, command)
        assert done.returncode == 0, done.stdout + done.stderr
        listed = portal.ask("GET", "/v1/rgw/projects/genomes/buckets", issuer.token()).json()
        assert listed["items"] == [] and ("genomes-raw" in done.stdout or "lost: " in done.stdout)


def run(portal: RunningPortal, issuer: Issuer, text: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    project = {"name": "genomes", "people": ["ann"]}
    portal.ask("POST", "/v1/projects", issuer.token("eve", ["admins"]), json=project).raise_for_status()
    environment = {**os.environ, "TOKEN": issuer.token()}
    words = [*command, text.replace(ADDRESS, portal.url)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)
