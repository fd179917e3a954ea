# SPDX-License-Identifier: Apache-2.0
"""What molecule's scenario keystone runs on: a Keystone, and a gateway on it in the container of a demo.

python -m tests.keystone.scenario start NAME DEMO FOLDER    the variables are then in FOLDER/variables.yml
python -m tests.keystone.scenario stop NAME
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import yaml

from tests.integration.gateway import Gateway, start_second_gateway
from tests.keystone.gateway import keystone_options
from tests.keystone.service import start_keystone, stop_keystone


def start(name: str, demo: str, folder: Path) -> None:
    """Start both, with a user of each of two projects; passwords are in files of mode 0600."""
    shutil.rmtree(folder, ignore_errors=True)
    keystone = start_keystone(folder, name, network=demo)
    gateway = Gateway(demo, "", 0, folder / "unused", secret="")
    _number, url = start_second_gateway(gateway, **keystone_options(keystone, gateway))
    identity = keystone.identity
    identity.service(f"{url}/swift/v1")
    people = []
    for number in (1, 2):
        person = identity.person("member")
        file = folder / f"person-{number}.password"
        file.touch(mode=0o600)
        file.write_text(person.password)
        people.append({"user": person.user, "project": person.project, "password_file": str(file)})
    variables = {
        "keystone_url": keystone.url,
        "keystone_tls_url": keystone.tls_url,
        "keystone_ca_file": str(keystone.ca_file),
        "keystone_gateway": url,
        "keystone_people": people,
    }
    (folder / "variables.yml").write_text(yaml.safe_dump(variables))


if __name__ == "__main__":
    if sys.argv[1] == "start":
        start(sys.argv[2], sys.argv[3], Path(sys.argv[4]).absolute())
    else:
        stop_keystone(sys.argv[2])
