# SPDX-License-Identifier: Apache-2.0
"""Entries of the list: what they become, and what is wrong with them."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.key import Key
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.records import entry_findings, parse_records

ZONE = "example.com"
NAME = f"s3.{ZONE}"


def test_addresses_become_types_in_one_order():
    entry = {"name": NAME, "addresses": ["192.0.2.2", "2001:DB8:0::1", "192.0.2.1", "192.0.2.2"], "ttl": 60}
    (record,) = parse_records([entry], ZONE, 300)
    assert record.values == {"A": ("192.0.2.1", "192.0.2.2"), "AAAA": ("2001:db8::1",)}
    assert (record.ttl, record.present) == (60, True)


def test_a_target_becomes_a_cname_and_a_ttl_of_zero_counts():
    (record,) = parse_records([{"name": NAME, "target": "Gateway.Example.org.", "ttl": 0}], ZONE, 300)
    assert (record.values, record.ttl) == ({"CNAME": ("gateway.example.org",)}, 0)


def test_what_goes_needs_neither_address_nor_target():
    (record,) = parse_records([{"name": f"*.{NAME}", "state": "absent"}], ZONE, 300)
    assert not record.present and record.values == {}


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "s3.example.org", "addresses": ["192.0.2.1"]}, "outside the zone"),
        ({"name": "s3.badexample.com", "addresses": ["192.0.2.1"]}, "outside the zone"),
        ({"name": "s3.example.org", "state": "absent"}, "outside the zone"),
        ({"name": NAME}, "neither an address nor a target"),
        ({"name": NAME, "addresses": ["192.0.2.1"], "target": "a.example.com"}, "both addresses and a target"),
        ({"name": ZONE, "target": "a.example.org"}, "RFC 1034, 3.6.2"),
        ({"name": NAME, "target": NAME}, "leads to itself"),
        ({"name": f"*.{NAME}", "target": f"a.{NAME}"}, "leads to itself"),
        ({"name": NAME, "target": "192.0.2.1"}, "the target of s3.example.com: '192.0.2.1' is an address"),
        ({"name": NAME, "addresses": ["s3"]}, "'s3' of s3.example.com is no IP address"),
        ({"name": NAME, "addresses": ["192.0.2.1/24"]}, "is no IP address"),
        ({"name": NAME, "addresses": ["fe80::1%eth0"]}, "is no IP address"),
        ({"name": NAME, "addresses": ["::ffff:192.0.2.1"]}, "is an IPv4 address. Next: write 192.0.2.1"),
        ({"name": NAME, "addresses": ["0.0.0.0"]}, "nobody can connect"),
        ({"name": NAME, "addresses": ["ff02::1"]}, "nobody can connect"),
        ({"name": NAME, "addresses": ["192.0.2.1"], "ttl": -1}, "the TTL -1"),
        ({"name": NAME, "addresses": ["192.0.2.1"], "ttl": 2**31}, "the TTL 2147483648"),
        ({"name": "a b", "addresses": ["192.0.2.1"]}, "'a b' is no name of a host"),
    ],
)
def test_what_cannot_be_meant(entry, said):
    with pytest.raises(InputError, match=r"^records\[1\]: .*\. Next: .*\.$") as refused:
        parse_records([{"name": f"ok.{ZONE}", "addresses": ["192.0.2.1"]}, entry], ZONE, 300)
    assert said in str(refused.value)


def test_a_name_is_given_once():
    entries = [{"name": NAME, "addresses": ["192.0.2.1"]}, {"name": "S3.example.com.", "state": "absent"}]
    with pytest.raises(
        InputError, match=r"records\[1\]: the name s3.example.com is given twice, first at records\[0\]"
    ):
        parse_records(entries, ZONE, 300)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"addresses": ["127.0.0.1"]}, "its own host or link only"),
        ({"addresses": ["fe80::1"]}, "its own host or link only"),
        ({"addresses": ["192.0.2.1"], "ttl": 86401}, "longer than a day"),
    ],
)
def test_what_is_worth_a_warning(entry, said):
    (finding,) = entry_findings([{"name": NAME, **entry}], ZONE, 300)
    assert said in finding.what and finding.severity != ERROR
    assert parse_records([{"name": NAME, **entry}], ZONE, 300)


@pytest.mark.parametrize("text", ["", "not base64!", "c2VjcmV0", "c2VjcmV0\n"])
def test_the_secret_of_a_key_is_base64(text):
    if text.startswith("c2"):
        assert Key.read("rgwkit", "hmac-sha256", Secret(text)).secret == b"secret"
        return
    with pytest.raises(InputError, match="is not base64") as refused:
        Key.read("rgwkit", "hmac-sha256", Secret(text))
    assert not text or text not in str(refused.value)


def test_a_key_shows_no_secret():
    assert "secret=" not in repr(Key("rgwkit", "hmac-sha256", b"canary")) and "canary" not in repr(
        Key("a", "b", b"canary")
    )
