# SPDX-License-Identifier: Apache-2.0
"""What the variables of gateways say about their entry in Keystone's catalogue."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.identity.gateways import catalogue_services

URLS = {"catalogue_urls": ["https://objects.example.com/", "http://10.0.0.20:8080"]}


@pytest.mark.parametrize(
    ("keystone", "options", "region", "path"),
    [
        (URLS, {}, "RegionOne", "/swift/v1"),
        ({**URLS, "region": "north"}, {}, "north", "/swift/v1"),
        ({**URLS, "account_in_url": True}, {}, "RegionOne", "/swift/v1/AUTH_%(project_id)s"),
        ({**URLS, "account_in_url": "no"}, {"rgw_swift_url_prefix": "/"}, "RegionOne", "/v1"),
    ],
)
def test_the_first_url_is_the_public_endpoint_s(keystone, options, region, path):
    endpoint = {"region": region, "url": f"https://objects.example.com{path}"}
    assert catalogue_services(keystone, options) == [{"endpoints": [endpoint]}]


@pytest.mark.parametrize("keystone", [{}, {"url": "https://keystone.example.com:5000"}])
def test_without_a_url_there_is_nothing_to_register(keystone):
    assert catalogue_services(keystone, {}) == []
