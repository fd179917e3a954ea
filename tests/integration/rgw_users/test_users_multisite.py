# SPDX-License-Identifier: Apache-2.0
"""Two zones of a realm, each with a gateway, on one cluster: users are written to the master zone, and only there."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_users

from tests.integration.gateway import running_gateway
from tests.integration.rgw_users.helpers import UsersGateway

ADMIN = (
    'user create --uid=sys --display-name=System --system --access-key=SYSTEM --secret="$SECRET" '
    '--caps="metadata=*;users=*;zone=read"'
)
SCRIPT = f"""
set -e
SECRET=$(cat /run/demo.key)
zone() {{
  radosgw-admin zone create --rgw-zonegroup=zg --rgw-zone=$1 --endpoints=http://127.0.0.1:$2 \
    --access-key=SYSTEM --secret="$SECRET" $3
}}
radosgw-admin realm create --rgw-realm=r --default
radosgw-admin zonegroup create --rgw-zonegroup=zg --endpoints=http://127.0.0.1:8081 --master --default
zone main 8081 "--master --default"
radosgw-admin {ADMIN}
zone other 8082
# What the zones' synchronisation would do in some time.
radosgw-admin --rgw-zone=other {ADMIN} --yes-i-really-mean-it
radosgw-admin period update --commit
name=$(tr '\\0' '\\n' </proc/$(pidof radosgw)/cmdline | grep '^client\\.')
radosgw --name "$name" --rgw-zone=main --rgw-frontends='beast port=8081'
radosgw --name "$name" --rgw-zone=other --rgw-frontends='beast port=8082'
"""


@pytest.fixture(scope="module")
def zones(tmp_path_factory):
    """A gateway of the master zone, and one of another zone."""
    with running_gateway(tmp_path_factory.mktemp("zones")) as demo:
        UsersGateway(demo).wait_until_ready()
        demo.run("bash", "-c", SCRIPT)
        template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        inspect = ["docker", "inspect", "--format", template, demo.container]
        address = subprocess.run(inspect, check=True, capture_output=True, text=True).stdout.strip()
        gateways = [replace(demo, host=address, port=port, access_key="SYSTEM") for port in (8081, 8082)]
        for gateway in gateways:
            UsersGateway(gateway).client(wait=60).read_user("sys")
        yield gateways


@pytest.fixture
def module(run_module):
    def run(demo, *users, **options):
        admin = {"endpoint": demo.url, "access_key": demo.access_key, "secret_key_file": str(demo.secret_file)}
        return run_module(rgw_users, **admin, users=list(users), **options)

    return run


def test_the_master_zone_takes_users(zones, module, uid):
    assert module(zones[0], {"uid": uid})["changed"]
    assert not module(zones[0], {"uid": uid})["changed"]


@pytest.mark.parametrize("check", [False, True])
def test_another_zone_is_refused(zones, module, uid, check):
    result = module(zones[1], {"uid": uid}, check=check)
    assert f"the gateway at {zones[1].url} is of zone 'other', which is not the metadata master" in result["msg"]
    assert not UsersGateway(zones[1]).knows(uid)
    assert not module(zones[1], {"uid": "sys"})["changed"]  # nothing to write, nothing wrong
