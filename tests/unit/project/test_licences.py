# SPDX-License-Identifier: Apache-2.0
"""Licences as the community package wants them: what runs in, or imports, the process of ansible-core has the GPL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.playbooks import PROJECT

APACHE, GPL = "Apache-2.0", "GPL-3.0-or-later"
MARK = re.compile("^# SPDX-License-" + r"Identifier: (\S+)$", re.MULTILINE)  # in two parts for the tool reuse
# Code that runs in the process of ansible-core. Modules and their utilities run outside of the process.
CONTROLLER = ("action", "callback", "doc_fragments", "filter", "lookup", "plugin_utils")
# All of ansible-core but ansible.module_utils, which is under BSD-2-Clause. Of that, `testing` names no licence.
GPL_CODE = re.compile(
    r"^\s*(?:from|import) ansible\.(?!module_utils\b)"
    r"|^\s*(?:from|import) ansible\.module_utils\.testing\b"
    rf"|\bansible_collections\.rgwkit\.ceph\.plugins(?:\.| import )(?:{'|'.join(CONTROLLER)})\b",
    re.MULTILINE,
)
FOLDERS = ("benchmarks", "commands", "images", "library", "module_utils", "molecule", "plugins", "scripts", "tests")


def is_python(path: Path) -> bool:
    if path.suffix == ".py":
        return True
    return path.parent.name == "scripts" and path.read_text().startswith("#!/usr/bin/env python3")


FILES = sorted(
    path
    for folder in FOLDERS
    for path in (PROJECT / folder).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and is_python(path) and path.stat().st_size
)
PLUGINS = [path for path in FILES if path.relative_to(PROJECT).parts[0] == "plugins"]
MODULES = [path for path in FILES if path.parent == PROJECT / "library"]


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def is_gpl(path: Path) -> bool:
    """Whether a file is a plugin of the controller's process, or imports code under the GPL, in a string, too."""
    return path in PLUGINS or GPL_CODE.search(path.read_text(encoding="utf-8")) is not None


def licences(path: Path) -> list[str]:
    return MARK.findall("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:6]))


def test_every_kind_of_plugin_is_known() -> None:
    kinds = {path.name for path in (PROJECT / "plugins").iterdir() if path.is_dir()}
    assert kinds - {"modules", "module_utils"} <= set(CONTROLLER)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_has_the_licence_of_its_place(path: Path) -> None:
    assert licences(path) == [GPL if is_gpl(path) else APACHE]


@pytest.mark.parametrize("path", [*PLUGINS, *MODULES], ids=name)
def test_a_plugin_names_its_copyright(path: Path) -> None:
    head = path.read_text().splitlines()[:4]
    assert "# Copyright (c) rgwkit authors" in head
    # ansible-test looks for this line.
    assert any("GNU General Public License v3.0+" in line for line in head) == (path in PLUGINS)


def test_the_collection_comes_with_the_texts_of_its_licences() -> None:
    used = yaml.safe_load((PROJECT / "galaxy.yml").read_text())["license"]
    assert sorted(used) == [APACHE, GPL]
    assert {path.stem for path in (PROJECT / "LICENSES").iterdir()} == set(used)
    for licence, words in ((APACHE, "Apache License"), (GPL, "GNU GENERAL PUBLIC LICENSE")):
        assert words in (PROJECT / "LICENSES" / f"{licence}.txt").read_text()
