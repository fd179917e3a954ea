# SPDX-License-Identifier: Apache-2.0
"""The gateway hosts as their administrator sees them."""

from __future__ import annotations


def _entity(host):
    return f"rgw.{host.check_output('hostname')}.a"


def test_the_unit_runs_and_starts_at_boot(host):
    unit = host.service(f"ceph-radosgw@{_entity(host)}")
    assert unit.is_running and unit.is_enabled


def test_its_key_is_for_its_user_only(host):
    keyring = host.file(f"/var/lib/ceph/radosgw/ceph-{_entity(host)}/keyring")
    assert (keyring.mode, keyring.user) == (0o600, "ceph")


def test_no_administrator_s_keyring_came_along(host):
    assert not host.file("/etc/ceph/ceph.client.admin.keyring").exists


def test_keys_of_users_are_for_root_only(host):
    assert host.file("/etc/rgwkit/gateway").mode == 0o700
    for name in ("admin.secret", "verify.secret"):
        assert host.file(f"/etc/rgwkit/gateway/{name}").mode == 0o600


def test_it_listens_where_it_was_told_to(host):
    assert host.socket("tcp://0.0.0.0:8443").is_listening
