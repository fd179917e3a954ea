# SPDX-License-Identifier: Apache-2.0
"""The forms of names, and where their marks are."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.mark import Owner, identity_of
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.names import (
    below_wildcard,
    domain_name,
    is_below,
    mark_name,
)


def test_a_name_has_one_form():
    assert domain_name(" S3.Example.COM. ") == "s3.example.com"
    assert domain_name("*.s3.example.com", wildcard=True) == "*.s3.example.com"


@pytest.mark.parametrize(
    "text",
    ["", ".", "a b", "a..b", "-a.example", "a-.example", "_a.example", "*.example.com", "a.*.example", "192.0.2.1"]
    + ["2001:db8::1", "exämple.com", f"{'a' * 64}.example", ".".join(["a" * 63] * 4), 'a".example', "a\nb.example"],
)
def test_what_is_no_name_of_a_host(text):
    with pytest.raises(InputError, match="Next: "):
        domain_name(text)


def test_a_wildcard_is_the_first_label_only():
    for text in ("a.*.example", "*", "*.", "**.example", "*a.example", "*.*.example", "*.192.0.2.1"):
        with pytest.raises(InputError):
            domain_name(text, wildcard=True)


def test_below_is_not_merely_ending_alike():
    assert is_below("example.com", "example.com") and is_below("a.b.example.com", "example.com")
    assert not is_below("badexample.com", "example.com") and not is_below("com", "example.com")


def test_marks_of_a_name_and_of_its_wildcard_differ():
    assert mark_name("s3.example.com") == "_rgwkit.s3.example.com"
    assert mark_name("*.s3.example.com") == "_rgwkit-wildcard.s3.example.com"
    assert below_wildcard("*.s3.example.com", "x") == "x.s3.example.com"
    assert below_wildcard("s3.example.com", "x") == "s3.example.com"


@pytest.mark.parametrize("home", ["cluster-example", "a name, with blanks", "x" * 200])
def test_a_mark_names_the_inventory(home):
    owner = Owner.of(home, False)
    assert identity_of(owner.mark) == owner.identity == home


@pytest.mark.parametrize("home", ["/srv/inventories/north", "x" * 201, 'a"b', "n\u00f6rd", "a\nb"])
def test_a_path_or_what_dns_cannot_show_becomes_a_digest(home):
    owner = Owner.of(home, False)
    assert owner.identity.startswith("sha256-") and len(owner.identity) == 23
    assert Owner.of(home, False) == owner != Owner.of(f"{home}x", False)


def test_other_texts_are_no_marks():
    assert [identity_of(text) for text in ("v=spf1 -all", "rgwkit:", "rgwkit: ", "rgwkit: a\nb", "")] == [""] * 5


def test_whose_a_name_is():
    assert Owner("a").owns("a") and not Owner("a").owns("b") and not Owner("a").owns("")
    assert Owner("a", True).owns("b") and not Owner("a", True).owns("")
