# SPDX-License-Identifier: Apache-2.0
"""What the containers of portal and provider may do, and where no secret is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CONTAINERS = {"rgwkit-molecule-portal-web": 65531, "rgwkit-molecule-portal-login": 65530}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_is_confined(host: Any, name: str) -> None:
    seen = host.docker(name).inspect()
    assert seen["Config"]["User"] == f"{CONTAINERS[name]}:{CONTAINERS[name]}"
    options = seen["HostConfig"]
    assert options["ReadonlyRootfs"] and options["CapDrop"] == ["ALL"] and not options["CapAdd"]
    writable = [mount["Destination"] for mount in seen["Mounts"] if mount["RW"]]
    assert writable == (["/var/lib/portal"] if name.endswith("-web") else [])


@pytest.mark.parametrize(("copies", "group"), [("portal", 65531), ("login", 65530)])
def test_copies_of_secrets_are_for_root_to_write_and_the_process_to_read(
    host: Any, folder: Path, copies: str, group: int
) -> None:
    paths = sorted((folder / copies / "credentials").iterdir())
    # Of the portal, Keystone's authority is among them.
    assert len(paths) == {"portal": 5, "login": 4}[copies]
    for path in paths:
        file = host.file(str(path))
        assert (file.mode, file.uid, file.gid) == (0o640, 0, group)


@pytest.mark.parametrize("name", CONTAINERS)
def test_no_secret_is_in_settings_and_log_of_a_container(host: Any, folder: Path, name: str) -> None:
    seen = json.dumps(host.docker(name).inspect()) + host.check_output(f"docker logs {name} 2>&1")
    files = [*(folder / "users").iterdir(), *(folder / "openstack").glob("*.password")]
    secrets = [path.read_text().strip() for path in files]
    assert len(secrets) >= 7 and not [secret for secret in secrets if secret in seen]
