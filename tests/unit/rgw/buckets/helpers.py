# SPDX-License-Identifier: Apache-2.0
"""What tests of buckets share."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError


def refusal(run, *entries, **options):
    with pytest.raises(InputError) as caught:
        run(*entries, **options)
    assert str(caught.value).startswith("buckets[")
    return str(caught.value)


class Chown:
    def __init__(self, gateway, fails=()):
        self.gateway = gateway
        self.fails = list(fails)
        self.calls = []

    def __call__(self, key, uid):
        self.calls.append((key, uid))
        if self.fails:
            raise self.fails.pop()
        self.gateway.objects[key] = dict.fromkeys(self.gateway.objects[key], uid)
