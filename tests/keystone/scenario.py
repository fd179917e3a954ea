# SPDX-License-Identifier: Apache-2.0
"""The Keystone of molecule's scenario keystone, whose tokens end soon, and a user of each of two projects.

python -m tests.keystone.scenario NAME FOLDER    the variables are then in FOLDER/variables.yml
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import yaml

from tests.keystone.service import Keystone, start_keystone

# The registry's user needs more than 60 s. The longest use of one token in the scenario takes a few seconds.
TOKEN_SECONDS = 90


def start(name: str, folder: Path) -> None:
    """Start Keystone; passwords are in files of mode 0600."""
    shutil.rmtree(folder, ignore_errors=True)
    keystone = start_keystone(folder, name, TOKEN_SECONDS)
    people = []
    for number in (1, 2):
        person = keystone.identity.person("member")
        file = folder / f"person-{number}.password"
        file.touch(mode=0o600)
        file.write_text(person.password)
        people.append({"user": person.user, "project": person.project, "password_file": str(file)})
    variables = {
        "keystone_address": keystone.address,
        "keystone_url": keystone.url,
        "keystone_tls_url": keystone.tls_url,
        "keystone_ca_file": str(keystone.ca_file),
        "keystone_password_file": str(keystone.password_file),
        "keystone_people": people,
    }
    (folder / "variables.yml").write_text(yaml.safe_dump(variables))


def started(name: str, folder: Path) -> Keystone:
    """The Keystone that runs."""
    variables = yaml.safe_load((folder / "variables.yml").read_text())
    files = (Path(variables[f"keystone_{file}"]) for file in ("ca_file", "password_file"))
    return Keystone(name, variables["keystone_address"], *files)


if __name__ == "__main__":
    start(sys.argv[1], Path(sys.argv[2]).absolute())
