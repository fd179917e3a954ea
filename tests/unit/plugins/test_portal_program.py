# SPDX-License-Identifier: GPL-3.0-or-later
"""The portal as one file, its digest, and the folder that an image with the portal is built from."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.portal_program import (
    digest_of_program,
    write_layer,
    write_program,
)

from tests.playbooks import PROJECT


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, Path]:
    """An application and an engine."""
    application = ("portal/__main__.py", "portal/templates/page.html", "portal/notes.txt")
    for name in (*application, "engine/base/errors.py", "engine/portal/rules.py", "engine/portal/host_portal.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "portal", tmp_path / "engine"


def test_the_digest_is_that_of_what_is_in_the_file(parts: tuple[Path, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(write_program(*parts, tmp_path)) as archive:
        names = archive.namelist()
    engine = {"module_utils/base/errors.py", "module_utils/portal/rules.py"}
    assert {"services/portal/templates/page.html", *engine} < set(names)
    assert not {"services/portal/notes.txt", "module_utils/portal/host_portal.py"} & set(names)
    before = digest_of_program(*parts)
    (parts[0] / "notes.txt").write_text("changed")
    assert digest_of_program(*parts) == before
    (parts[1] / "base" / "errors.py").write_text("changed")
    assert digest_of_program(*parts) != before


def test_a_layer_is_the_same_whenever_it_is_written_and_can_be_read_by_the_process(
    parts: tuple[Path, Path], tmp_path: Path
) -> None:
    dockerfile = PROJECT / "images" / "portal" / "Dockerfile"
    layers = [write_layer(write_program(*parts, tmp_path), dockerfile, tmp_path) for _time in range(2)]
    contents = [{path.name: path.read_bytes() for path in layer.iterdir()} for layer in layers]
    assert contents[0] == contents[1] and set(contents[0]) == {"Dockerfile", "portal.zip"}
    assert stat.S_IMODE((layers[0] / "portal.zip").stat().st_mode) == 0o644
