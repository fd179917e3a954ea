# SPDX-License-Identifier: Apache-2.0
"""The environment of a registry's process and of its trial."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.process_environment import (
    environment,
    trial_environment,
)

from tests.unit.registry.variables import DEFAULTS, TLS


@pytest.mark.parametrize(
    ("driver", "awaited"),
    [
        ({"authurl": "http://Gateway:8080/auth/v1"}, "gateway/8080"),
        ({"authurl": "https://gateway/auth/v1"}, "gateway/443"),
        ({"regionendpoint": "http://gateway"}, "gateway/80"),
        ({"regionendpoint": "http://[2001:db8::1]:7480"}, "2001:db8::1/7480"),
        # What is no URL keeps no registry from its start.
        ({"regionendpoint": "gateway:7480"}, None),
        ({"authurl": None}, None),
        ({"rootdirectory": "/blobs"}, None),
    ],
)
def test_a_container_awaits_its_storage(driver, awaited):
    assert environment(DEFAULTS, driver).get("RGWKIT_WAIT_FOR") == awaited


def test_a_package_awaits_nothing_and_trusts_the_same_authorities():
    role = {**DEFAULTS, "runtime": "package", "gateway_ca_file": "/tls/gateway.pem"}
    said = environment(role, {"authurl": "http://gateway"})
    assert said == {"SSL_CERT_FILE": "/etc/docker/registry/gateway-ca.pem"}


def test_the_trial_takes_any_free_port_and_its_own_files():
    role = {**DEFAULTS, **TLS, "address": "::1", "gateway_ca_file": "/ca", "http": {"debug": {"addr": ":5001"}}}
    assert trial_environment(role, "/trial") == {
        "REGISTRY_HTTP_ADDR": '"[::1]:0"',
        "REGISTRY_LOG_LEVEL": "info",
        "SSL_CERT_FILE": "/trial/gateway-ca.pem",
        "REGISTRY_HTTP_DEBUG_ADDR": "127.0.0.1:0",
        "REGISTRY_HTTP_TLS_CERTIFICATE": "/trial/certificate.pem",
        "REGISTRY_HTTP_TLS_KEY": "/trial/key.pem",
    }
    tokens = {"token": {"realm": "https://auth"}, "token_certificates_file": "/signers.pem"}
    place = "/trial/token-certificates.pem"
    assert trial_environment({**DEFAULTS, **tokens}, "/trial")["REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE"] == place
    users = [{"name": "ci", "password_file": "/p"}]
    assert "REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE" not in trial_environment(
        {**DEFAULTS, **tokens, "users": users}, "/trial"
    )
    assert trial_environment({**DEFAULTS, "network": "ceph"}, "/trial")["REGISTRY_HTTP_ADDR"] == '":0"'
