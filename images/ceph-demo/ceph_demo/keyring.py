# SPDX-License-Identifier: Apache-2.0
"""The keyring: the cephx keys of all daemons in one file."""

import base64
import os
import re
from typing import Dict, Mapping, NamedTuple

from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

# CryptoKey::encode: type (2 bytes), creation time (8), length of the secret (2); the secret follows.
HEADER_BYTES = 12

Caps = Dict[str, str]


class Entity(NamedTuple):
    """A cephx entity: its key (base64) and its caps by service."""

    key: str
    caps: Caps


class Keyring(Dict[str, Entity]):
    """Entity name -> entity."""

    def add(self, caps_by_name: Mapping[str, Caps], supervisor: Supervisor) -> None:
        """Create a key for each entity that has none.

        The release's own tool creates a sample key for the header: Ceph 20 refuses the key type (AES-128) of older
        releases. One process instead of one for each key saves a tenth of a second.
        """
        missing = [name for name in caps_by_name if name not in self]
        if missing:
            sample = base64.b64decode(supervisor.result(Tool(["ceph-authtool", "--gen-print-key"])))
            header, length = sample[:HEADER_BYTES], len(sample) - HEADER_BYTES
            for name in missing:
                key = base64.b64encode(header + os.urandom(length)).decode("ascii")
                self[name] = Entity(key, caps_by_name[name])

    def text(self) -> str:
        """Text of the keyring file."""
        lines = []
        for name, entity in self.items():
            lines.append(f"[{name}]\n\tkey = {entity.key}")
            lines.extend(f'\tcaps {service} = "{caps}"' for service, caps in entity.caps.items())
        return "\n".join(lines) + "\n"

    def write(self, path: str) -> None:
        """Write the file in one step, readable by its owner only."""
        temporary = path + ".new"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self.text())
        os.replace(temporary, path)


def read(path: str) -> Keyring:
    """Read a keyring that `write` wrote."""
    keyring = Keyring()
    with open(path) as file:
        sections = re.findall(r"^\[(\S+)\]\n\tkey = (\S+)\n((?:\tcaps .*\n)*)", file.read(), re.MULTILINE)
    for name, key, caps in sections:
        keyring[name] = Entity(key, dict(re.findall(r'caps (\w+) = "([^"]*)"', caps)))
    return keyring
