# SPDX-License-Identifier: Apache-2.0
"""Ordinary users of hosts in containers, and how plays reach them by SSH."""

from __future__ import annotations

import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class User:
    """An ordinary user of a host. The key and the file with the password are on this machine."""

    name: str
    key: Path
    password_file: Path

    @property
    def password(self) -> str:
        return self.password_file.read_text()

    @property
    def become(self) -> tuple[str, ...]:
        """Options of ansible-playbook for a user whom sudo asks for a password."""
        return ("--become", "--become-password-file", str(self.password_file))


@dataclass(frozen=True)
class Login:
    """What the inventory says of a host, and the options of ansible-playbook."""

    variables: dict[str, Any]
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class SshServer:
    """The SSH server of a container, at a port of this machine. `folder` is for keys, passwords and sockets."""

    container: str
    port: int
    folder: Path

    def add_user(self, name: str, *groups: str) -> User:
        """Create a user with a home, a password, and a key that the server accepts."""
        user = User(name, self.folder / f"{name}.key", self.folder / f"{name}.password")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", user.key], check=True)
        user.password_file.touch(mode=0o600)
        user.password_file.write_text(secrets.token_hex(16))
        # Debian has a group of its own for some names, such as operator.
        options = ["--create-home", "--shell=/bin/sh", "--gid=users", *(f"--groups={group}" for group in groups)]
        self._do("useradd", *options, name)
        self._do("chpasswd", given=f"{name}:{user.password}\n")
        folder = f"/home/{name}/.ssh"
        self._do("install", "-d", f"--owner={name}", "--mode=700", folder)
        self._do("tee", f"{folder}/authorized_keys", given=Path(f"{user.key}.pub").read_text())
        return user

    def by_key(self, user: User) -> Login:
        """A login by the user's key."""
        # Only by this one: the server ends the connection after some of the keys that an agent may have.
        variables = self._variables(user, "k", " -o IdentitiesOnly=yes")
        return Login({**variables, "ansible_ssh_private_key_file": str(user.key)})

    def by_password(self, user: User) -> Login:
        """A login by the user's password."""
        variables = self._variables(user, "p", " -o PubkeyAuthentication=no")
        return Login(variables, ("--connection-password-file", str(user.password_file)))

    def _variables(self, user: User, way: str, more: str = "") -> dict[str, Any]:
        known = self.folder / "known_hosts"
        kind, key = self._do("cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()[:2]
        known.write_text(f"[127.0.0.1]:{self.port} {kind} {key}\n")
        return {
            "ansible_host": "127.0.0.1",
            "ansible_port": self.port,
            "ansible_user": user.name,
            "ansible_ssh_common_args": f"-o UserKnownHostsFile={known} -o StrictHostKeyChecking=yes{more}",
            # Otherwise the login by key would use the connection that the login by password has left open.
            "ansible_control_path_dir": str(self.folder / way),
        }

    def _do(self, *command: str, given: str = "") -> str:
        """The output of a command in the container, as root. What is given comes by its standard input."""
        done = subprocess.run(
            ["docker", "exec", "--interactive", self.container, *command], input=given, text=True, capture_output=True
        )
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout
