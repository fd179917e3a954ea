# SPDX-License-Identifier: Apache-2.0
"""The user of Keystone as whom a gateway logs in, with the password in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.keystone.identity import Person
from tests.keystone.service import Keystone

# What all tokens of Keystone begin with (Fernet).
TOKEN = "gAAAA"


@dataclass(frozen=True)
class Account:
    """keystone: with the service in its catalogue or without."""

    keystone: Keystone
    person: Person
    password_file: Path

    @property
    def options(self) -> dict[str, str]:
        """What roles and modules take of the account."""
        return {
            "url": self.keystone.tls_url,
            "ca_file": str(self.keystone.ca_file),
            "user": self.person.user,
            "password_file": str(self.password_file),
            "project": self.person.project,
        }

    def is_hidden(self, text: str) -> bool:
        """Whether neither the password nor a token is in a text."""
        return self.person.password not in text and TOKEN not in text


def new_account(keystone: Keystone, folder: Path, *roles: str) -> Account:
    """A new user with these roles in a new project."""
    person = keystone.identity.person(*roles)
    password_file = folder / f"{person.user}.password"
    password_file.touch(mode=0o600)
    password_file.write_text(f"{person.password}\n")
    return Account(keystone, person, password_file)
