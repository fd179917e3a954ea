# SPDX-License-Identifier: Apache-2.0
"""The demo user's record, its S3 signature, and the keyring: everything that is data."""

from __future__ import annotations

import base64
import datetime
import stat
import sys

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http import sigv4

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import bucket, demo_user, keyring
from ceph_demo.demo_user import Keys
from ceph_demo.settings import DemoUser
from ceph_demo.supervisor import Supervisor

KEYS = Keys("AK", "SK")
OSD_CAPS = {"mon": "allow profile osd", "osd": "allow *"}


def key(access_key: str, secret_key: str = "other", **extra: object) -> dict:
    return {"user": "demo", "access_key": access_key, "secret_key": secret_key, **extra}


class TestKeys:
    def test_given_ones_go_first_then_existing_ones(self):
        assert demo_user.keys_for(DemoUser("demo", "A", "S"), KEYS) == ("A", "S")
        assert demo_user.keys_for(DemoUser("demo", None, "S"), KEYS) == ("AK", "S")
        assert demo_user.keys_for(DemoUser("demo", None, None), KEYS) == KEYS

    def test_generated_ones_have_the_usual_form_and_differ(self):
        one, two = (demo_user.keys_for(DemoUser("demo", None, None)) for _ in range(2))
        assert (len(one.access_key), len(one.secret_key)) == (20, 40)
        assert not set(one) & set(two)

    @pytest.mark.parametrize(
        ("preferred", "found"),
        [(["B"], "B"), ([None, "A"], "A"), (["gone", "B"], "B"), ([None, None], "A")],
    )
    def test_current_key(self, preferred, found):
        record = {"keys": [key("A"), key("B")]}
        assert demo_user.current_keys(record, preferred).access_key == found

    def test_no_current_key(self):
        assert demo_user.current_keys({"keys": []}, ["A"]) is None


class TestRecord:
    def test_one_secret_for_s3_and_swift(self):
        record = demo_user.new_record("demo", KEYS)
        assert record["keys"] == [key("AK", "SK", active=True)]
        assert record["swift_keys"] == [{"user": "demo:swift", "secret_key": "SK", "active": True}]
        assert record["subusers"] == [{"id": "demo:swift", "permissions": "full-control"}]
        assert [caps["type"] for caps in record["caps"]] == ["buckets", "users", "usage", "metadata"]

    def test_new_keys_replace_the_made_ones_and_nothing_else(self):
        record = dict(demo_user.new_record("demo", KEYS), suspended=0, unknown={"x": 1})
        record["keys"].insert(0, key("THEIRS"))
        record["swift_keys"].append({"user": "demo:other", "secret_key": "theirs"})
        record["subusers"].append({"id": "demo:other", "permissions": "read"})
        before = repr(record)

        changed = demo_user.with_keys(record, Keys("AK2", "SK2"), replaced="AK")

        assert [(each["access_key"], each["secret_key"]) for each in changed["keys"]] == [
            ("THEIRS", "other"),
            ("AK2", "SK2"),
        ]
        assert {each["user"]: each["secret_key"] for each in changed["swift_keys"]} == {
            "demo:other": "theirs",
            "demo:swift": "SK2",
        }
        assert [each["id"] for each in changed["subusers"]] == ["demo:other", "demo:swift"]
        assert (changed["suspended"], changed["unknown"]) == (0, {"x": 1})
        assert repr(record) == before

    def test_a_user_that_was_not_made_here_keeps_its_keys(self):
        record = dict(demo_user.new_record("demo", KEYS), keys=[key("THEIRS")])
        changed = demo_user.with_keys(record, KEYS, replaced=None)
        assert [each["access_key"] for each in changed["keys"]] == ["THEIRS", "AK"]


def test_signature_is_the_one_of_the_admin_client():
    """Of another hand, and tested against Amazon's published examples."""
    now = datetime.datetime(2026, 5, 24, 1, 2, 3, tzinfo=datetime.timezone.utc)
    request = ("PUT", "/box", {}, {"host": "127.0.0.1:8080"}, b"")
    theirs = sigv4.signed_headers(*request, KEYS.access_key, KEYS.secret_key, now)
    ours = bucket.signed("PUT", "127.0.0.1:8080", "/box", KEYS, now.timetuple())
    assert ours["authorization"] == theirs["authorization"]


class TestKeyring:
    def test_round_trip(self, tmp_path):
        path = tmp_path / "keyring"
        ring = keyring.Keyring()
        ring["mon."] = keyring.Entity("AQBjx2FnAAAAABAA+w==", {"mon": "allow *"})
        ring["osd.0"] = keyring.Entity("AQBjx2FnAAAAABAA/w==", OSD_CAPS)
        ring.write(str(path))
        assert keyring.read(str(path)) == ring
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        "sample",
        [
            "AQBa/v9qQHfrLxAAejJ43i1KHRK7BxUHKL9+hQ==",  # of Ceph 14
            "AgBb/v9qz/tjHSAAIRml2nWSdlJ/vRPcFEHy0t3USr9ESdHpwq/ERRr4BjU=",  # of Ceph 20
        ],
    )
    def test_missing_keys_are_of_the_kind_that_the_release_makes(self, tmp_path, monkeypatch, sample):
        """A program of our own stands for ceph-authtool, whose output it repeats."""
        tool = tmp_path / "ceph-authtool"
        tool.write_text(f"#!/bin/sh\necho run >>{tmp_path}/runs\necho {sample}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        old = keyring.Entity("AQold==", {"mon": "allow *"})
        ring = keyring.Keyring({"mon.": old})

        ring.add({"mon.": {}, "osd.0": OSD_CAPS, "osd.1": OSD_CAPS}, Supervisor())
        ring.add({"mon.": {}, "osd.0": {}}, Supervisor())

        assert (ring["mon."], ring["osd.0"].caps) == (old, OSD_CAPS)
        keys = [base64.b64decode(key) for key in (ring["osd.0"].key, ring["osd.1"].key, sample)]
        assert len({key[:12] for key in keys}) == 1
        assert len({len(key) for key in keys}) == 1
        assert len({key[12:] for key in keys}) == 3
        assert (tmp_path / "runs").read_text() == "run\n"
