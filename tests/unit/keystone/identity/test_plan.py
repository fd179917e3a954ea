# SPDX-License-Identifier: Apache-2.0
"""Whose objects of Keystone are, and what Keystone holds twice."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.identity.plan import index
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.identity.spec import mark_of, marked


@pytest.mark.parametrize("text", ["", "Ceph object storage", "two\nlines (of text)"])
@pytest.mark.parametrize("home", ["cluster-north", "/srv/inventories (old)/one"])
def test_a_mark_is_read_as_it_is_written(text, home):
    assert mark_of(marked(text, home)) == (text, home)


@pytest.mark.parametrize("text", [None, "", "Object storage", "(rgwkit: x) and more"])
def test_other_descriptions_are_no_marks(text):
    assert mark_of(text) == (text or "", "")


def test_of_two_with_one_name_the_marked_one_counts():
    services = [
        {"id": "1", "name": "swift", "type": "object-store", "description": text} for text in (None, "(rgwkit: h)")
    ]
    services[1]["id"] = "2"
    assert index(services, [], [])[("service", "swift", "object-store")]["id"] == "2"
    assert index(services[::-1], [], [])[("service", "swift", "object-store")]["id"] == "2"


def test_endpoints_are_known_by_the_names_of_their_service():
    services = [{"id": "1", "name": "swift", "type": "object-store"}]
    endpoints = [
        {"id": "e", "service_id": "1", "region_id": "r", "interface": "public"},
        {"id": "f", "service_id": "gone", "region_id": "r", "interface": "public"},
    ]
    found = index(services, endpoints, [{"id": "d", "name": "member", "domain_id": "x"}])
    assert set(found) == {("service", "swift", "object-store"), ("endpoint", "swift", "object-store", "r", "public")}
