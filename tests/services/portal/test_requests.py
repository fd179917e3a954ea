# SPDX-License-Identifier: Apache-2.0
"""Requests for other limits over the REST interface, and what back-ends without objects answer."""

from __future__ import annotations

import pytest

WANTED = {"wanted": {"max_bytes": 4096, "max_buckets": 7}, "reason": "a second instrument"}


@pytest.fixture
def place(project) -> str:
    return f"/v1/dummy/projects/{project}/requests"


@pytest.fixture
def number(portal, people, place) -> int:
    """The number of an open request of ann's."""
    answer = portal.ask("POST", place, people.user, json=WANTED)
    assert answer.status_code == 201 and answer.headers["Location"] == f"/v1/requests/{answer.json()['id']}"
    return int(answer.json()["id"])


def test_a_granted_request_sets_the_limits(portal, people, project, number):
    limits = f"/v1/dummy/projects/{project}/limits"
    assert portal.ask("GET", limits, people.user).json()["max_buckets"] == 3
    granted = portal.ask("POST", f"/v1/requests/{number}/grant", people.admin, json={"answer": "fine"})
    assert granted.status_code == 200 and granted.json()["state"] == "granted"
    assert (granted.json()["answered_by"], granted.json()["answer"]) == ("eve", "fine")
    assert portal.ask("GET", limits, people.user).json() == {"max_bytes": 4096, "max_objects": None, "max_buckets": 7}


def test_a_declined_request_changes_nothing(portal, people, project, number):
    declined = portal.ask("POST", f"/v1/requests/{number}/decline", people.admin, json={"answer": "no room"})
    assert declined.status_code == 200 and declined.json()["state"] == "declined"
    assert portal.ask("GET", f"/v1/dummy/projects/{project}/limits", people.user).json()["max_buckets"] == 3


def test_a_request_is_answered_once(portal, people, number):
    assert portal.ask("POST", f"/v1/requests/{number}/decline", people.admin, json={}).status_code == 200
    for verdict in ("grant", "decline"):
        again = portal.ask("POST", f"/v1/requests/{number}/{verdict}", people.admin, json={})
        assert again.status_code == 409 and again.json()["type"].endswith(":conflict")


def test_who_may_ask_and_who_may_answer(portal, people, place, number):
    assert portal.ask("POST", place, people.other, json=WANTED).status_code == 404
    assert portal.ask("POST", place, people.admin, json=WANTED).status_code == 403
    for token in (people.user, people.uber):
        assert portal.ask("POST", f"/v1/requests/{number}/grant", token, json={}).status_code == 403
        assert portal.ask("GET", "/v1/requests", token).status_code == 403


def test_the_lists_show_who_wants_what(portal, people, project, number):
    (own,) = portal.ask("GET", f"/v1/projects/{project}/requests", people.user).json()["items"]
    assert (own["id"], own["state"], own["asked_by"], own["reason"]) == (number, "open", "ann", WANTED["reason"])
    assert portal.ask("GET", f"/v1/projects/{project}/requests", people.other).status_code == 404
    open_ones = portal.ask("GET", "/v1/requests?state=open&limit=1", people.admin).json()
    assert [one["id"] for one in open_ones["items"]] == [number]
    assert portal.ask("GET", "/v1/requests?state=lost", people.admin).status_code == 422


def test_a_project_has_so_many_open_requests_at_most(portal, people, place):
    answers = [portal.ask("POST", place, people.user, json=WANTED).status_code for _number in range(6)]
    assert answers == [201] * 5 + [409]


def test_a_repeated_request_is_one(portal, people, project, place):
    for _number in range(2):
        key = {"Idempotency-Key": f"ask-{project}"}
        assert portal.ask("POST", place, people.user, json=WANTED, headers=key).status_code == 201
    assert len(portal.ask("GET", f"/v1/projects/{project}/requests", people.user).json()["items"]) == 1


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "x"])
def test_a_request_that_is_none_is_not_found(portal, people, number):
    assert portal.ask("POST", f"/v1/requests/{number}/grant", people.admin, json={}).status_code in (404, 422)


@pytest.mark.parametrize("given", [{}, {**WANTED, "reason": ""}, {**WANTED, "wanted": {"max_buckets": 0}}])
def test_a_request_without_sense_is_refused(portal, people, place, given):
    assert portal.ask("POST", place, people.user, json=given).status_code == 422


def test_a_storage_that_is_down_leaves_the_request_open(portal, people, project, number):
    portal.ask("POST", "/test/down/true").raise_for_status()
    try:
        assert portal.ask("POST", f"/v1/requests/{number}/grant", people.admin, json={}).status_code == 503
    finally:
        portal.ask("POST", "/test/down/false").raise_for_status()
    (own,) = portal.ask("GET", f"/v1/projects/{project}/requests", people.user).json()["items"]
    assert own["state"] == "open"


def test_a_list_of_buckets_has_details_on_request(portal, people, project, bucket):
    name = bucket(objects=2).rpartition("/")[2]
    path = f"/v1/dummy/projects/{project}/buckets"
    assert portal.ask("GET", path, people.user).json()["items"] == [{"name": name}]
    (one,) = portal.ask("GET", f"{path}?details=true", people.user).json()["items"]
    assert one["usage"] == {"bytes": 200, "objects": 2, "uploads": 0} and one["restricted"] is False


def test_memory_has_no_objects_to_show_and_admins_see_none_at_all(portal, people, bucket):
    path = bucket()
    answer = portal.ask("GET", f"{path}/objects", people.user)
    assert answer.status_code == 501 and answer.json()["type"].endswith(":not-offered")
    for method, part, given in (("GET", "objects", None), ("POST", "downloads", {"key": "a"}), ("POST", "uploads", {})):
        assert portal.ask(method, f"{path}/{part}", people.admin, json=given).status_code == 403
        assert portal.ask(method, f"{path}/{part}", people.other, json=given).status_code == 404
    assert portal.ask("POST", f"{path}/uploads", people.user, json={"back": "//evil.example"}).status_code == 422
