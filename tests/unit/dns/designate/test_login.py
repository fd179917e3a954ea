# SPDX-License-Identifier: Apache-2.0
"""Which URL of a catalogue is Designate's. A real Keystone has the rest (tests/integration/dns)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate.login import Place, designate_for
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.client import Keystone
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.token import Service, Token

KEYSTONE = Keystone(Endpoint.parse("https://keystone.example.com:5000"))
NORTH = Service("dns", "designate", "public", "north", "https://north.example.com:9001/")
SOUTH = Service("dns", "designate", "public", "south", "https://south.example.com/dns/v2")
INSIDE = Service("dns", "designate", "internal", "south", "http://10.0.0.5:9001")
OTHER = Service("object-store", "swift", "public", "west", "https://swift.example.com")


def found(*catalogue: Service, **place: Any) -> str:
    token = Token(Secret("gAAAA-token"), 0, 3600, "u", "p", ("member",), catalogue)
    return str(designate_for(KEYSTONE, token, Place(**place), 5))


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ({"region": "north"}, "https://north.example.com:9001"),
        ({"region": "south"}, "https://south.example.com/dns/v2"),
        ({"interface": "internal", "allow_cleartext": True}, "http://10.0.0.5:9001"),
        ({"url": "https://own.example.com"}, "https://own.example.com"),
    ],
)
def test_what_is_named_is_taken(place, url):
    assert found(NORTH, SOUTH, INSIDE, OTHER, **place) == f"Designate {url}"


def test_the_only_one_needs_no_region_and_two_of_the_same_url_are_one():
    twice = replace(NORTH, region="south", url=NORTH.url.rstrip("/"))
    assert found(NORTH, OTHER) == found(NORTH, twice) == "Designate https://north.example.com:9001"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({}, "there is more than one, in the regions north and south. Name the region."),
        ({"region": "west"}, "no public endpoint of a service of the type dns in the region west. The catalogue has"),
        ({"interface": "admin"}, "no admin endpoint of a service of the type dns. The catalogue has"),
    ],
)
def test_what_is_not_clear_is_refused(place, said):
    with pytest.raises(ToolError) as raised:
        found(NORTH, SOUTH, INSIDE, **place)
    assert said in str(raised.value)


def test_a_catalogue_without_designate():
    with pytest.raises(ToolError, match="Name the URL of Designate as endpoint"):
        found(OTHER)


def test_a_token_travels_in_clear_text_on_request_only():
    with pytest.raises(InputError, match="has no TLS, so the token would travel in clear text"):
        found(INSIDE, interface="internal")
    assert found(url="http://127.0.0.1:9001") == "Designate http://127.0.0.1:9001"
