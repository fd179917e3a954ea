# SPDX-License-Identifier: Apache-2.0
"""A gateway in a container beside the packaged one: from Ceph 14 to 16, not to 18 before its OSDs, to the package."""

from __future__ import annotations

import pytest

from tests.playbooks import unchanged

CONTAINER = "ceph-rgw.rgw1.old"
UNIT = "ceph-radosgw@rgw.rgw1.old"
GATEWAY = {
    "rgw_gateway_runtime": "docker",
    "rgw_gateway_image_pull": "never",
    "rgw_gateway_instances": [{"name": "old", "port": 8090}],
    "rgw_gateway_ingress_service": "",
    # The other instance has its own.
    "rgw_gateway_dir": "/etc/rgwkit/old",
    "rgw_gateway_admin_uid": "rgwkit-old",
    "rgw_gateway_verify_uid": "rgwkit-old-verify",
}
ONE_HOST = ("--limit", "mons:rgw1")


@pytest.fixture(scope="module")
def gateway(cluster):
    """The gateway of Ceph 14, on a host whose docker daemon has the images of both releases."""
    for release in ("14", "16", "18"):
        cluster.give_image("rgw1", f"rgwkit/ceph:{release}")
    try:
        cluster.play("gateway", *ONE_HOST, **GATEWAY, rgw_gateway_image="rgwkit/ceph:14")
        yield cluster
    finally:
        cluster.play("gateway", *ONE_HOST, **GATEWAY, rgw_gateway_state="absent", rgw_gateway_remove_data=True)


def version(cluster):
    return cluster.run("rgw1", f"docker exec {CONTAINER} radosgw --version")


def test_a_second_run_changes_nothing(gateway):
    assert "ceph version 14." in version(gateway)
    assert unchanged(gateway.play("gateway", *ONE_HOST, **GATEWAY, rgw_gateway_image="rgwkit/ceph:14"))


def test_a_newer_image_is_taken_and_proven(gateway):
    output = gateway.play("upgrade", *ONE_HOST, **GATEWAY, rgw_gateway_image="rgwkit/ceph:16")
    assert "Authenticate, put, head and delete at the gateway's own address" in output
    assert "ceph version 16." in version(gateway)


def test_an_image_that_is_newer_than_the_osds_is_refused(gateway):
    before = gateway.run("rgw1", f"docker inspect --format '{{{{.Id}}}}' {CONTAINER}")
    play = gateway.begin("upgrade", *ONE_HOST, **GATEWAY, rgw_gateway_image="rgwkit/ceph:18")
    output = " ".join(play.wait().split())
    assert play.process.returncode != 0 and "and OSDs are 16." in output and "install a gateway of Ceph 16" in output
    assert gateway.run("rgw1", f"docker inspect --format '{{{{.Id}}}}' {CONTAINER}") == before


def test_it_moves_from_its_container_to_the_package_and_back(gateway):
    gateway.play("gateway", *ONE_HOST, **{**GATEWAY, "rgw_gateway_runtime": "package"})
    assert CONTAINER not in gateway.run("rgw1", "docker ps --all --format '{{.Names}}'")
    assert gateway.run("rgw1", f"systemctl is-enabled {UNIT}; systemctl is-active {UNIT}") == "enabled\nactive"
    assert unchanged(gateway.play("gateway", *ONE_HOST, **{**GATEWAY, "rgw_gateway_runtime": "package"}))
    gateway.play("gateway", *ONE_HOST, **GATEWAY, rgw_gateway_image="rgwkit/ceph:16")
    assert (
        gateway.run("rgw1", f"systemctl is-enabled {UNIT}; systemctl is-active {UNIT} || true") == "disabled\ninactive"
    )
    assert "ceph version 16." in version(gateway)
