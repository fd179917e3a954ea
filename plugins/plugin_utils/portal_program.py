# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The portal and the rooms of the engine that it uses, as one file that Python imports from (zipimport)."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

# What the back-ends use, what those rooms may import (docs/architecture.md), the client of registries, and the words of
# verifications.
_ROOMS = ("base", "ceph", "doctor", "http", "keystone", "registry/api", "rgw", "s3", "swift")
# Of a room that does without the rest: what the options may be.
_SINGLE = ("portal/rules.py",)
# These import Ansible.
_LEFT_OUT = {"base/censored_module.py", "base/module_run.py"}
_KINDS = {".py", ".html", ".css", ".js", ".svg"}
# The same content makes the same file, whenever and wherever it is written.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


def write_program(application: Path, engine: Path, folder: Path) -> Path:
    """Write the file; its path.

    application: services/portal. engine: module_utils. folder: where files of the run are, which go at its end.
    """
    files = _parts(application, engine)
    handle, name = tempfile.mkstemp(dir=folder, prefix="portal-", suffix=".zip")
    with open(handle, "wb") as target, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in ("services", "module_utils", "module_utils/portal", "module_utils/registry"):
            archive.writestr(_entry(f"{package}/__init__.py"), b"")
        for inside, path in sorted(files.items()):
            archive.writestr(_entry(inside), path.read_bytes())
    return Path(name)


def digest_of_program(application: Path, engine: Path) -> str:
    """SHA-256 of the parts of the file, in hex digits. Parameters as those of write_program."""
    found = hashlib.sha256()
    for inside, path in sorted(_parts(application, engine).items()):
        found.update(inside.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def write_layer(program: Path, dockerfile: Path, folder: Path) -> Path:
    """Write the folder that an image with the program is built from; its path.

    program: the file that write_program has written, which moves there. folder: where files of the run are.
    """
    layer = Path(tempfile.mkdtemp(dir=folder, prefix="portal-image-"))
    shutil.copyfile(dockerfile, layer / dockerfile.name)
    # The process in the container is another user than the one who builds.
    program.chmod(0o644)
    program.rename(layer / "portal.zip")
    return layer


def _parts(application: Path, engine: Path) -> dict[str, Path]:
    """The files by their paths inside."""
    files = {f"services/portal/{name}": path for name, path in _files(application)}
    for room in _ROOMS:
        own = ((f"{room}/{name}", path) for name, path in _files(engine / room))
        files.update({f"module_utils/{name}": path for name, path in own if name not in _LEFT_OUT})
    files.update({f"module_utils/{name}": engine / name for name in _SINGLE})
    return files


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in _KINDS:
            yield path.relative_to(folder).as_posix(), path


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.external_attr, entry.compress_type = _MODE, zipfile.ZIP_DEFLATED
    return entry
