# SPDX-License-Identifier: Apache-2.0
"""A registry on a gateway whose certificate only its own authority vouches for."""

from __future__ import annotations

import subprocess

import pytest
import requests

from tests.certificates import write_self_signed
from tests.integration.gateway import running_gateway

from .registry_host import registry_host


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return write_self_signed(tmp_path_factory.mktemp("tls") / "gateway.pem", "127.0.0.1")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory, certificate):
    with running_gateway(tmp_path_factory.mktemp("gateway"), certificate) as running:
        yield running


@pytest.fixture(scope="module")
def authority(tmp_path_factory, certificate):
    """The certificate without its key."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    _key, dashes, rest = certificate.read_text().partition("-----BEGIN CERTIFICATE")
    path.write_text(dashes + rest)
    return path


@pytest.fixture(scope="module")
def variables(gateway, authority):
    return {
        "registry_storage": "swift",
        "registry_gateway_endpoint": gateway.url,
        "registry_gateway_ca_file": str(authority),
        "registry_swift_authurl": f"{gateway.url}/auth/v1",
        "registry_swift_username": gateway.user,
        "registry_swift_secret_file": str(gateway.secret_file),
    }


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with registry_host(tmp_path_factory.mktemp("host")) as host:
        yield host


def test_without_the_authority_nothing_is_started(host, variables):
    run = host.play(**{**variables, "registry_gateway_ca_file": ""})
    assert run.code != 0 and "tls-error" in run.output
    assert subprocess.run(["docker", "inspect", host.name], capture_output=True, check=False).returncode != 0


def test_a_registry_trusts_the_authority_that_it_is_given(host, variables):
    first = host.play(**variables)
    assert first.code == 0, first.output[-4000:]
    assert requests.get(f"http://127.0.0.1:{host.port}/v2/_catalog", timeout=30).status_code == 200


def test_a_second_run_changes_nothing(host, variables):
    again = host.play(**variables)
    assert (again.code, again.count("changed")) == (0, 0), again.output[-4000:]


def test_an_authority_that_did_not_sign_it_leaves_the_registry_as_it_is(host, variables, tmp_path):
    before = host.started()
    other = write_self_signed(tmp_path / "other.pem", "127.0.0.1")
    # The registry itself has to find out.
    run = host.play(**{**variables, "registry_gateway_ca_file": str(other), "registry_gateway_endpoint": ""})
    assert run.code != 0 and f"the trial of the new configuration of {host.name} failed" in " ".join(run.output.split())
    assert host.started() == before
