# SPDX-License-Identifier: Apache-2.0
"""What the wheel holds: the plain commands and what they need of the engine. Hatchling calls it (pyproject.toml)."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from command_parts import CLIENT_LINT, DOCTOR, LINT, gather, move_into_package

PACKAGE = "rgwkit_doctor"


class CustomBuildHook(BuildHookInterface):
    """The hook."""

    folder = ""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Gather the files in a folder of their own, and name it to the build."""
        self.folder = tempfile.mkdtemp()
        root = Path(self.folder)
        gather(root, DOCTOR, LINT, CLIENT_LINT)
        move_into_package(root, PACKAGE)
        build_data["force_include"][str(root)] = PACKAGE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)
