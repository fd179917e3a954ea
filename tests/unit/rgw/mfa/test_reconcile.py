# SPDX-License-Identifier: Apache-2.0
"""Which devices a user has after a run, and what is stored for that."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.mfa.device import Device
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.mfa.reconcile import plan_user, report
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.mfa.spec import parse_users

ONE, TWO, IDLE = (Device(serial, serial.encode() * 8, 30, 2) for serial in ("one", "two", "idle"))


def planned(devices, serials=("one", "two"), **options):
    (user,) = parse_users([{"uid": "u", "devices": devices, **options}])
    return plan_user(user, serials, {device.serial: device for device in (ONE, TWO, IDLE)})


def test_what_is_not_listed_stays():
    plan = planned([{"serial": "one"}])
    assert not plan.changed and plan.after == {"one": ONE, "two": TWO}


def test_purging_takes_what_counts_and_leaves_what_does_not():
    plan = planned([{"serial": "one"}], purge=True)
    assert plan.after == {"one": ONE}
    # A device that the user's record does not name is somebody else's business.
    assert plan.to_store == {"one": ONE, "idle": IDLE}


def test_a_device_that_does_not_count_comes_to_count():
    plan = planned([{"serial": "idle"}])
    assert plan.changed and plan.after == {"idle": IDLE, "one": ONE, "two": TWO}
    assert plan.to_store == plan.stored


def test_no_key_is_in_the_report():
    plan = planned([{"serial": "one", "seed": "ab" * 20, "seed_type": "hex"}, {"serial": "two", "state": "absent"}])
    said = report([plan], with_diff=True)
    assert said["users"][0]["changes"] == ["device one: new seed", "device two: removed"]
    assert "ab" * 20 not in str(said) and "oneone" not in str(said)
