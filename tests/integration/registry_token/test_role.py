# SPDX-License-Identifier: Apache-2.0
"""The role registry with an operator's token server, for which a small signer stands: there is none to install."""

from __future__ import annotations

import json
import secrets
import sys

import pytest
import requests

from tests.integration.registry_probe.conftest import PASSWORD, USER
from tests.integration.registry_probe.test_registry_tokens import ISSUER, SERVICE, _public, service
from tests.playbooks import Run, free_port, run_playbook

__all__ = ["service"]

pytestmark = pytest.mark.long


PLAY = """
- hosts: all
  gather_facts: false
  roles: [rgwkit.ceph.registry]
"""


@pytest.fixture
def play(service, certificate, tmp_path):
    """Runs the role for a registry that wants tokens of the service."""
    signers, password = tmp_path / "signers.pem", tmp_path / "password"
    signers.write_bytes(_public(certificate))
    password.write_text(PASSWORD)
    password.chmod(0o600)
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "registry_name": f"rgwkit-test-{secrets.token_hex(3)}",
        "registry_dir": str(tmp_path / "registry"),
        "registry_port": free_port(),
        "registry_storage": "inmemory",
        "registry_probe_layer_sizes": [1024],
        "registry_ready_timeout": 30,
        "registry_token": {"realm": service.realm, "service": SERVICE, "issuer": ISSUER},
        "registry_token_certificates_file": str(signers),
        "registry_token_username": USER,
        "registry_token_password_file": str(password),
    }

    def run(*options: str, **more: object) -> Run:
        host = {**variables, **more}
        inventory = tmp_path / "hosts.json"
        inventory.write_text(json.dumps({"all": {"hosts": {"one": host}}}))
        (tmp_path / "play.yml").write_text(PLAY)
        return run_playbook(tmp_path / "play.yml", "-i", inventory, *options)

    run.variables = variables
    yield run
    gone = run(registry_state="absent", registry_remove_data=True)
    assert gone.code == 0 and not (tmp_path / "registry").exists(), gone.output[-4000:]


def test_the_role_proves_the_registry_as_a_user_of_the_token_server(play, service, tmp_path):
    planned = play("--check")
    assert planned.code == 0 and not (tmp_path / "registry").exists(), planned.output[-4000:]
    first = play("--diff", "-vvv")
    assert first.code == 0, first.output[-6000:]
    assert "verified by docker push and pull" in " ".join(first.output.split()), first.output[-3000:]
    # docker's scope, and that of the steps over the API.
    asked = [scope for scopes in service.scopes for scope in scopes]
    assert any("push" in scope for scope in asked) and any("delete" in scope for scope in asked)
    again = play()
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]
    assert PASSWORD not in first.output + again.output
    url = f"http://127.0.0.1:{play.variables['registry_port']}/v2/"
    refused = requests.get(url, timeout=10)
    assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith(
        f'Bearer realm="{service.realm}"'
    )


def test_tokens_of_others_are_refused_by_the_proof(play, tmp_path):
    first = play()
    assert first.code == 0, first.output[-4000:]
    config = tmp_path / "registry" / "config.yml"
    before = config.read_text()
    token = {**play.variables["registry_token"], "issuer": "others.example"}
    failed = play(registry_token=token)
    assert failed.code != 0 and config.read_text() == before, failed.output[-4000:]
    assert PASSWORD not in failed.output


def test_a_file_without_a_certificate_ends_in_the_trial(play, tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n")
    failed = play(registry_token_certificates_file=str(empty))
    said = " ".join(failed.output.split())
    assert failed.code != 0 and "trial of the new configuration" in said, failed.output[-4000:]
    play()
