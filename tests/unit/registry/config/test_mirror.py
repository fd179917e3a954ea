# SPDX-License-Identifier: Apache-2.0
"""What the lint finds in the configuration of a mirror."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump

from tests.integration.registry_config.cases import PLAIN, changed

HUB = "https://hub.example"


def found(changes, version="2.8"):
    return {one.place: one.severity for one in lint(dump(changed(PLAIN, changes)), version)}


@pytest.mark.parametrize("version", ["2.7", "2.8", "3.0", "3.1"])
@pytest.mark.parametrize("url", [HUB, f"{HUB}/", "http://10.0.0.1:5000"])
def test_a_mirror_needs_no_more_than_a_url(url, version):
    assert found({"proxy.remoteurl": url}, version) == {}
    assert found({"proxy": {"remoteurl": url, "username": "ci", "password": "x"}}, version) == {}


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"proxy": {"username": "ci", "password": "x"}}, {"proxy.remoteurl": "error"}),
        ({"proxy.remoteurl": f"{HUB}/pre"}, {"proxy.remoteurl": "error"}),
        ({"proxy.remoteurl": "hub.example"}, {"proxy.remoteurl": "error"}),
        ({"proxy.remoteurl": "https://ci:x@hub.example"}, {"proxy.remoteurl": "warning"}),
        ({"proxy": {"remoteurl": HUB, "username": "ci"}}, {"proxy.password": "warning"}),
        ({"proxy": {"remoteurl": HUB, "password": "x"}}, {"proxy.username": "warning"}),
        ({"proxy.remoteurl": HUB, "storage.delete.enabled": False}, {"storage.delete.enabled": "warning"}),
        (
            {"proxy.remoteurl": HUB, "storage.maintenance.readonly": {"enabled": True}},
            {"storage.maintenance.readonly.enabled": "warning"},
        ),
    ],
)
def test_each_fault_has_one_finding(changes, finding):
    assert found(changes) == finding


def test_without_a_mirror_nothing_of_this_is_asked():
    assert found({"storage.delete.enabled": False, "storage.maintenance.readonly": {"enabled": True}}) == {}
    assert found({"proxy": {}}) == {}


def test_a_password_in_the_url_is_in_no_finding():
    text = dump(changed(PLAIN, {"proxy.remoteurl": "https://ci:canary-mirror@hub.example/pre"}))
    assert "canary-mirror" not in str(lint(text, "2.8"))
