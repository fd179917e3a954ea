# SPDX-License-Identifier: Apache-2.0
"""daemon.json with mirrors added and taken back, and everything else as it was."""

from __future__ import annotations

import json

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.mirrors.daemon_json import DaemonJson, Entries
from hypothesis import given
from hypothesis import strategies as st

PATH = "/etc/docker/daemon.json"
ONE, TWO = "https://one.example:5000", "http://two.example"
URLS = st.lists(
    st.sampled_from(["http://a", "http://b/", "https://c:5000", "https://d"]), unique_by=lambda url: url[-4:]
)
NOTHING = Entries()
KEYS = st.dictionaries(st.sampled_from(["debug", "labels", "dns", "ü"]), st.booleans() | st.lists(st.text()))


def added(text, wanted, own=NOTHING):
    return DaemonJson(PATH, text).with_mirrors(wanted, own)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "{}",
        "{}\n",
        '{"iptables": false, "bridge": "none"}\n',
        '{\n  "debug": true,\n  "dns": [\n    "10.0.0.1"\n  ]\n}',
        '{\n\t"registry-mirrors": []\n}\n',
        '{\n    "registry-mirrors": [\n        "https://other.example/"\n    ],\n    "debug": true\n}\n',
    ],
)
def test_what_is_added_and_taken_back_leaves_the_same_bytes(text):
    with_both, own = added(text, [ONE, TWO])
    assert json.loads(with_both)["registry-mirrors"][-2:] == [ONE, TWO] and own.mirrors == [ONE, TWO]
    assert added(with_both, [ONE, TWO], own) == (with_both, own)
    with_one, own = added(with_both, [TWO], own)
    assert ONE not in with_one and TWO in with_one
    assert added(with_one, [], own)[0] == text


@given(keys=KEYS, others=URLS, wanted=URLS)
def test_nothing_of_others_is_changed(keys, others, wanted):
    text = json.dumps({**keys, **({"registry-mirrors": others} if others else {})})
    after, own = added(text, wanted)
    document = json.loads(after)
    assert {name: value for name, value in document.items() if name != "registry-mirrors"} == keys
    assert document.get("registry-mirrors", [])[: len(others)] == others
    assert json.loads(added(after, [], own)[0]) == json.loads(text)


def test_a_mirror_that_was_there_is_not_the_toolkit_s():
    text = json.dumps({"registry-mirrors": [ONE + "/"]})
    after, own = added(text, [ONE])
    assert (after, own) == (text, Entries())
    assert added(text, [], own)[0] == text


def test_a_mirror_that_somebody_has_added_meanwhile_stays():
    _text, own = added(None, [ONE])
    grown = json.dumps({"registry-mirrors": [ONE, TWO], "debug": True})
    assert json.loads(added(grown, [], own)[0]) == {"registry-mirrors": [TWO], "debug": True}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[]", "no JSON object"),
        ('{"registry-mirrors": "http://a"}', "no list"),
        ('{"debug": true, "debug": false}', "stands twice"),
    ],
)
def test_what_docker_would_refuse_is_refused(text, said):
    with pytest.raises(ToolError, match=said):
        DaemonJson(PATH, text)
