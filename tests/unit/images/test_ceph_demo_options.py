# SPDX-License-Identifier: Apache-2.0
"""The demo's ceph.conf, as Ceph would read it: sections of `name = value`."""

from __future__ import annotations

import configparser
import sys

import pytest

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import options, settings
from ceph_demo.state import State


def conf(**environment: str) -> configparser.ConfigParser:
    state = State({"fsid": "6f8cb5f2-0b0e-4d52-9c0e-3a2f7a5d1b11", "objectstore": "bluestore"})
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(options.text(settings.read({"RGW_NAME": "gw", **environment}), state))
    return parser


def test_sections_are_those_of_the_daemons():
    assert conf().sections() == ["global", "mon", "mgr", "osd", "client", "client.rgw.gw"]


def test_addresses():
    common = conf(MON_IP="127.0.0.3", MON_PORT="3301")["global"]
    assert common["fsid"] == "6f8cb5f2-0b0e-4d52-9c0e-3a2f7a5d1b11"
    assert common["mon host"] == "[v2:127.0.0.3:3301/0]"
    assert (common["public addr"], common["public network"]) == ("127.0.0.3", "127.0.0.0/8")
    assert (common["ms bind ipv4"], common["ms bind ipv6"]) == ("true", "false")


def test_ipv6_addresses():
    if settings.network.own_network("::1") is None:
        pytest.skip("this machine has no IPv6")
    common = conf(MON_IP="[::1]")["global"]
    assert common["mon host"] == "[v2:[::1]:3300/0]"
    assert (common["ms bind ipv4"], common["ms bind ipv6"]) == ("false", "true")


def test_objectstore_and_frontend_come_from_the_environment():
    parser = conf(OSD_OBJECTSTORE="memstore", RGW_FRONTEND_PORT="81")
    assert parser["osd"]["osd objectstore"] == "memstore"
    assert parser["client.rgw.gw"]["rgw frontends"] == "beast endpoint=0.0.0.0:81 tcp_nodelay=1"


def test_options_of_the_gateway_are_in_its_section():
    parser = conf(RGW_OPTIONS='{"rgw_keystone_accepted_roles": "member,admin"}')
    assert parser["client.rgw.gw"]["rgw_keystone_accepted_roles"] == "member,admin"


def test_object_names_are_never_shortened():
    """A registry's paths pass 256 bytes, and a demo on ext4 once cut them there."""
    assert not [name for section in conf().values() for name in section if "name len" in name]


def test_secrets_are_not_part_of_it():
    environment = {"CEPH_DEMO_UID": "demo", "CEPH_DEMO_ACCESS_KEY": "AK", "CEPH_DEMO_SECRET_KEY": "canary-5f2c"}
    state = State({"fsid": "f", "objectstore": "bluestore"})
    assert "canary-5f2c" not in options.text(settings.read(environment), state)
