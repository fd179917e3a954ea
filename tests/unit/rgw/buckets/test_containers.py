# SPDX-License-Identifier: Apache-2.0
"""Containers of swift: what an entry says, what header fields say, and how one becomes the other."""

from __future__ import annotations

import time

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError, ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets import containers
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.client import BucketClient
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.buckets.swift_acting import RUN_SUBUSER

from tests.unit.rgw.buckets.helpers import Chown, refusal


def container(**options):
    return {"name": "c 1", "api": "swift", "owner": "al", **options}


ALL = {
    "read_acl": [".rlistings", ".r:*"],
    "write_acl": ["bo", "bo:swift"],
    "web": {"index": "index.html", "listings": True},
    "metadata": {"Team": "a", "color": "red"},
    "quota": {"max_objects": 5},
}


def test_create_again_change_null(gateway, run):
    assert [run(container(**ALL))["changed"], run(container(**ALL))["changed"]] == [True, False]
    assert gateway.containers["c 1"] == {
        "x-container-read": ".r:*,.rlistings",
        "x-container-write": "bo,bo:swift",
        "x-container-meta-web-index": "index.html",
        "x-container-meta-web-listings": "true",
        "x-container-meta-team": "a",
        "x-container-meta-color": "red",
    }
    assert run(container(metadata={"color": None}))["buckets"][0]["changes"] == ['metadata.color: "red" -> ""']
    nulls = container(**dict.fromkeys(ALL))
    assert [run(nulls)["changed"], run(nulls)["changed"]] == [True, False]
    assert gateway.containers["c 1"] == {"x-container-meta-web-listings": "false"}


def test_a_container_costs_one_more_read(gateway, run):
    gateway.data("al").update(
        subusers=[{"id": "al:swift", "permissions": "full-control"}],
        swift_keys=[{"user": "al:swift", "secret_key": "k"}],
    )
    run(container(**ALL))
    assert not run(container(**ALL))["changed"]
    assert gateway.requests == [
        ("GET", "/admin/bucket?bucket=c%201&stats=true"),
        ("GET", "/admin/user?format=json&uid=al"),
        ("GET", "/auth/v1"),
        ("HEAD", "/swift/v1/c%201"),
    ]
    assert run(container(quota={"max_objects": 6}))["changed"]
    assert "/auth/v1" not in str(gateway.requests)


def test_a_subuser_of_the_run_is_gone_afterwards(gateway, run):
    run(container(**ALL))
    assert any(RUN_SUBUSER in target for target in gateway.targets("PUT"))
    assert gateway.data("al")["subusers"] == []


@pytest.mark.parametrize("options, broke", [({"metadata": {"team": "b"}}, ""), ({"versions_location": "old"}, "412")])
def test_a_subuser_that_is_still_there_is_named_whatever_else_broke(run, monkeypatch, options, broke):
    def deny(_client, uid, name):
        raise ToolError("remove", "a part", "AccessDenied", "Give caps.", status=403)

    monkeypatch.setattr(BucketClient, "remove_subuser", deny)
    with pytest.raises(ToolError) as caught:
        run(container(**options))
    assert broke in str(caught.value)
    assert f"Could not remove the run's subuser 'al:{RUN_SUBUSER}" in str(caught.value)
    assert f"radosgw-admin subuser rm --subuser='al:{RUN_SUBUSER}" in str(caught.value)


def test_a_subuser_of_a_dead_run_is_removed_and_one_of_another_run_left(gateway, run):
    names = [f"al:{RUN_SUBUSER}{int(time.time()) - hours * 3600:08x}-{'0' * 16}" for hours in (7, 5)]
    gateway.data("al")["subusers"] = [{"id": name, "permissions": "full-control"} for name in names]
    run(container(**ALL))
    assert [subuser["id"] for subuser in gateway.data("al")["subusers"]] == names[1:]


def test_what_the_gateway_keeps_otherwise_is_put_back(gateway, run):
    run(container(metadata={"team": "a"}))
    gateway.keeps["x-container-meta-team"] = "a"
    with pytest.raises(ToolError, match=r'metadata.team: "a" -> "b".*before is back'):
        run(container(metadata={"team": "b"}))


def test_acls_outlast_a_change_of_owner(gateway, run):
    run(container(read_acl=["bo"]))
    run({"name": "c 1", "api": "swift", "owner": "bo", "change_owner": True}, chown=Chown(gateway))
    assert gateway.containers["c 1"] == {"x-container-read": "bo"}
    assert not run({"name": "c 1", "api": "swift", "owner": "bo", "read_acl": ["bo"]})["changed"]


def test_acls_outlast_half_a_change_of_owner(gateway, run):
    run(container(read_acl=["bo"], metadata={"team": "a"}))
    gateway.objects["c 1"] = {"k": "al"}
    given = {"name": "c 1", "api": "swift", "owner": "bo", "change_owner": True, "metadata": {"team": "b"}}
    chown = Chown(gateway, [ToolError("give", "objects", "killed", "")])
    with pytest.raises(ToolError):
        run(given, chown=chown)
    assert gateway.containers["c 1"] == {"x-container-read": "bo", "x-container-meta-team": "a"}
    run(given, chown=lambda *called: (chown(*called), gateway.containers["c 1"].pop("x-container-read")))
    assert gateway.containers["c 1"] == {"x-container-read": "bo", "x-container-meta-team": "b"}


def test_objects_go_along_and_are_read_by_swift(gateway, run):
    run(container(read_acl=["bo"]))
    gateway.objects["c 1"] = {"k": "al"}
    given = {"name": "c 1", "api": "swift", "owner": "bo", "change_owner": True}
    with pytest.raises(ToolError, match="Could not read object 'k'"):
        run(given, chown=lambda key, uid: None)
    assert run(given, chown=Chown(gateway))["changed"] and gateway.objects["c 1"] == {"k": "bo"}
    assert not [target for target in gateway.targets() if target.startswith("/c%201")]


def test_a_registry_of_the_swift_driver_is_guarded(gateway, run):
    run(container())
    gateway.objects["c 1"] = {"files/docker/registry/v2/blobs/x": "al"}
    gone = {"name": "c 1", "api": "swift", "state": "absent", "remove_objects": True}
    assert "the bucket is not removed" in refusal(run, gone)
    assert "versions_location" in refusal(run, container(versions_location="old"))
    gateway.objects["c 1"] = {"x/y": "al"}
    assert run(gone)["changed"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"read_acl": ["nobody"]}, "read_acl: there is no user 'nobody'"),
        ({"read_acl": ["a b"]}, "is no element of an ACL"),
        ({"acl": "private"}, "acl: swift has no such thing"),
        ({"versioning": "enabled"}, "versioning: swift has no such thing"),
        ({"api": "s3", "read_acl": []}, "read_acl: it is for api: swift"),
        ({"metadata": {"temp-url-key": "x"}}, "temp_url_keys of the owner"),
        ({"metadata": {"Quota-Bytes": "1"}}, "an option of its own"),
        ({"metadata": {"a b": "1"}}, "is no name"),
        ({"metadata": {"a_b": "1", "A-B": "2"}}, "'A-B' is given twice"),
        ({"metadata": {"a": "\u00e4"}}, "is no value of an HTTP header"),
        ({"web": {"index": " x"}}, "web.index: ' x' is no value"),
        ({"placement": "fast"}, "no placement target 'fast'"),
        ({"name": "ab"}, "3 characters at least"),
    ],
)
def test_refused(run, options, words):
    assert words in refusal(run, container(**options))


def test_a_container_whose_name_s3_does_not_take_is_removed_with_its_objects(gateway, run):
    gateway.takes_any_name = False
    given = {**container(), "name": "C1C"}
    run(given)
    gateway.objects["C1C"] = {"k": "al"}
    assert run({"name": "C1C", "api": "swift", "state": "absent", "remove_objects": True})["changed"]
    assert "C1C" not in gateway.stored


def test_versions_need_an_option_of_the_gateway(run):
    with pytest.raises(ToolError, match="rgw_swift_versioning_enabled"):
        run(container(versions_location="old"))


def test_header_fields():
    fields = [("X-Container-Read", " b , a"), ("X-Container-Meta-Web-Listings", "TRUE"), ("X-Container-Meta-A", "1")]
    state = containers.read_state([*fields, ("X-Container-Meta-Quota-Bytes", "5")])
    changed = {path: value for path, value in state.items() if containers.new_state().get(path) != value}
    assert changed == {("read_acl",): ["a", "b"], ("web", "listings"): True, ("metadata", "a"): "1"}
    assert containers.headers(changed) == {
        "x-container-read": "a,b",
        "x-container-meta-web-listings": "true",
        "x-container-meta-a": "1",
    }
    assert containers.headers({("versions_location",): "", ("metadata", "a"): ""}) == {
        "x-remove-versions-location": "x",
        "x-remove-container-meta-a": "x",
    }
    assert containers.users_of(["al", "bo:x", ".r:*", "t$cy:z"]) == {"al", "bo", "t$cy"}
    with pytest.raises(InputError):
        containers.wanted({"metadata": {"": "x"}})
