# SPDX-License-Identifier: Apache-2.0
"""A gateway with two owners, and the engine pointed at it."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.client import BucketClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.reconcile import reconcile
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.report import report
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.spec import parse_buckets

from tests.unit.rgw.buckets.bucket_gateway import BucketGateway
from tests.unit.rgw.gateway_double import running_gateway


@pytest.fixture
def gateway():
    with running_gateway(BucketGateway) as gateway:
        gateway.add_owner("al")
        gateway.add_owner("bo")
        yield gateway


@pytest.fixture
def run(gateway):
    def run(*entries, check_mode=False, registrys=(), **options):
        buckets = parse_buckets(entries, registrys)

        def connect():
            return BucketClient(gateway.endpoint, Login("A", "s"), timeout=2, wait=0)

        del gateway.requests[:]
        return report(reconcile(connect, buckets, check_mode, parallel=4, **options))

    return run
