# SPDX-License-Identifier: Apache-2.0
"""Panics of a registry at its start, and what they mean."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.panics import registry_panic


@pytest.mark.parametrize(
    ("panic", "meaning"),
    [
        ("panic: Failed to create (Operation forbidden)", "The container belongs to another user"),
        ("panic: swift authentication failed: Operation forbidden", "knows no such swift user"),
        ('panic: Get "https://hub/v2/": x509: certificate signed by unknown authority', "registry_proxy.remoteurl"),
        ('panic: Get "http://hub/v2/": dial tcp 10.0.0.1:80: connect: connection refused', "registry_proxy.remoteurl"),
        ('panic: Get "https://gw/": x509: certificate signed by unknown authority', "certificate is not trusted"),
    ],
)
def test_a_known_panic_is_explained(panic, meaning):
    said = f"the registry ended:\n  {panic}\n\ngoroutine 1 [running]:"
    explained = registry_panic(said)
    assert explained.startswith(f"{panic}. ") and meaning in explained and "Next: " in explained
    assert "\n" not in explained


def test_an_unknown_panic_is_shown_alone_and_no_panic_is_shown_whole():
    assert registry_panic("x\npanic: something else\ny") == "panic: something else"
    assert registry_panic("level=fatal msg=x") == "level=fatal msg=x"
