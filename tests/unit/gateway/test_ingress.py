# SPDX-License-Identifier: Apache-2.0
"""The services of an ingress: their backends, their files, and what speaks against them."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.ingress import (
    ingress_backends,
    ingress_files,
    ingress_objections,
    ingress_ports,
)

BACKEND = {"name": "one", "address": "192.0.2.1", "port": 8080}
SERVICE = {"name": "rgw", "type": "rgw", "port": 80, "backends": [BACKEND]}
PLACES = ("ingress", "/etc/ingress", "/run/ingress/admin.sock")


def test_backends_are_the_instances_of_all_hosts():
    hosts = {
        "a": {"ip": "192.0.2.1", "rgw_gateway_instances": [{"name": "x", "port": 1}, {"name": "y", "port": 2}]},
        "b": {"ip": "192.0.2.2", "rgw_gateway_instances": [{"name": "x", "port": 3}]},
    }
    assert ingress_backends(["a", "b"], hosts, "ip") == [
        {"name": "a-x", "address": "192.0.2.1", "port": 1},
        {"name": "a-y", "address": "192.0.2.1", "port": 2},
        {"name": "b-x", "address": "192.0.2.2", "port": 3},
    ]
    assert ingress_backends(["b"], hosts, "ip", 5000) == [{"name": "b", "address": "192.0.2.2", "port": 5000}]


def test_files_go_by_the_services_names():
    tls = {"certificate": "/c.pem", "key": "/k.pem"}
    services = [{**SERVICE, "tls": tls}, {**SERVICE, "name": "hub", "backend_tls": {"ca_file": "/ca.pem", "name": "h"}}]
    assert ingress_files(services) == {"rgw.pem": "/c.pem", "rgw.pem.key": "/k.pem", "hub.ca.pem": "/ca.pem"}
    assert ingress_files([SERVICE]) == {}


def test_ports_that_the_running_haproxy_holds_need_not_be_free():
    services = [SERVICE, {**SERVICE, "port": 8443}, {**SERVICE, "port": 81}, {**SERVICE, "port": 81}]
    loaded = (
        "frontend rgw\n  bind *:80\nfrontend hub\n  bind [2001:db8::1]:8443 ssl crt x\nbackend b\n  server s *:81\n"
    )
    free = {"purpose": "the ingress", "variable": "rgw_ingress_services"}
    assert ingress_ports(services, loaded) == [{"port": 81, **free}]
    assert [one["port"] for one in ingress_ports(services, "")] == [80, 8443, 81]


def test_nothing_speaks_against_sound_services():
    services = [SERVICE, {**SERVICE, "name": "hub", "port": 81, "check": {"path": "/v2/"}, "address": "2001:db8::1"}]
    assert ingress_objections(services, *PLACES) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "a\n  stats uri /open"}, "rgw_ingress_services has invalid values: a\n"),
        ({"address": "0.0.0.0 ssl"}, "invalid values: 0.0.0.0 ssl"),
        ({"check": {"path": "v2"}}, "invalid values: v2"),
        ({"backends": [{**BACKEND, "address": "h;x"}]}, "invalid values: h;x"),
        ({"backend_tls": {"name": "a b", "ca_file": "/c"}}, "invalid values: a b"),
        ({"backends": []}, "no backends for rgw."),
        ({"backends": [BACKEND, BACKEND]}, "has rgw/one more than once"),
    ],
)
def test_an_odd_value_is_named(change, said):
    (objection,) = ingress_objections([{**SERVICE, **change}], *PLACES)
    assert said in objection and "Next: " in objection


def test_each_variable_is_named_as_itself():
    objections = ingress_objections([], "a b", "etc", "/run/x y")
    assert [one.split(" has ")[0] for one in objections[:3]] == [
        "rgw_ingress_name",
        "rgw_ingress_dir",
        "rgw_ingress_socket",
    ]
    assert objections[3].startswith("no backends for any service")


def test_two_services_of_one_port_are_named():
    (objection,) = ingress_objections([SERVICE, {**SERVICE, "name": "hub"}], *PLACES)
    assert "*:80 more than once" in objection
