# SPDX-License-Identifier: Apache-2.0
"""The role rgw_verify as a user of Keystone, and with a token."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.playbooks import run_playbook


def run(folder: Path, secret: str, **variables: object) -> str:
    """Run playbooks/verify.yml for a secret; what it printed, which does not have the secret."""
    inventory = folder / "hosts.json"
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    inventory.write_text(json.dumps({"registries": {"hosts": {"own": host}}}))
    file = folder / "secret"
    file.touch(mode=0o600)
    file.write_text(secret)
    done = run_playbook("verify", "-i", inventory, "-vvv", rgw_verify_secret_file=str(file), **variables)
    assert done.code == 0, done.output
    assert secret not in done.output
    return done.output


@pytest.mark.long
def test_a_user_of_keystone_and_a_token(gateway, tmp_path):
    keystone = gateway.keystone
    person = keystone.identity.person("member")
    common = {"rgw_verify_endpoint": gateway.url, "rgw_verify_user": person.user, "rgw_verify_groups": ["auth"]}
    place = {"url": keystone.tls_url, "ca_file": str(keystone.ca_file), "project": person.project}
    said = run(tmp_path, person.password, rgw_verify_auth="keystone", rgw_verify_keystone=place, **common)
    assert "token-cache" in said
    token = keystone.identity.token_of(person)
    said = run(tmp_path, token, rgw_verify_auth="preauth", rgw_verify_storage_url=f"{gateway.url}/swift/v1", **common)
    assert "only Keystone revokes tokens" in said
