# SPDX-License-Identifier: Apache-2.0
"""Settings of a person on the demo, and the page that says what to type with them."""

from __future__ import annotations

import re
import stat

import pytest

from tests.integration.clients.programs import debian_program, python_programs, shell
from tests.playbooks import PROJECT

PAGE = (PROJECT / "docs" / "clients.md").read_text()


@pytest.fixture(scope="module")
def own(demo, play):
    """The folder with the settings, written by the playbook, whose second run changes nothing."""
    planned = play("clients", demo, "--check", "--diff")
    assert planned.code == 0 and planned.count("changed") == 2, planned.output[-4000:]
    first = play("clients", demo, "-vvvv", "--diff")
    assert first.code == 0, first.output[-4000:]
    again = play("clients", demo)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    secrets = [file.read_text().strip() for file in demo.directory.glob("users/ada.*")]
    assert len(secrets) == 3 and not [secret for secret in secrets if secret in first.output]
    return demo.directory / "people" / "ada"


def typed(program: str, own, home) -> list[str]:
    """The commands of the page that use the settings of a program, for a home of the test."""
    (block,) = re.findall(rf"```\n((?:[^`]*\n)?\. ~/\.config/rgwkit/{program}\.sh\n[^`]*)```", PAGE)
    text = block.replace("~/.config/rgwkit", str(own)).replace("~/", f"{home}/")
    return [line for line in text.splitlines() if " -m venv " not in line and "pip install" not in line]


def test_rclone_as_the_page_says(own, tmp_path):
    (tmp_path / "cat.jpg").write_bytes(b"cat")
    assert "3 cat.jpg" in shell(f"cd {tmp_path}", *typed("rclone", own, tmp_path))


def test_restic_as_the_page_says(own, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "restic").symlink_to(debian_program("restic", tmp_path))
    shell(*typed("restic", own, tmp_path), path=tmp_path / "bin", HOME=str(tmp_path))
    (restored,) = (tmp_path / "back").rglob("cat.jpg")
    assert restored.read_bytes() == b"cat"


def test_sregistry_as_the_page_says(own, tmp_path):
    python_programs(tmp_path / "sregistry", "sregistry[swift]==0.2.39")
    (tmp_path / "blast.sif").write_bytes(b"image")
    # The client has its database in the home of the account that runs the test, unless told otherwise.
    elsewhere = {"SREGISTRY_DISABLE": "yes", "SINGULARITY_DISABLE_CACHE": "yes"}
    said = shell(f"cd {tmp_path}", *typed("sregistry", own, tmp_path), **elsewhere)
    assert "tools/blast:v1.sif" in said and (tmp_path / "back.sif").read_bytes() == b"image"
    assert stat.S_IMODE((own / "sregistry.json").stat().st_mode) == 0o600
