# SPDX-License-Identifier: Apache-2.0
"""Values of records in the form of master files, and back."""

from __future__ import annotations

import dns.rdata
import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.master_file import TXT, text_of, written


@pytest.mark.parametrize("text", ["rgwkit: north", 'a "quoted" one', "back\\slash", "\\", '"', "a;b", ""])
def test_a_text_comes_back_as_dnspython_reads_it(text):
    (record,) = written(TXT, [text])
    parsed = dns.rdata.from_text("IN", "TXT", record)
    assert text_of(record) == text == b"".join(parsed.strings).decode()


@pytest.mark.parametrize(
    ("record", "text"),
    [("plain", "plain"), ('"two " "strings"', "two strings"), (r'"\034x\\y\065"', '"x\\yA'), ('"not ended', "")],
)
def test_what_others_have_written(record, text):
    assert text_of(record) == text


def test_names_are_absolute_and_addresses_as_they_are():
    assert written("CNAME", ["s3.example.com"]) == ["s3.example.com."]
    assert written("A", ("192.0.2.1", "192.0.2.2")) == ["192.0.2.1", "192.0.2.2"]
