# SPDX-License-Identifier: Apache-2.0
"""The build context that ansible-builder makes for AWX of execution-environment.yml; no base image is pulled."""

from __future__ import annotations

import re
import subprocess

from tests.playbooks import BIN, PROJECT


def test_ansible_builder_makes_a_context_with_what_a_controller_needs(tmp_path):
    command = [str(BIN / "ansible-builder"), "create", "--output-filename", "Containerfile", "--context", str(tmp_path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    wanted = (PROJECT / "requirements/ee.in").read_text()
    assert (tmp_path / "_build/requirements.txt").read_text().strip() == wanted.strip()
    assert (tmp_path / "_build/requirements.yml").read_text() == (PROJECT / "requirements.yml").read_text()
    # The collections come from requirements.yml, so PyPI's package of all collections is not needed.
    refs = re.search(r'ANSIBLE_INSTALL_REFS="(.*)"', (tmp_path / "Containerfile").read_text())
    assert refs and refs[1].split() == ["ansible-core>=2.20,<2.22", "ansible-runner"]
