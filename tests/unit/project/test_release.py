# SPDX-License-Identifier: Apache-2.0
"""The tarball of a release: its content, and that roles and playbooks need nothing but their own folders."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.playbooks import BIN, PROJECT

# The folders on which the content of a collection may rely: the collection works after all others are deleted.
OWN = ("meta", "playbooks", "plugins", "roles")
SHIPPED = {
    *("CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "LICENSE", "MAINTAINERS", "README.md", "SECURITY.md"),
    *("FILES.json", "MANIFEST.json", "requirements.yml"),
    *("LICENSES", "changelogs", "docs", "examples", "inventories", *OWN),
}
# What a clone holds after some work: secrets, reports and caches.
PLANTED = (
    "inventories/demo/.credentials/admin.secret",
    "inventories/demo/.credentials-two/users/registry.secret",
    "inventories/demo/.rendered/registry/config.yml",
    "changelogs/.plugin-cache.yaml",
    "plugins/filter/__pycache__/url.cpython-311.pyc",
    "images/ceph-demo/ceph_demo/__pycache__/demo.cpython-311.pyc",
    ".github/workflows/ci.yml",
    ".build/rgwkit-ceph-0.0.1.tar.gz",
)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked tarball of a copy of this clone, with links as links and planted files."""
    root = tmp_path_factory.mktemp("release")
    clone = root / "clone"
    shutil.copytree(PROJECT, clone, symlinks=True, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    for name in PLANTED:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("planted")
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    for command in (
        [str(clone / "scripts/stage"), str(root / "stage")],
        [str(BIN / "ansible-galaxy"), "collection", "build", str(root / "stage"), "--output-path", str(root)],
    ):
        subprocess.run(command, check=True, cwd=root, env=environment, capture_output=True)
    (tarball,) = root.glob("*.tar.gz")
    with tarfile.open(tarball) as archive:
        assert not [member.name for member in archive if not member.isfile() and not member.isdir()]
        archive.extractall(root / "unpacked", filter="data")
    return root / "unpacked"


def files(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_tarball_has_what_belongs_there(released: Path) -> None:
    assert {path.name for path in released.iterdir()} == SHIPPED
    assert {"library", "module_utils"}.isdisjoint(os.listdir(released))
    assert (released / "plugins/modules/rgw_users.py").is_file()
    assert (released / "plugins/module_utils/rgw/admin_api.py").is_file()
    assert (released / "inventories/demo/hosts.yml").is_file()


def test_the_tarball_has_no_secrets_and_no_caches(released: Path) -> None:
    assert not [name for name in files(released) if "/." in f"/{name}" or "__pycache__" in name or ".secret" in name]
    assert not [name for name in files(released) if (released / name).read_bytes() == b"planted"]


@pytest.mark.parametrize("place", OWN)
def test_content_does_not_lead_out_of_its_folders(released: Path, place: str) -> None:
    """Roles and playbooks find files by `role_path` and `playbook_dir`, and do not climb to other folders."""
    climbing = re.compile(r"(?:role_path\W+\.\./\.\.|playbook_dir\W+\.\.|collection_path)")
    for name in files(released / place):
        if name.endswith((".yml", ".py", ".j2")):
            assert not climbing.search((released / place / name).read_text()), name


@pytest.mark.parametrize("role", sorted(path.name for path in (PROJECT / "roles").iterdir()))
def test_a_role_has_its_templates_and_files(released: Path, role: str) -> None:
    folder = released / "roles" / role
    text = "\n".join((folder / name).read_text() for name in files(folder) if name.endswith(".yml"))
    shipped = set(os.listdir(folder / "templates")) if (folder / "templates").is_dir() else set()
    assert set(re.findall(r"[\w.]*\w\.j2\b", text)) <= shipped
    assert not [name for name in shipped if name[: -len(".j2")] not in text]
    for name in re.findall(r"role_path }}/((?:\.\./\w+/)?files/[\w./-]+)", text):
        assert (folder / name).exists(), name
