# SPDX-License-Identifier: Apache-2.0
"""What a text refers to has an address; nothing else does, and no text is lost."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import PROBES
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.references import pieces
from hypothesis import given
from hypothesis import strategies as st


def addresses(text: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.address) for piece in pieces(text) if piece.address]


@pytest.mark.parametrize(
    ("text", "refers_to", "address"),
    [
        ("see ceph/ceph#5996.", "ceph/ceph#5996", "https://github.com/ceph/ceph/issues/5996"),
        ("(tracker 12780)", "tracker 12780", "https://tracker.ceph.com/issues/12780"),
        ("RFC 9110", "RFC 9110", "https://www.rfc-editor.org/rfc/rfc9110"),
        (
            "RFC 9110, section 15.5.12; more",
            "RFC 9110, section 15.5.12",
            "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.12",
        ),
        ("ncw/swift v1.0.53 (a library)", "ncw/swift v1.0.53", "https://github.com/ncw/swift/tree/v1.0.53"),
        (
            "distribution/distribution v2.8.3 registry/storage/driver/swift, New",
            "distribution/distribution v2.8.3 registry/storage/driver/swift",
            "https://github.com/distribution/distribution/tree/v2.8.3/registry/storage/driver/swift",
        ),
        ("at https://docs.ceph.com/en/latest/a/#b.", "https://docs.ceph.com/en/latest/a/#b", None),
        ("(https://docs.ceph.com/en/latest/)", "https://docs.ceph.com/en/latest/", None),
    ],
)
def test_a_reference_has_an_address(text: str, refers_to: str, address: str | None) -> None:
    assert addresses(text) == [(refers_to, address or refers_to)]


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "RFC", "a tracker", "1/2"]
)
def test_other_texts_have_none(text: str) -> None:
    assert addresses(text) == []


@given(st.text())
def test_no_text_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_every_reference_of_a_probe_leads_somewhere(probe: object) -> None:
    """Else it says on which release of Ceph something was seen."""
    reference = probe.reference
    assert addresses(reference) or reference.startswith("Ceph ")
