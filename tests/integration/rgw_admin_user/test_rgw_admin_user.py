# SPDX-License-Identifier: Apache-2.0
"""The first administrator, made by radosgw-admin in the gateway's container."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph.tool import command_prefix
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.radosgw_admin import RgwAdminCli
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_admin_user, rgw_users

from tests.integration.gateway import running_gateway
from tests.integration.rgw_users.helpers import UsersGateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("gateway")) as gateway:
        UsersGateway(gateway).wait_until_ready()
        yield gateway


@pytest.fixture
def admin(run_module, gateway, tmp_path):
    """Runs the module for an administrator of this test."""
    secret_file = tmp_path / "first.secret"

    def run(**options):
        params = {"via": "container", "container": gateway.container, "uid": "first", **options}
        if options.get("state") != "absent":
            params.update(access_key="FIRST", secret_file=str(secret_file))
        result = run_module(rgw_admin_user, **params)
        assert not result.get("failed"), result
        assert not secret_file.exists() or secret_file.read_text().strip() not in result["printed"]
        return result

    run.secret_file = secret_file
    return run


def test_create_again_change_check_absent_again(admin, run_module, gateway):
    assert admin(check=True)["changed"] and not admin.secret_file.exists()
    assert admin()["changed"]
    assert not admin()["changed"]
    connection = {"endpoint": gateway.url, "access_key": "FIRST", "secret_key_file": str(admin.secret_file)}
    made = run_module(rgw_users, users=[{"uid": "by-the-first"}], **connection)
    assert made["changed"], made
    assert admin(caps={"users": "read"})["users"][0]["changes"] == ['caps.users: "*" -> "read"']
    assert admin(state="absent")["changed"]
    assert not admin(state="absent")["changed"]


def test_a_container_that_is_not_there_is_named(run_module, tmp_path):
    params = {"uid": "a", "access_key": "a", "secret_file": str(tmp_path / "s")}
    result = run_module(rgw_admin_user, via="container", container="rgwkit-test-none", **params)
    assert "Could not read user 'a' by docker exec --interactive rgwkit-test-none radosgw-admin" in result["msg"]
    assert "Is the container's name right" in result["msg"]


def test_parts_are_removed_once_and_for_all(gateway):
    """What rgw_users.reconcile asks of the command line; the second time nothing is there, which is no error."""
    cli = RgwAdminCli(command_prefix("container", gateway.container, "docker"), timeout=30)
    data = {
        "user_id": "parts",
        "display_name": "P",
        "keys": [{"user": "parts", "access_key": "PARTS", "secret_key": "p" * 20}],
        "subusers": [{"id": "parts:swift", "permissions": "read"}],
        "swift_keys": [{"user": f"parts:{name}", "secret_key": "p" * 20} for name in ("swift", "gone")],
    }
    cli.write_user("parts", {"ver": {"ver": 1}, "data": data})
    for _time in range(2):
        cli.remove_key("parts", "PARTS")
        cli.remove_subuser("parts", "swift")
        cli.remove_swift_key("parts", "gone")
        record = cli.read_user("parts")["data"]
        assert [record[part] for part in ("keys", "subusers", "swift_keys")] == [[], [], []]
    assert [cli.remove_user("parts", purge_data=True) for _time in range(2)] == [True, False]
