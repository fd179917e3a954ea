# SPDX-License-Identifier: Apache-2.0
"""The global rate limits, and that a gateway which starts heeds them."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_rate_limits

from tests.integration.gateway import second_gateway
from tests.integration.rgw_users.helpers import swift_request

CAPS = "ratelimit=*"


@pytest.fixture
def limits(gateway, run_module, release):
    """Run the module; afterwards there is no limit again."""
    demo = gateway.demo
    admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
    if release >= 17:
        gateway.radosgw_admin("caps", "add", "--uid=demo", f"--caps={CAPS}")

    def run(check=False, **scopes):
        result = run_module(rgw_rate_limits, check=check, **admin, **scopes)
        assert demo.secret not in result.pop("printed")
        return result

    yield run
    if release >= 17:
        run(user={"enabled": False, "max_write_bytes": None}, anonymous={"enabled": False, "max_read_ops": None})
        gateway.radosgw_admin("caps", "rm", "--uid=demo", f"--caps={CAPS}")


def test_create_again_change_check(gateway, limits, release):
    if release < 17:
        result = limits(anonymous={"max_read_ops": 5})
        assert result["failed"] and "rate limits need Ceph 17" in result["msg"]
        return
    wanted = {"anonymous": {"max_read_ops": 5}, "user": {"max_write_bytes": "1MiB"}}
    assert limits(check=True, **wanted)["changed"]
    assert not limits(user={}, check=True)["changed"]
    first = limits(**wanted)
    assert (
        "anonymous.max_read_ops: 0 -> 5" in first["changes"] and "anonymous.enabled: false -> true" in first["changes"]
    )
    said = json.loads(gateway.radosgw_admin("global", "ratelimit", "get"))
    assert said["anonymous_ratelimit"]["max_read_ops"] == 5 and said["anonymous_ratelimit"]["enabled"] is True
    assert said["user_ratelimit"]["max_write_bytes"] == 1024**2
    assert said["bucket_ratelimit"]["enabled"] is False
    assert not limits(**wanted)["changed"]
    assert limits(anonymous={"max_read_ops": None})["changes"] == ["anonymous.max_read_ops: 5 -> 0"]


def test_a_gateway_that_starts_heeds_them(gateway, limits, release):
    if release < 17:
        pytest.skip("the refusal is tested above")
    limits(anonymous={"max_read_ops": 3})
    assert {swift_request("GET", gateway.demo.url, {})[0] for _ in range(10)} == {200}  # started before
    with second_gateway(gateway.demo) as url:
        seen = [swift_request("GET", url, {})[0] for _ in range(10)]
    assert 503 in seen


def test_without_the_cap_the_error_names_it(gateway, limits, release):
    if release < 17:
        pytest.skip("there is no such cap")
    gateway.radosgw_admin("caps", "rm", "--uid=demo", f"--caps={CAPS}")
    result = limits(anonymous={"max_read_ops": 5})
    gateway.radosgw_admin("caps", "add", "--uid=demo", f"--caps={CAPS}")
    assert result["failed"] and "needs the admin caps 'ratelimit=*'" in result["msg"]


@pytest.mark.parametrize("limit", [{"max_read_ops": -1}, {"max_write_bytes": "1 GB"}])
def test_what_is_no_limit_is_refused(limits, limit):
    assert "anonymous.max_" in limits(anonymous=limit)["msg"]
