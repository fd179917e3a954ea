# SPDX-License-Identifier: Apache-2.0
"""The metadata by which hosts agree on who writes into a container."""

from __future__ import annotations

import re

from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.claims import ID, Claim, claim_field, claims_of


def test_each_host_has_a_field_of_its_own_that_is_a_header():
    fields = {claim_field(host) for host in ("docker-1", "docker-2", "Docker-1", "docker_1")}
    assert len(fields) == 4 and all(re.fullmatch("rgwkit-writer-[0-9a-f]{8}", field) for field in fields)


def test_claims_are_read_as_they_are_written():
    claims = [Claim("a", False, claim_field("a")), Claim("b", True, claim_field("b"))]
    metadata = {claim.field: claim.value for claim in claims}
    assert claims_of({**metadata, ID: "0" * 32, "team": "research"}) == claims


def test_metadata_of_others_are_no_claims():
    assert claims_of({"rgwkit-writer-": "x", "rgwkit-writer-zzzzzzzz": "x", "x-rgwkit-writer-00000000": "x"}) == []
