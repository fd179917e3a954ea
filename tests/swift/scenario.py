# SPDX-License-Identifier: Apache-2.0
"""The Swift of molecule's scenario portal, and its Keystone.

python -m tests.swift.scenario NAME PORT FOLDER    the variables are then in FOLDER/variables.yml
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import yaml

from tests.keystone.service import Keystone, start_keystone
from tests.swift.service import Swift, portal_account, portal_policy, start_swift

LIMITS = {"max_bytes": 1024**3, "max_buckets": 10}


def start(name: str, port: int, folder: Path) -> None:
    """Start the containers NAME-keystone and NAME-swift. Passwords are in files of mode 0600."""
    shutil.rmtree(folder, ignore_errors=True)
    keystone = start_keystone(folder / "keystone", f"{name}-keystone", policy=portal_policy())
    swift = start_swift(folder / "swift", f"{name}-swift", keystone, port)
    variables = {
        "openstack_address": keystone.address,
        "openstack_backends": [{"name": "swift", **portal_account(swift, folder), "limits": LIMITS}],
    }
    (folder / "variables.yml").write_text(yaml.safe_dump(variables))


def started(name: str, port: int, folder: Path) -> Swift:
    """The Swift that runs."""
    variables = yaml.safe_load((folder / "variables.yml").read_text())
    files = (folder / "keystone" / file for file in ("ca.pem", "password"))
    keystone = Keystone(f"{name}-keystone", variables["openstack_address"], *files)
    return Swift(f"{name}-swift", "127.0.0.1", keystone, port)


if __name__ == "__main__":
    start(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).absolute())
