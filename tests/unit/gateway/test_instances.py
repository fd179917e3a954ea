# SPDX-License-Identifier: Apache-2.0
"""What radosgw is told, and where it is asked: by frontend, address and TLS."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.host_port import host_port, near_host, url
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.instances import rgw_instances

PAIR = {"certificate": "/c.pem", "private_key": "/k.pem"}


@pytest.mark.parametrize(
    ("given", "text", "asked"),
    [
        ({}, "beast endpoint=0.0.0.0:80", "http://127.0.0.1:80"),
        ({"address": "::"}, "beast endpoint=[::]:80", "http://[::1]:80"),
        ({"address": "::1"}, "beast endpoint=[::1]:80", "http://[::1]:80"),
        ({"address": "[::1]"}, "beast endpoint=[::1]:80", "http://[::1]:80"),
        (PAIR, "beast ssl_endpoint=0.0.0.0:80 ssl_certificate=/c.pem ssl_private_key=/k.pem", "https://127.0.0.1:80"),
        ({**PAIR, "server_name": "gw.example"}, None, "https://gw.example:80"),
        ({"frontend": "civetweb"}, "civetweb port=0.0.0.0:80", "http://127.0.0.1:80"),
        ({"frontend": "civetweb", "address": "::1"}, "civetweb port=[::1]:80", "http://[::1]:80"),
        (
            {"frontend": "civetweb", "certificate": "/c.pem"},
            "civetweb port=0.0.0.0:80s ssl_certificate=/c.pem",
            "https://127.0.0.1:80",
        ),
    ],
)
def test_listeners(given, text, asked):
    (one,) = rgw_instances([{"name": "a", "port": 80, **given}], "h", {})
    assert text in (None, one["text"])
    assert one["url"] == asked


def test_names_and_options():
    (one,) = rgw_instances([{"name": "a", "port": 80, "frontend_options": {"b": 2}}], "h", {"b": 1, "a": 1})
    assert one["text"] == "beast endpoint=0.0.0.0:80 a=1 b=2"
    assert (one["entity"], one["loaded"]) == ("client.rgw.h.a", "/var/lib/ceph/radosgw/ceph-rgw.h.a/loaded")
    assert (one["container"], one["unit"]) == ("ceph-rgw.h.a", "ceph-radosgw@rgw.h.a.service")
    (one,) = rgw_instances(
        [{"name": "a", "port": 80, "frontend_options": {"B": True}}], "h", {"c": 1, "a": 1}, "/etc/gw"
    )
    assert one["frontend_args"] == ["a=1", "B=True", "c=1"]
    assert one["loaded"] == "/etc/gw/a.loaded"


def test_hosts_and_ports():
    assert [host_port(host, 1) for host in ("a", "::1", "[::1]", "")] == ["a:1", "[::1]:1", "[::1]:1", ":1"]
    assert [near_host(host) for host in ("*", "[::]", "192.0.2.1")] == ["127.0.0.1", "::1", "192.0.2.1"]
    assert url("::1", 1, "https", "/v2/") == "https://[::1]:1/v2/"
