# SPDX-License-Identifier: Apache-2.0
"""The tests' Keystone and a gateway on it do what the other tests of this folder count on."""

from __future__ import annotations

import requests


def test_a_token_of_a_project_is_good_at_the_gateway(keystone, gateway):
    identity = keystone.identity
    person = identity.person("member")
    fields = {"X-Auth-Token": identity.token_of(person)}
    assert requests.put(f"{gateway.url}/swift/v1/things", headers=fields, timeout=30).status_code == 201
    other = {"X-Auth-Token": identity.token_of(identity.person("member"))}
    assert requests.get(f"{gateway.url}/swift/v1/things", headers=other, timeout=30).status_code == 404


def test_its_tls_is_good_with_its_authority(keystone):
    assert requests.get(f"{keystone.tls_url}/v3", verify=str(keystone.ca_file), timeout=30).status_code == 200
