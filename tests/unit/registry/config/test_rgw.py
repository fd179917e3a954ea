# SPDX-License-Identifier: Apache-2.0
"""What a storage driver and a gateway have to agree on, where the types are right."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.validator import validate

S3 = {
    "regionendpoint": "http://rgw.example:8080",
    "region": "default",
    "bucket": "registry",
    "accesskey": "a",
    "secretkey": "b",
}


def places(version="2.8", **changed):
    by_path = {} if version == "2.8" else {"forcepathstyle": True}
    config = {
        "version": "0.1",
        "storage": {"s3": {**S3, **by_path, **changed}, "redirect": {"disable": True}},
        "http": {"addr": ":5000", "secret": "s"},
    }
    return [(finding.place, finding.severity) for finding in validate(config, version)]


@pytest.mark.parametrize("version", ["2.8", "3.1"])
def test_an_endpoint_without_a_scheme_is_one_with_https(version):
    wrong = [("storage.s3.regionendpoint", "warning")]
    assert places(version) == places(version, regionendpoint="https://rgw.example") == []
    assert places(version, regionendpoint="rgw.example:8080") == wrong
    assert places(version, regionendpoint="rgw.example:8080", secure=True) == wrong
    assert places(version, regionendpoint="rgw.example:8080", secure=False) == []


@pytest.mark.parametrize("version", ["2.8", "3.1"])
def test_a_region_chooses_no_placement(version):
    assert places(version, region="default:fast") == [("storage.s3.region", "warning")]
