# SPDX-License-Identifier: Apache-2.0
"""What the validator says about a configuration; tests/integration/registry_config holds it against real registries."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.findings import ERROR, WARNING, counted
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema import VERSIONS, Each, Section
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema_sections import CONFIG
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema_values import duration
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.validator import validate
from hypothesis import given
from hypothesis import strategies as st

RIGHT = {
    "version": "0.1",
    "storage": {"inmemory": {}, "redirect": {"disable": True}},
    "http": {"addr": ":5000", "secret": "s"},
}


def said(config, version="2.8"):
    return {finding.place: finding for finding in validate({**RIGHT, **config}, version)}


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_is_said_of_what_is_right(version):
    assert validate(RIGHT, version) == []


@pytest.mark.parametrize("config", [None, {}, [], "storage", 5])
def test_what_is_no_configuration(config):
    assert [finding.severity for finding in validate(config, "2.8")] == [ERROR]


@pytest.mark.parametrize(
    ("config", "path", "fix"),
    [
        ({"storge": {}}, "storge", "did you mean storage?"),
        ({"blobdescriptor": "inmemory"}, "blobdescriptor", "it belongs to storage.cache.blobdescriptor"),
        ({"http": {"addr": ":1", "secret": "s", "Host": "h"}}, "http.Host", "did you mean host?"),
        ({"catalog": {"x": 1}}, "catalog.x", "remove it; here belong maxentries"),
        ({"log": {"hooks": [{}, {"typ": "mail"}]}}, "log.hooks[1].typ", "did you mean type?"),
    ],
)
def test_an_unknown_key_comes_with_the_one_that_was_meant(config, path, fix):
    assert said(config)[path].remedy == fix


def test_a_key_of_another_version_comes_with_what_to_write_instead():
    assert said({"redis": {"addr": "h:1"}}, "3.0")["redis.addr"].remedy == "write addrs: [host:port]"
    assert said({"redis": {"addrs": ["h:1"]}}, "2.8")["redis.addrs"].what == "only registry 3.0 and later have it"
    assert said({"redis": {"tls": {"rootcas": []}}}, "3.0")["redis.tls.rootcas"].remedy == "call it clientcas"


@pytest.mark.parametrize(
    ("name", "severities"),
    [("a", [WARNING]), ("ab", [WARNING]), ("a/b", [ERROR]), (".ab", [ERROR]), (256 * "a", [ERROR]), (255 * "a", [])],
)
def test_a_containers_name_is_one_that_the_gateway_takes(name, severities):
    login = {"username": "u:s", "password": "p", "authurl": "http://h/auth/v1"}
    storage = {"swift": {**login, "container": name}, "redirect": {"disable": True}}
    assert [finding.severity for finding in validate({**RIGHT, "storage": storage}, "2.8")] == severities


def test_swift_parameters_may_be_written_in_capitals():
    parameters = {"UserName": "u:s", "PASSWORD": "p", "AuthURL": "http://h/auth/v1", "container": "abc", "Chunksize": 1}
    found = validate({**RIGHT, "storage": {"swift": parameters, "redirect": {"disable": True}}}, "2.8")
    assert [finding.place for finding in found] == ["storage.swift.Chunksize"]


@pytest.mark.parametrize("value", ["10s", "1h30m", "1.5h", ".5s", "0", "-1s", "100µs", 0])
def test_durations(value):
    assert duration(value) is None


@pytest.mark.parametrize("value", ["10", "1d", "10 s", "s", "", 10, 1.5, True, ["10s"], {}])
def test_no_durations(value):
    assert duration(value)


def test_a_key_without_a_value_may_be_the_rest_of_a_secret():
    assert "http.?" in said({"http": {"addr": ":1", "secret": "one", "two": None}})


CANARY = "hunter2"
VALUES = st.sampled_from([CANARY, [CANARY], {"name": CANARY}, {"name": [CANARY]}, [[CANARY]], [{"name": CANARY}]])


def places(section, path=()):
    """Every place of the schema."""
    for name, key in section.keys.items():
        yield (*path, name)
        node = key.node.node if isinstance(key.node, Each) else key.node
        if isinstance(node, Section):
            yield from places(node, (*path, name))


@given(st.sampled_from(list(places(CONFIG))), VALUES, st.sampled_from(VERSIONS), st.booleans())
def test_no_finding_shows_a_value(place, value, version, in_a_list):
    config = {} if place[0] == "version" else dict(RIGHT)
    here = config
    for name in place[:-1]:
        here[name] = [{}] if in_a_list and len(place) > 2 else {}
        here = here[name][0] if isinstance(here[name], list) else here[name]
    here[place[-1]] = value
    assert CANARY not in str([finding.as_dict() for finding in validate(config, version)])


def test_findings_are_counted_in_words():
    assert counted([]) == "no findings"
    assert counted(validate({**RIGHT, "x": 1, "http": {"addr": ":1"}}, "2.8")) == "1 error, 1 warning"
