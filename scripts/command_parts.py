# SPDX-License-Identifier: Apache-2.0
"""Which files the plain commands need, for scripts/pyz and for the wheel (scripts/wheel_hook.py)."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple, Sequence

PROJECT = Path(__file__).resolve().parents[1]
# Of the engine's base, what only modules need.
_UNUSED = ("censored_module.py", "module_run.py")
_SHARED = ("version.py", "output.py")
_IMPORT = re.compile(r"^(\s*)from module_utils\.", re.MULTILINE)


class Command(NamedTuple):
    """A folder of commands/, and of the engine the rooms that it knows (docs/architecture.md), or parts of rooms."""

    folder: str
    parts: Sequence[str]


_KEYSTONE = tuple(f"keystone/{name}.py" for name in ("__init__", "catalogue", "token", "token_request"))
DOCTOR = Command("doctor", ("base", "http", *_KEYSTONE, "s3", "doctor"))
_REDIRECTS = ("registry/redirect/__init__.py", "registry/redirect/outcome.py")
LINT = Command("registry_lint", ("base", "registry/__init__.py", "registry/reach.py", *_REDIRECTS, "registry/config"))
CLIENT_LINT = Command(
    "client_lint",
    (*LINT.parts, "clients/__init__.py", "clients/lint.py", "clients/sregistry_modes.py"),
)


def copy(source: Path, target: Path) -> None:
    """Copy a file, or the Python files of a folder, into a folder that may have some of them."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy(source, target)
        return
    ignored = shutil.ignore_patterns("__pycache__", "*.so", *_UNUSED)
    shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True)


def gather(root: Path, *commands: Command) -> None:
    """Copy all that these commands need into a folder, as the folders commands and module_utils."""
    for command in commands:
        for part in command.parts:
            copy(PROJECT / "module_utils" / part, root / "module_utils" / part)
        for name in (*_SHARED, command.folder):
            copy(PROJECT / "commands" / name, root / "commands" / name)


def move_into_package(root: Path, package: str) -> None:
    """Let the gathered commands find the engine below a package, where nothing else has the name module_utils."""
    (root / "__init__.py").touch()
    for path in (root / "commands").rglob("*.py"):
        path.write_text(
            _IMPORT.sub(rf"\1from {package}.module_utils.", path.read_text(encoding="utf-8")), encoding="utf-8"
        )
