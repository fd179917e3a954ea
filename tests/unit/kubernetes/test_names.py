# SPDX-License-Identifier: Apache-2.0
"""Names that Kubernetes takes and refuses."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.names import is_subdomain, label

REFUSED = ["", "Hub", "hub_1", "-hub", "hub-", "a.b", "hüb", "a" * 64, "hub\n"]


@pytest.mark.parametrize("name", ["a", "hub", "rgwkit-registry", "h0", "a" * 63])
def test_good_names_pass(name):
    assert label("registry_name", name, starts_with_letter=True) == name
    assert is_subdomain(name) and is_subdomain(f"{name}.example.com")


@pytest.mark.parametrize("name", REFUSED)
def test_bad_names_are_refused_with_what_they_are_for(name):
    with pytest.raises(InputError, match=r"^registry_name: Kubernetes refuses the name"):
        label("registry_name", name)
    assert name == "a.b" or not is_subdomain(name)


def test_a_service_begins_with_a_letter_and_a_namespace_need_not():
    assert label("registry_kubernetes_namespace", "1st") == "1st"
    with pytest.raises(InputError, match="a letter first"):
        label("registry_name", "1st", starts_with_letter=True)


def test_a_host_s_name_is_as_long_as_dns_has_it():
    assert is_subdomain(".".join(["a" * 62] * 4)) and not is_subdomain(".".join(["a" * 63] * 4))
