# SPDX-License-Identifier: Apache-2.0
"""Whether projects share the names of containers and buckets, by what the role writes for each choice."""

from __future__ import annotations

import boto3
import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.options import keystone_options
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.integration.gateway import running_gateway
from tests.keystone.gateway import gateway_on

pytestmark = pytest.mark.long

TENANTS = "rgw_keystone_implicit_tenants"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as demo:
        yield demo


@pytest.mark.parametrize(
    ("choice", "swift_apart", "s3_apart"),
    [("none", False, False), ("both", True, True), ("s3", False, True), ("swift", True, False)],
)
def test_names_of_projects(keystone, cluster, choice, swift_apart, s3_apart):
    option = keystone_options({"url": "https://k", "user": "rgw", "implicit_tenants": choice})[TENANTS]
    identity = keystone.identity
    with gateway_on(keystone, cluster, **{TENANTS: option}) as gateway:
        first, second = (identity.person("member") for _place in range(2))
        answers = [_swift(gateway.url, identity.token_of(one), f"swift-{choice}") for one in (first, second)]
        assert answers == [201, 201 if swift_apart else 409]
        answers = [_s3(gateway.url, identity.ec2_credential(one), f"s3-{choice}") for one in (first, second)]
        assert answers == [200, 200 if s3_apart else 409]


def _swift(url: str, token: str, name: str) -> int:
    return requests.put(f"{url}/swift/v1/{name}", headers={"X-Auth-Token": token}, timeout=60).status_code


def _s3(url: str, credential: tuple[str, str], name: str) -> int:
    client = boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=credential[0],
        aws_secret_access_key=credential[1],
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
    )
    try:
        return client.create_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"]
