# SPDX-License-Identifier: Apache-2.0
"""The portal's types, checked against the packages that it runs on; scripts/lint checks the rest of the project."""

from __future__ import annotations

import subprocess
import sys

from tests.environments import python_of
from tests.playbooks import PROJECT


def test_the_types_of_the_portal_hold():
    command = [sys.executable, "-m", "mypy", "--python-executable", python_of("portal"), "services/portal"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
