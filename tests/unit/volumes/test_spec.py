# SPDX-License-Identifier: Apache-2.0
"""Entries of the list of volumes, and what of them cannot be meant."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.spec import parse_volumes, problem_with_host


def parsed(**entry):
    return parse_volumes([{"name": "data", **entry}], "here")[0]


def test_the_container_has_the_name_of_the_volume():
    assert parsed().container == "data" and parsed(container="other").container == "other"


def test_options_are_those_of_rclone():
    assert parsed(uid=33, gid=0, umask="027").options == {"uid": "33", "gid": "0", "umask": "027"}
    assert parsed(access_mode="ReadOnlyMany").options == {"read-only": "true"}
    assert not parsed().options


def test_who_only_reads_or_goes_does_not_write():
    assert parsed().writes and parsed(access_mode="ReadWriteMany").writes
    assert not parsed(access_mode="ReadOnlyMany").writes and not parsed(state="absent").writes


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "a"}, "two or more letters"),
        ({"name": "-ab"}, "two or more letters"),
        ({"name": "a/b"}, "two or more letters"),
        ({"name": "ab"}, "container: a container's name has 3 characters at least"),
        ({"container": "a/b"}, "container: it must not hold '/'"),
        ({"uid": -1}, "uid: -1 is no id"),
        ({"gid": 2**32 - 1}, "gid: 4294967295 is no id"),
        ({"umask": "22"}, "umask: '22' is no umask"),
        ({"umask": "088"}, "umask: '088' is no umask"),
        ({"moves_from": "here"}, "moves_from: this is the name of this host"),
        ({"moves_from": "a b"}, "moves_from: 'a b' is no name of a host"),
        ({"moves_from": "there", "access_mode": "ReadOnlyMany"}, "takes over no right to write"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(entry, said):
    whole = {"name": "data", **entry}
    with pytest.raises(InputError) as failure:
        parse_volumes([{"name": "first-one"}, whole], "here")
    assert str(failure.value).startswith(f"volumes[1] (name '{whole['name']}'): ") and said in str(failure.value)


def test_a_name_is_given_once():
    with pytest.raises(InputError, match=r"volumes\[1\].*given twice, first at volumes\[0\]"):
        parse_volumes([{"name": "data"}, {"name": "data"}], "here")


def test_two_volumes_write_into_one_container_only_if_both_say_so():
    one, two = {"name": "one", "container": "ccc"}, {"name": "two", "container": "ccc"}
    many, reader = {"access_mode": "ReadWriteMany"}, {"access_mode": "ReadOnlyMany"}
    for first, second in ((one, two), ({**one, **many}, two), (one, {**two, **many})):
        with pytest.raises(InputError, match="also written by"):
            parse_volumes([first, second], "here")
    assert len(parse_volumes([{**one, **many}, {**two, **many}], "here")) == 2
    assert len(parse_volumes([one, {**two, **reader}], "here")) == 2


@pytest.mark.parametrize("host", ["docker-1", "docker-1.example.org", "2001:db8::1"])
def test_names_of_hosts(host):
    assert not problem_with_host(host)


@pytest.mark.parametrize("host", ["", "a b", "-a", "a\r\nX-Y: z", "ä"])
def test_what_is_no_name_of_a_host(host):
    assert problem_with_host(host)
