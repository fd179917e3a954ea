# SPDX-License-Identifier: Apache-2.0
"""Names of buckets: which rule a name breaks."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.names import (
    bare_name,
    bucket_key,
    problem_with_new_name,
    tenant_of,
)


@pytest.mark.parametrize("name", ["abc", "a.b-c", "1ab", "a" * 63, "1.2.3", "256.1.1.1", "t/abc", "admins"])
def test_good_names(name):
    assert problem_with_new_name(name) == ""


@pytest.mark.parametrize(
    "name, rule",
    [
        ("ab", "3 to 63 characters, this one has 2"),
        ("a" * 64, "this one has 64"),
        ("Abc", "lower-case"),
        ("a_bc", "lower-case"),
        ("a b", "lower-case"),
        ("-abc", "begins and ends with"),
        ("abc.", "begins and ends with"),
        ("a..b", "between dots"),
        ("a.-b", "between dots"),
        ("1.2.3.4", "IPv4"),
        ("t/1.2.3.4", "IPv4"),
        ("admin", "where a gateway serves its admin API or swift"),
        ("t/swift", "where a gateway serves"),
        ("auth", "where a gateway serves"),
    ],
)
def test_bad_names(name, rule):
    assert rule in problem_with_new_name(name)


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "a\nb", "a\0b", "\udcff", "a" * 256])
def test_names_that_no_bucket_has(name):
    with pytest.raises(InputError):
        bucket_key(name, None)


def test_tenants():
    assert bucket_key("b", "t") == "t/b" and bucket_key("b", "") == bucket_key("b", None) == "b"
    assert (bare_name("t/b"), tenant_of("t/b"), bare_name("b"), tenant_of("b")) == ("b", "t", "b", "")
    with pytest.raises(InputError, match="a tenant is made of"):
        bucket_key("b", "a-b")
