# SPDX-License-Identifier: Apache-2.0
"""Which URLs of Keystone can be used."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.address import keystone_endpoint


@pytest.mark.parametrize("url", ["https://k/id", "https://k/id/", "https://k/id/v3", " https://k/id/v3/ "])
def test_the_version_may_be_there(url):
    assert keystone_endpoint(url, None, False).path == "/id"


@pytest.mark.parametrize("url", ["https://k/v2.0", "https://k/v2.0/", "https://k/identity/v2"])
def test_version_2_is_refused(url):
    with pytest.raises(InputError, match="not had since release Queens"):
        keystone_endpoint(url, None, False)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5000", "http://127.9.9.9/v3", "http://[::1]:5000", "http://localhost"]
)
def test_clear_text_stays_on_this_host(url):
    assert keystone_endpoint(url, None, False).tls is None


@pytest.mark.parametrize("url", ["http://10.0.0.1:5000", "http://localhost.example.com", "http://keystone:5000"])
def test_clear_text_to_another_host_is_a_choice(url):
    with pytest.raises(InputError, match="allow_cleartext_secrets"):
        keystone_endpoint(url, None, False)
    assert keystone_endpoint(url, None, True).tls is None


def test_certificates_are_verified():
    endpoint = keystone_endpoint("https://k", None, True)
    assert endpoint.tls.check_hostname and endpoint.trust[1] is True
