# SPDX-License-Identifier: Apache-2.0
"""The environment of the demo container: what each variable does, and what is said of a bad value."""

from __future__ import annotations

import socket
import sys

import pytest

from tests.playbooks import PROJECT

sys.path.insert(0, str(PROJECT / "images" / "ceph-demo"))

from ceph_demo import frontend, settings
from ceph_demo.errors import DemoError

CANARY = "canary-5f2c"


def read(**environment: str) -> settings.Settings:
    return settings.read(environment)


def refusal(**environment: str) -> str:
    with pytest.raises(DemoError) as refused:
        read(**environment)
    return str(refused.value)


def test_defaults():
    assert read() == settings.Settings(
        mon_ip="127.0.0.1",
        mon_port=3300,
        public_network="127.0.0.0/8",
        osd_count=1,
        objectstore="bluestore",
        daemons=frozenset(("mon", "mgr", "osd", "rgw")),
        rgw_name=socket.gethostname().split(".")[0],
        frontend=frontend.Frontend("beast", "beast endpoint=0.0.0.0:8080 tcp_nodelay=1", "0.0.0.0", 8080, False),
        rgw_options={},
        user=None,
        bucket=None,
    )


def test_an_empty_variable_is_one_that_is_not_set():
    names = ("MON_IP", "CEPH_PUBLIC_NETWORK", "CEPH_DEMO_UID", "CEPH_DEMO_SECRET_KEY", "RGW_FRONTEND", "OSD_COUNT")
    assert read(**dict.fromkeys(names, " ")) == read()


def test_plain_values():
    given = read(MON_PORT="3301", OSD_COUNT="3", OSD_OBJECTSTORE="memstore", RGW_NAME="gw.1-a")
    assert (given.mon_port, given.osd_count, given.objectstore, given.rgw_name) == (3301, 3, "memstore", "gw.1-a")


class TestNetwork:
    def test_any_loopback_address_is_this_container(self):
        given = read(MON_IP="127.0.0.7")
        assert (given.mon_ip, given.public_network) == ("127.0.0.7", "127.0.0.0/8")

    def test_given_network(self):
        assert read(CEPH_PUBLIC_NETWORK="127.0.0.1/16").public_network == "127.0.0.0/16"

    def test_detected_address_goes_before_the_given_one(self):
        found = settings.network.detect(4)
        if found is None:
            assert "NETWORK_AUTO_DETECT=4" in refusal(NETWORK_AUTO_DETECT="4")
        else:
            given = read(NETWORK_AUTO_DETECT="4", MON_IP="127.0.0.1", CEPH_PUBLIC_NETWORK="127.0.0.0/8")
            assert (given.mon_ip, given.public_network) == (str(found.ip), str(found.network))

    @pytest.mark.parametrize(
        ("environment", "said"),
        [
            ({"MON_IP": "localhost"}, "MON_IP=localhost: an IP address is needed"),
            ({"MON_IP": "192.0.2.9"}, "MON_IP=192.0.2.9: not an address of this container, which has 127.0.0.1"),
            ({"CEPH_PUBLIC_NETWORK": "10.0.0.0/33"}, "CEPH_PUBLIC_NETWORK=10.0.0.0/33: a network such as"),
            ({"CEPH_PUBLIC_NETWORK": "10.0.0.0/24"}, "=10.0.0.0/24: MON_IP=127.0.0.1 is outside this network"),
            ({"NETWORK_AUTO_DETECT": "2"}, "NETWORK_AUTO_DETECT=2: one of 0, 1, 4, 6 is needed"),
        ],
    )
    def test_bad_values(self, environment, said):
        assert said in refusal(**environment)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MON_PORT": "0"}, "MON_PORT=0: a whole number from 1 to 65535"),
        ({"RGW_FRONTEND_PORT": "80a"}, "RGW_FRONTEND_PORT=80a: a whole number from 1 to 65535"),
        ({"RGW_FRONTEND_PORT": "3300"}, "RGW_FRONTEND_PORT=3300: that is the monitor's port"),
        ({"OSD_COUNT": "-1"}, "OSD_COUNT=-1: a whole number from 1 to 16"),
        ({"OSD_COUNT": "17"}, "OSD_COUNT=17"),
        ({"OSD_OBJECTSTORE": "filestore"}, "OSD_OBJECTSTORE=filestore: one of bluestore, memstore is needed"),
        ({"RGW_NAME": "a b"}, "RGW_NAME=a b: letters"),
        ({"RGW_FRONTEND_TYPE": "fastcgi"}, "RGW_FRONTEND_TYPE=fastcgi: one of beast, civetweb is needed"),
        ({"RGW_FRONTEND_IP": "here"}, "RGW_FRONTEND_IP=here: an IP address is needed"),
        ({"RGW_FRONTEND_OPTIONS": "a=1\nb=2"}, "RGW_FRONTEND_OPTIONS: a line break"),
        ({"RGW_FRONTEND": "loadgen port=80"}, "=loadgen port=80: the value must begin with beast or civetweb"),
        ({"RGW_FRONTEND": "beast tcp_nodelay=1"}, "RGW_FRONTEND=beast tcp_nodelay=1: the value must name a listener"),
        ({"DEMO_DAEMONS": "osd,rgw,mds"}, "DEMO_DAEMONS=osd,rgw,mds: mds cannot be run here"),
        ({"DEMO_DAEMONS": "rgw"}, "DEMO_DAEMONS=rgw: rgw needs osd"),
        ({"DEMO_DAEMONS": "osd", "CEPH_DEMO_UID": "demo"}, "CEPH_DEMO_UID=demo: a user needs the gateway"),
        ({"CEPH_DEMO_BUCKET": "box"}, "CEPH_DEMO_BUCKET=box: a bucket needs its owner; set CEPH_DEMO_UID"),
        ({"CEPH_DEMO_BUCKET": "a/b", "CEPH_DEMO_UID": "demo"}, "CEPH_DEMO_BUCKET=a/b: 3 to 255"),
        ({"CEPH_DEMO_UID": "a:b"}, "CEPH_DEMO_UID=a:b: white space"),
        ({"CEPH_DEMO_UID": "demo", "CEPH_DEMO_ACCESS_KEY": "a/b"}, "CEPH_DEMO_ACCESS_KEY: only letters"),
    ],
)
def test_bad_values(environment, said):
    assert said in refusal(**environment)


@pytest.mark.parametrize(
    ("text", "daemons"),
    [
        ("all", {"mon", "mgr", "osd", "rgw"}),
        ("osd", {"mon", "mgr", "osd"}),
        ("rgw,osd", {"mon", "mgr", "osd", "rgw"}),
        ("osd rgw,mon", {"mon", "mgr", "osd", "rgw"}),
        ("mon", {"mon", "mgr"}),
    ],
)
def test_daemons(text, daemons):
    assert read(DEMO_DAEMONS=text).daemons == daemons


class TestFrontend:
    def test_composed(self):
        given = read(RGW_FRONTEND_IP="127.0.0.2", RGW_FRONTEND_PORT="81", RGW_FRONTEND_OPTIONS="request_timeout_ms=9")
        assert given.frontend.text == "beast endpoint=127.0.0.2:81 tcp_nodelay=1 request_timeout_ms=9"
        assert given.frontend.listener == "127.0.0.2:81"

    def test_nodelay_can_be_switched_off(self):
        assert read(RGW_FRONTEND_OPTIONS="tcp_nodelay=0").frontend.text == "beast endpoint=0.0.0.0:8080 tcp_nodelay=0"

    def test_civetweb(self):
        given = read(RGW_FRONTEND_TYPE="civetweb", RGW_FRONTEND_OPTIONS="num_threads=9").frontend
        assert given.text == "civetweb port=0.0.0.0:8080 num_threads=9"
        given.check_release(16)
        with pytest.raises(DemoError, match=r"RGW_FRONTEND_TYPE=civetweb: Ceph 17 has no civetweb.*use beast"):
            given.check_release(17)

    def test_ipv6(self):
        given = read(RGW_FRONTEND_IP="[::]").frontend
        assert (given.text, given.near_address) == ("beast endpoint=[::]:8080 tcp_nodelay=1", "::1")

    @pytest.mark.parametrize(
        ("text", "address", "port", "tls"),
        [
            ("beast port=80", "0.0.0.0", 80, False),
            ("beast tcp_nodelay=0 endpoint=127.0.0.1:81", "127.0.0.1", 81, False),
            ("beast endpoint=[::1]:82", "::1", 82, False),
            ("beast ssl_certificate=/c.pem ssl_port=443", "0.0.0.0", 443, True),
            ("beast ssl_endpoint=10.1.1.1:444", "10.1.1.1", 444, True),
            ("civetweb port=127.0.0.1:83", "127.0.0.1", 83, False),
            ("civetweb port=445s ssl_certificate=/c.pem", "0.0.0.0", 445, True),
            ("civetweb port=80+445s", "0.0.0.0", 80, False),
        ],
    )
    def test_override(self, text, address, port, tls):
        given = read(RGW_FRONTEND=text, RGW_FRONTEND_PORT="9999").frontend
        assert given == frontend.Frontend(text.split()[0], text, address, port, tls)


class TestUser:
    def test_given(self):
        keys = {"CEPH_DEMO_ACCESS_KEY": "AK", "CEPH_DEMO_SECRET_KEY": "s/k+"}
        given = read(CEPH_DEMO_UID="demo", CEPH_DEMO_BUCKET="box", **keys)
        assert (given.user, given.bucket) == (settings.DemoUser("demo", "AK", "s/k+"), "box")

    def test_keys_are_optional_and_without_uid_there_is_no_user(self):
        assert read(CEPH_DEMO_UID="demo").user == settings.DemoUser("demo", None, None)
        assert read(CEPH_DEMO_ACCESS_KEY="AK", CEPH_DEMO_SECRET_KEY="SK").user is None

    def test_secret_from_a_file(self, tmp_path):
        path = tmp_path / "secret"
        path.write_text(f"{CANARY}\n")
        given = read(CEPH_DEMO_UID="demo", CEPH_DEMO_SECRET_KEY_FILE=str(path))
        assert given.user == settings.DemoUser("demo", None, CANARY)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"\n", "the file is empty"),
            (f"{CANARY} {CANARY}".encode(), "printable ASCII without white space is needed"),
            (CANARY.encode() + b"\xc3\xa9", "the file holds more than ASCII text"),
        ],
    )
    def test_bad_file(self, tmp_path, content, said):
        path = tmp_path / "secret"
        path.write_bytes(content)
        message = refusal(CEPH_DEMO_UID="demo", CEPH_DEMO_SECRET_KEY_FILE=str(path))
        assert message == f"CEPH_DEMO_SECRET_KEY_FILE={path}: {said}"

    def test_missing_file(self, tmp_path):
        message = refusal(CEPH_DEMO_UID="demo", CEPH_DEMO_SECRET_KEY_FILE=str(tmp_path / "none"))
        assert "the file cannot be read: No such file or directory" in message

    def test_both_secrets(self):
        message = refusal(CEPH_DEMO_UID="demo", CEPH_DEMO_SECRET_KEY=CANARY, CEPH_DEMO_SECRET_KEY_FILE="/x")
        assert "are both set; give one of them" in message
        assert CANARY not in message

    def test_bad_secret_is_not_shown(self):
        message = refusal(CEPH_DEMO_UID="demo", CEPH_DEMO_SECRET_KEY=f"{CANARY}\tx")
        assert message == "CEPH_DEMO_SECRET_KEY: printable ASCII without white space is needed"


def test_options_of_the_gateway():
    assert read(RGW_OPTIONS='{"rgw_keystone_url": "https://k:5000"}').rgw_options == {
        "rgw_keystone_url": "https://k:5000"
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rgw_x=1", "a JSON object such as"),
        ('["rgw_x"]', "whose values are texts"),
        ('{"rgw_x": 1}', "whose values are texts"),
        ('{"rgw x": "1"}', "'rgw x' is no name"),
        ('{"rgw_x": "a\\nb"}', "the value of rgw_x has a character"),
        ('{"rgw_x": "a # b"}', "the value of rgw_x has a character"),
    ],
)
def test_bad_options_of_the_gateway(text, said):
    assert said in refusal(RGW_OPTIONS=text)
