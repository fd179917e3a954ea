# SPDX-License-Identifier: Apache-2.0
"""Images of these tests, and what docker says of containers, by the docker command as a second opinion."""

from __future__ import annotations

import io
import secrets
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

# Small, with a shell, and without a user.
BASE = "rgwkit/registry:2.8"
PASSWD = "root:x:0:0:root:/root:/bin/sh\napp:x:1234:2345::/:/bin/sh\nsecond:x:1235:2346::/:/bin/sh\napp:x:9:9::/:\n"
GROUP = "root:x:0:\napp:x:2345:\nmedia:x:3456:second,app\nwheel:x:10:root\nlog:x:11:apps\n"


def docker(*arguments: str, data: bytes | None = None) -> str:
    done = subprocess.run(["docker", *arguments], input=data, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def run(image: str, *words: str, options: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run a program of an image in a container of its own."""
    command = ["docker", "run", "--rm", "--network=none", "--cpu-shares=2", *options, f"--entrypoint={words[0]}", image]
    return subprocess.run([*command, *words[1:]], capture_output=True, text=True)


def tar(*members: tarfile.TarInfo | tuple[str, str]) -> bytes:
    """A file system: files as name and text, anything else as its entry."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            entry = tarfile.TarInfo(member[0])
            entry.size = len(member[1].encode())
            archive.addfile(entry, io.BytesIO(member[1].encode()))
    return packed.getvalue()


def entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A folder or a link."""
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, target, 0o755
    return made


@dataclass
class Images:
    """Creates images, which are removed in the end."""

    made: list[str] = field(default_factory=list)

    def import_files(self, *members: tarfile.TarInfo | tuple[str, str], change: str = "") -> str:
        """An image that has these files and no program, so that nothing of it can be started."""
        name = self._name()
        changes = [f"--change={change}"] if change else []
        docker("import", *changes, "-", name, data=tar(*members))
        return name

    def with_users(self, user: str) -> str:
        """An image with a shell, the users of PASSWD and GROUP, and a USER."""
        name, container = self._name(), docker("create", BASE)
        try:
            files = tar(("etc/passwd", PASSWD), ("etc/group", GROUP))
            docker("cp", "-", f"{container}:/", data=files)
            docker("commit", f"--change=USER {user}", container, name)
        finally:
            docker("rm", "--volumes", container)
        return name

    def _name(self) -> str:
        self.made.append(f"rgwkit-test/storage:{secrets.token_hex(4)}")
        return self.made[-1]


@contextmanager
def images() -> Iterator[Images]:
    made = Images()
    try:
        yield made
    finally:
        for name in made.made:
            subprocess.run(["docker", "image", "rm", "--force", name], capture_output=True)
