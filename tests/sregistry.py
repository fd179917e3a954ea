# SPDX-License-Identifier: Apache-2.0
"""sregistry 0.2.39 for tests: its command, an account of this machine that runs it, and what the account does with it.

The client takes the home of its account for its files, not $HOME. So it runs as an account of its own, whose home
is a folder of the test. Only root can make an account.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.integration.clients.programs import python_programs

IMAGE_CONTENT = os.urandom(300_000)
PYTHON_CLIENT = """
from sregistry.main import get_client
client = get_client()
client.push({image!r}, {name!r})
assert {stored!r} in client.search(), client.search()
client.pull({name!r}, file_name={back!r}, save=False)
"""


@dataclass(frozen=True)
class Account:
    """An account of this machine; in its home is the image one.sif."""

    name: str
    home: Path

    def run(self, *lines: str, code: int = 0) -> str:
        """Run lines as the account types them after a login, with the usual umask; what they print."""
        command = ["setpriv", f"--reuid={self.name}", f"--regid={self.name}", "--clear-groups", "--", "bash", "-euc"]
        done = subprocess.run(
            [*command, "\n".join(["umask 022", *lines])],
            cwd=self.home,
            env={"PATH": "/usr/bin:/bin", "HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@contextmanager
def new_account() -> Iterator[Account]:
    """An account below /tmp, as the folders of pytest are closed to others; it goes at the end."""
    name = f"rgwkit-{secrets.token_hex(4)}"
    home = Path("/tmp") / name
    useradd = ["useradd", "--create-home", "--home-dir", home, "--no-log-init", "--user-group", "--shell", "/bin/sh"]
    subprocess.run([*useradd, name], check=True, capture_output=True)
    try:
        (home / "one.sif").write_bytes(IMAGE_CONTENT)
        (home / "one.sif").chmod(0o644)
        yield Account(name, home)
    finally:
        subprocess.run(["userdel", name], check=True, capture_output=True)
        shutil.rmtree(home)


@contextmanager
def installed_sregistry() -> Iterator[Path]:
    """The folder with the command sregistry, of the last release on PyPI, where every account may enter."""
    with TemporaryDirectory(prefix="rgwkit-test-") as folder:
        Path(folder).chmod(0o755)
        packages = ["sregistry[swift]==0.2.39", "python-keystoneclient", "setuptools<80"]
        yield python_programs(Path(folder) / "venv", *packages)


def new_collection() -> str:
    """The name of a collection that no other test has."""
    return f"c{secrets.token_hex(4)}"


def push_search_pull(account: Account, settings: Path, command: Path, collection: str) -> None:
    """By the command, then by the Python client. settings: the folder with sregistry.sh. command: the command's."""
    source = f". {settings}/sregistry.sh"
    said = account.run(
        source,
        f"{command}/sregistry push --name {collection}/one:v1 one.sif",
        f"{command}/sregistry search",
        f"{command}/sregistry pull --name back.sif --no-cache {collection}/one:v1",
    )
    # The client calls the object as the image with its tag.
    assert f"{collection}/one:v1.sif" in said
    assert _digest(account.home / "back.sif") == hashlib.sha256(IMAGE_CONTENT).hexdigest()
    back, name = str(account.home / "python.sif"), f"{collection}/two:v1"
    script = PYTHON_CLIENT.format(image="one.sif", name=name, stored=f"{name}.sif", back=back)
    account.run(source, f"{command}/python - <<'END'\n{script}\nEND")
    assert _digest(Path(back)) == hashlib.sha256(IMAGE_CONTENT).hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
