# SPDX-License-Identifier: Apache-2.0
"""The REST interface on the back-end in memory."""

from __future__ import annotations

import re
import socket
import threading
import time

import pytest
import requests

from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import PROXY_SECRET, secret_file, settings


def ok(answer: requests.Response, status: int = 200) -> dict:
    assert answer.status_code == status, answer.text
    return answer.json()


def problem(answer: requests.Response, status: int, kind: str) -> dict:
    """The body of an error, which has the form of RFC 9457."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == (f"urn:rgwkit:portal:{kind}", status)
    assert body["title"]
    return body


# ---- projects and roles


def test_a_project_is_made_by_an_admin_alone(portal, people):
    for token in (people.user, people.uber):
        problem(portal.ask("POST", "/v1/projects", token, json={"name": "not-made"}), 403, "forbidden")
    problem(portal.ask("GET", "/v1/projects/not-made", people.admin), 404, "not-found")


def test_a_project_is_its_members_and_nobody_else_s(portal, people, project):
    path = f"/v1/projects/{project}"
    assert ok(portal.ask("GET", path, people.user))["people"] == ["ann"]
    hidden = problem(portal.ask("GET", path, people.other), 404, "not-found")
    absent = problem(portal.ask("GET", "/v1/projects/no-such-project", people.other), 404, "not-found")
    assert hidden == absent
    for method, part in (
        ("GET", "/buckets"),
        ("POST", "/buckets"),
        ("GET", "/keys"),
        ("POST", "/keys"),
        ("GET", "/usage"),
        ("GET", "/limits"),
    ):
        body = {"json": {"name": "bucket"}} if part == "/buckets" else {"json": {}}
        answer = portal.ask(method, f"/v1/dummy/projects/{project}{part}", people.other, **body)
        problem(answer, 404, "not-found")


def test_people_come_and_go_and_the_storage_stays(portal, people, project, bucket):
    path = bucket()
    change = {"groups": ["users"], "people": []}
    ok(portal.ask("PUT", f"/v1/projects/{project}", people.admin, json=change))
    ok(portal.ask("GET", path, people.other))
    ok(portal.ask("PUT", f"/v1/projects/{project}", people.admin, json={"people": ["bob"]}))
    problem(portal.ask("GET", path, people.user), 404, "not-found")
    ok(portal.ask("GET", path, people.other))


def test_what_is_kept_for_one_person_is_not_shown_to_another(portal, people, project, bucket):
    name = bucket(objects=2).rpartition("/")[2]
    base = f"/v1/dummy/projects/{project}"
    for _look in ("first", "kept"):
        assert ok(portal.ask("GET", f"{base}/usage", people.user))["usage"]["objects"] == 2
        assert ok(portal.ask("GET", f"{base}/buckets?details=true", people.user))["items"][0]["name"] == name
    for path in (f"{base}/usage", f"{base}/buckets", f"{base}/buckets?details=true"):
        problem(portal.ask("GET", path, people.other), 404, "not-found")
    ok(portal.ask("PUT", f"/v1/projects/{project}", people.admin, json={"people": ["bob"]}))
    for path in (f"{base}/usage", f"{base}/buckets?details=true"):
        problem(portal.ask("GET", path, people.user), 404, "not-found")
        ok(portal.ask("GET", path, people.other))


def test_own_changes_are_seen_at_once(portal, people, project):
    base = f"/v1/dummy/projects/{project}"

    def seen() -> tuple[int, int, list[str]]:
        usage = ok(portal.ask("GET", f"{base}/usage", people.user))
        listed = ok(portal.ask("GET", f"{base}/buckets?details=true", people.user))["items"]
        return (
            usage["limits"]["max_buckets"],
            usage["buckets"],
            [f"{one['name']} {one['restricted']}" for one in listed],
        )

    assert seen() == (3, 0, [])
    name = f"{project}-own"
    ok(portal.ask("POST", f"{base}/buckets", people.user, json={"name": name}), 201)
    assert seen() == (3, 1, [f"{name} False"])
    ok(portal.ask("PATCH", f"{base}/buckets/{name}", people.admin, json={"restricted": True}))
    ok(portal.ask("PUT", f"{base}/limits", people.admin, json={"max_buckets": 9}))
    assert seen() == (9, 1, [f"{name} True"])
    ok(portal.ask("DELETE", f"{base}/buckets/{name}", people.uber))
    assert seen() == (9, 0, [])


def test_roles_are_distinct(portal, people, project, bucket):
    path, keys = bucket(), f"/v1/dummy/projects/{project}/keys"
    for token in (people.admin, people.uber):
        ok(portal.ask("GET", path, token))
        problem(portal.ask("POST", keys, token, json={}), 403, "forbidden")
        answer = portal.ask("POST", path.rpartition("/")[0], token, json={"name": "of-an-admin"})
        problem(answer, 403, "forbidden")
    problem(portal.ask("DELETE", path, people.admin), 403, "forbidden")
    problem(portal.ask("DELETE", f"/v1/projects/{project}", people.admin), 403, "forbidden")
    limits = f"/v1/dummy/projects/{project}/limits"
    for token in (people.user, people.uber):
        problem(portal.ask("PUT", limits, token, json={"max_buckets": 99}), 403, "forbidden")
    for token in (people.user, people.admin):
        problem(portal.ask("GET", "/v1/audit", token), 403, "forbidden")


def test_the_list_of_projects_has_one_s_own_for_a_user_and_all_for_an_admin(portal, people, project):
    def names(token: str) -> set[str]:
        return {one["name"] for one in ok(portal.ask("GET", "/v1/projects?limit=1000", token))["items"]}

    assert project in names(people.user)
    assert project in names(people.admin)
    assert project not in names(people.other)


def test_an_admin_who_is_demoted_loses_the_role_with_the_next_token(portal, issuer, project):
    path, body = f"/v1/dummy/projects/{project}/limits", {"max_buckets": 5}
    ok(portal.ask("PUT", path, issuer.token("eve", ["admins"]), json=body))
    problem(portal.ask("PUT", path, issuer.token("eve", ["users"]), json=body), 404, "not-found")


# ---- names


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        ".",
        "/snapshots",
        "../snapshots",
        "a" * 300,
        "bücket",
        "日本",
        "UPPER",
        "a b",
        "10.0.0.1",
        "a..b",
        "a\0b",
    ],
    ids=lambda name: name[:10].encode("unicode_escape").decode(),
)
def test_a_name_that_no_bucket_can_have_is_refused(portal, people, project, name):
    path = f"/v1/dummy/projects/{project}/buckets"
    answer = portal.ask("POST", path, people.user, json={"name": name})
    assert len(problem(answer, 422, "unusable")["detail"]) < 400
    assert ok(portal.ask("GET", path, people.user))["items"] == []


@pytest.mark.parametrize("name", ["%2e%2e", "%2Fsnapshots", "a" * 300, "%F0%9F%98%80", "%ff", "%00", "a%2Fb"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_such_a_name_in_a_path_finds_nothing(portal, people, project, name, method):
    request = requests.Request(method, "http://x", headers={"Authorization": f"Bearer {people.user}"}).prepare()
    request.url = f"{portal.url}/v1/dummy/projects/{project}/buckets/{name}"
    with requests.Session() as session:
        assert session.send(request, timeout=30).status_code == 404


@pytest.mark.parametrize("name", ["..", "A", "a" * 300, "a/b", "é", "-a-", "1ab", "abc-", ""])
def test_a_name_that_no_project_can_have_is_refused(portal, people, name):
    problem(portal.ask("POST", "/v1/projects", people.admin, json={"name": name}), 422, "unusable")


@pytest.mark.parametrize("body", ["", "[]", "{", '{"name": 7}', '{"name": "abc", "more": 1}', '"x"', "\ud800x"])
def test_a_body_of_another_form_is_refused_without_a_word_of_it(portal, people, project, body):
    answer = portal.ask(
        "POST",
        f"/v1/dummy/projects/{project}/buckets",
        people.user,
        data=body.encode("utf-8", "surrogatepass"),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("field", ["name", "title", "people"])
def test_text_that_is_no_unicode_is_refused(portal, people, field):
    body = {"name": "surrogate", field: ["x\ud800"] if field == "people" else "x\ud800"}
    problem(portal.ask("POST", "/v1/projects", people.admin, json=body), 422, "unusable")


@pytest.mark.parametrize("field", ["title", "groups", "people"])
def test_text_with_nul_is_refused(portal, people, field):
    body = {"name": "with-nul", field: "x\0" if field == "title" else ["x\0"]}
    problem(portal.ask("POST", "/v1/projects", people.admin, json=body), 422, "unusable")


def test_nul_in_paths_cursors_and_groups_finds_nothing(portal, people, issuer, project):
    for path in ("/v1/projects/%00", f"/v1/dummy/projects/{project}/keys/%00", f"/v1/%00/projects/{project}/usage"):
        assert portal.ask("GET", path, people.user).status_code in (404, 405)
    problem(portal.ask("GET", "/v1/projects?cursor=AA==", people.user), 422, "unusable")
    assert ok(portal.ask("GET", "/v1/projects", issuer.token(groups=["users", "x\0"])))


def test_a_name_that_is_too_long_for_the_audit_log_is_cut_there(portal, people):
    for path in (f"/v1/{'b' * 300}/projects/{'p' * 300}/buckets", f"/v1/dummy/projects/{'p' * 300}/buckets"):
        problem(portal.ask("POST", path, people.user, json={"name": "n" * 300}), 404, "not-found")
    assert ok(portal.ask("GET", "/v1/audit?limit=1", people.uber))["items"][0]["project"] == "p" * 40


def test_a_body_that_is_too_long_is_refused(portal, people):
    answer = portal.ask("POST", "/v1/projects", people.admin, data=b"x" * 70000)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    answer = portal.ask("POST", "/v1/projects", people.admin, data=iter([b"x" * 40000] * 2))
    assert answer.status_code == 400


# ---- buckets


def test_a_bucket_has_an_etag_that_changes_with_it(portal, people, project, bucket):
    path = bucket()
    first = portal.ask("GET", path, people.user)
    assert portal.ask("GET", path, people.user, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    body = {"quota": {"max_bytes": 4096, "max_objects": None}}
    changed = portal.ask("PATCH", path, people.user, json=body, headers={"If-Match": first.headers["etag"]})
    assert ok(changed)["quota"] == body["quota"]
    assert changed.headers["etag"] == portal.ask("GET", path, people.user).headers["etag"] != first.headers["etag"]
    assert portal.ask("GET", path, people.user, headers={"If-None-Match": '*, "x"'}).status_code == 200
    assert portal.ask("GET", path, people.user, headers={"If-None-Match": "*"}).status_code == 304
    late = portal.ask("PATCH", path, people.user, json={"quota": {}}, headers={"If-Match": first.headers["etag"]})
    problem(late, 412, "changed")
    assert ok(portal.ask("GET", path, people.user))["quota"] == body["quota"]


def test_of_two_writers_one_wins(portal, people, project, bucket):
    path = bucket()
    tag = portal.ask("GET", path, people.user).headers["etag"]
    statuses: list[int] = []

    def write(size: int) -> None:
        body, condition = {"quota": {"max_bytes": size * 1024}}, {"If-Match": tag}
        statuses.append(portal.ask("PATCH", path, people.user, json=body, headers=condition).status_code)

    threads = [threading.Thread(target=write, args=(size,)) for size in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [412] * 7


def test_a_restricted_bucket_is_an_admin_s_to_lift(portal, people, project, bucket):
    path = bucket()
    problem(portal.ask("PATCH", path, people.user, json={"restricted": True}), 403, "forbidden")
    assert ok(portal.ask("PATCH", path, people.admin, json={"restricted": True}))["restricted"]
    problem(portal.ask("PATCH", path, people.user, json={"restricted": False}), 403, "forbidden")
    assert ok(portal.ask("PATCH", path, people.user, json={"quota": {"max_bytes": 1024}}))["restricted"]
    problem(portal.ask("DELETE", path, people.user), 403, "forbidden")
    assert not ok(portal.ask("PATCH", path, people.admin, json={"restricted": False}))["restricted"]
    ok(portal.ask("DELETE", path, people.user))


def test_a_deletion_names_what_is_lost_and_happens_only_to_what_was_seen(portal, people, project, bucket):
    path = bucket(objects=3)
    lost = {"bytes": 300, "objects": 3, "uploads": 0}
    told = problem(portal.ask("DELETE", path, people.user), 409, "not-empty")
    assert told["lost"] == lost
    blind = f"{path}?with_objects=true"
    assert problem(portal.ask("DELETE", blind, people.user), 428, "condition-needed")["lost"] == lost
    problem(portal.ask("DELETE", blind, people.user, headers={"If-Match": "*"}), 428, "condition-needed")
    for unseen in ('*, "x"', '"x", *', f"*, {told['etag']}x", f"W/{told['etag']}"):
        problem(portal.ask("DELETE", blind, people.user, headers={"If-Match": unseen}), 412, "changed")
    name = path.rpartition("/")[2]
    portal.ask("POST", f"/test/store/{project}/{name}/4").raise_for_status()
    problem(portal.ask("DELETE", blind, people.user, headers={"If-Match": told["etag"]}), 412, "changed")
    assert ok(portal.ask("GET", path, people.user))["usage"]["objects"] == 4
    told = problem(portal.ask("DELETE", path, people.user), 409, "not-empty")
    gone = ok(portal.ask("DELETE", blind, people.user, headers={"If-Match": told["etag"]}))
    assert gone == {"deleted": name, "lost": {"bytes": 400, "objects": 4, "uploads": 0}}
    problem(portal.ask("GET", path, people.user), 404, "not-found")


def test_limits_hold_and_are_an_admin_s_to_raise(portal, people, project, bucket):
    for _number in range(3):
        path = bucket().rpartition("/")[0]
    problem(portal.ask("POST", path, people.user, json={"name": f"{project}-more"}), 409, "limit-reached")
    limits = f"/v1/dummy/projects/{project}/limits"
    old = portal.ask("GET", limits, people.user)
    wanted = {"max_bytes": 1024**3, "max_objects": None, "max_buckets": 4}
    assert ok(portal.ask("PUT", limits, people.admin, json=wanted, headers={"If-Match": old.headers["etag"]})) == wanted
    late = portal.ask("PUT", limits, people.admin, json=wanted, headers={"If-Match": old.headers["etag"]})
    problem(late, 412, "changed")
    ok(portal.ask("POST", path, people.user, json={"name": f"{project}-more"}), 201)
    usage = ok(portal.ask("GET", f"/v1/dummy/projects/{project}/usage", people.user))
    assert usage == {"limits": wanted, "usage": {"bytes": 0, "objects": 0, "uploads": 0}, "buckets": 4}
    for bad in ({"max_buckets": 0}, {"max_bytes": 1000}, {"max_bytes": -1}, {"max_buckets": "many"}):
        problem(portal.ask("PUT", limits, people.admin, json=bad), 422, "unusable")


def test_a_list_comes_in_pages_that_miss_and_repeat_nothing(portal, people, project):
    ok(portal.ask("PUT", f"/v1/dummy/projects/{project}/limits", people.admin, json={"max_buckets": 50}))
    path = f"/v1/dummy/projects/{project}/buckets"
    names = [f"{project}-{number:02}" for number in range(7)]
    for name in reversed(names):
        ok(portal.ask("POST", path, people.user, json={"name": name}), 201)
    seen: list[str] = []
    following: str | None = f"{path}?limit=3"
    while following:
        answer = portal.ask("GET", following, people.user)
        seen += [one["name"] for one in ok(answer)["items"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', answer.headers.get("link", ""))
        assert bool(link) == bool(answer.json()["next"])
        following = link[1] if link else None
    assert seen == names
    for bad in ("limit=0", "limit=1001", "limit=x", "cursor=%C3%A9", "cursor=a"):
        problem(portal.ask("GET", f"{path}?{bad}", people.user), 422, "unusable")


# ---- keys


def test_the_secret_of_a_key_is_shown_once(portal, people, project):
    path = f"/v1/dummy/projects/{project}/keys"
    made = ok(portal.ask("POST", path, people.user, json={"label": "laptop"}), 201)
    assert len(made["secret"]) >= 20
    listed = portal.ask("GET", path, people.admin)
    assert [one["id"] for one in ok(listed)["items"]] == [made["id"]]
    assert made["secret"] not in listed.text
    assert (listed.json()["items"][0]["label"], listed.json()["items"][0]["created_by"]) == ("laptop", "ann")


def test_a_repeated_request_for_a_key_makes_no_second_key(portal, people, project):
    path, once = f"/v1/dummy/projects/{project}/keys", {"Idempotency-Key": f"k-{project}"}
    first = portal.ask("POST", path, people.user, json={}, headers=once)
    again = portal.ask("POST", path, people.user, json={}, headers=once)
    assert ok(first, 201)["secret"]
    assert ok(again, 201) == {**first.json(), "secret": None}
    assert again.headers["idempotency-replayed"] == "true"
    assert ok(portal.ask("POST", f"/test/keys/{project}")) == [first.json()["id"]]
    told = [one["action"] for one in ok(portal.ask("GET", "/v1/audit?limit=2", people.uber))["items"]]
    assert told == ["key.create.replay", "key.create"]
    other = portal.ask("POST", path, people.user, json={"label": "another"}, headers=once)
    problem(other, 422, "unusable")
    for bad in ("", "x" * 256):
        answer = portal.ask("POST", path, people.user, json={}, headers={"Idempotency-Key": bad})
        problem(answer, 422, "unusable")


def test_a_repetition_needs_the_rights_of_the_first_request(portal, people, project):
    base = f"/v1/dummy/projects/{project}"
    key = ok(portal.ask("POST", f"{base}/keys", people.user, json={}), 201)["id"]
    wanted = {"wanted": {"max_buckets": 9}, "reason": "x"}
    asked = (
        ("key.create", f"{base}/keys", {}),
        ("key.rotate", f"{base}/keys/{key}/rotate", {}),
        ("bucket.create", f"{base}/buckets", {"name": f"{project}-b"}),
        ("request.create", f"{base}/requests", wanted),
    )
    for action, path, body in asked:
        ok(portal.ask("POST", path, people.user, json=body, headers={"Idempotency-Key": f"{action}-{project}"}), 201)
    ok(portal.ask("PUT", f"/v1/projects/{project}", people.admin, json={"people": ["bob"]}))
    for action, path, body in asked:
        again = portal.ask("POST", path, people.user, json=body, headers={"Idempotency-Key": f"{action}-{project}"})
        problem(again, 404, "not-found")
        told = ok(portal.ask("GET", "/v1/audit?limit=1", people.uber))["items"][0]
        assert (told["action"], told["status"]) == (action, 404)


def test_the_repetition_of_a_project_s_creation_is_an_admin_s(portal, issuer, people, project):
    body, once = {"name": f"{project}-2"}, {"Idempotency-Key": f"p-{project}"}
    ok(portal.ask("POST", "/v1/projects", people.admin, json=body, headers=once), 201)
    demoted = portal.ask("POST", "/v1/projects", issuer.token("eve", ["users"]), json=body, headers=once)
    problem(demoted, 403, "forbidden")
    assert ok(portal.ask("POST", "/v1/projects", people.admin, json=body, headers=once), 201)["name"] == body["name"]


def test_an_error_is_not_kept_for_the_repetition(portal, people, project):
    path, once = f"/v1/dummy/projects/{project}/buckets", {"Idempotency-Key": f"b-{project}"}
    portal.ask("POST", "/test/down/true").raise_for_status()
    try:
        answer = portal.ask("POST", path, people.user, json={"name": f"{project}-b"}, headers=once)
        problem(answer, 503, "unavailable")
    finally:
        portal.ask("POST", "/test/down/false").raise_for_status()
    ok(portal.ask("POST", path, people.user, json={"name": f"{project}-b"}, headers=once), 201)
    ok(portal.ask("POST", path, people.user, json={"name": f"{project}-b"}, headers=once), 201)
    problem(portal.ask("POST", path, people.user, json={"name": f"{project}-b"}), 409, "taken")


def test_of_requests_at_once_with_one_idempotency_key_one_is_carried_out(portal, people, project):
    path, once = f"/v1/dummy/projects/{project}/keys", {"Idempotency-Key": f"r-{project}"}
    answers: list[requests.Response] = []

    def ask() -> None:
        answers.append(portal.ask("POST", path, people.user, json={}, headers=once))

    threads = [threading.Thread(target=ask) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert sum(bool(answer.json().get("secret")) for answer in answers) == 1
    assert len(ok(portal.ask("POST", f"/test/keys/{project}"))) == 1


@pytest.mark.parametrize("rotates", [False, True])
def test_a_key_whose_secret_nobody_has_seen_is_revoked(portal, people, project, rotates):
    path = f"/v1/dummy/projects/{project}/keys"
    kept = ok(portal.ask("POST", path, people.user, json={}), 201)["id"]
    portal.ask("POST", "/test/lose-answers/true").raise_for_status()
    try:
        answer = portal.ask("POST", f"{path}/{kept}/rotate" if rotates else path, people.user, json={})
        problem(answer, 503, "unavailable")
    finally:
        portal.ask("POST", "/test/lose-answers/false").raise_for_status()
    until = time.monotonic() + 30
    while len(ok(portal.ask("POST", f"/test/keys/{project}"))) > 1:
        assert time.monotonic() < until
        time.sleep(0.2)
    listed = ok(portal.ask("GET", path, people.user))["items"]
    assert [(one["id"], one["ends_at"]) for one in listed] == [(kept, None)]


def test_a_rotated_key_stays_good_for_the_grace(portal, people, project):
    path = f"/v1/dummy/projects/{project}/keys"
    old = ok(portal.ask("POST", path, people.user, json={"label": "ci"}), 201)
    new = ok(portal.ask("POST", f"{path}/{old['id']}/rotate", people.user, json={"grace_s": 3}), 201)
    assert (new["replaces"], new["label"]) == (old["id"], "ci")
    assert new["secret"] not in (None, old["secret"])
    assert set(ok(portal.ask("POST", f"/test/keys/{project}"))) == {old["id"], new["id"]}
    problem(portal.ask("POST", f"{path}/{old['id']}/rotate", people.user, json={}), 409, "conflict")
    until = time.monotonic() + 30
    while ok(portal.ask("POST", f"/test/keys/{project}")) != [new["id"]]:
        assert time.monotonic() < until
        time.sleep(0.2)
    assert [one["id"] for one in ok(portal.ask("GET", path, people.user))["items"]] == [new["id"]]
    last = ok(portal.ask("POST", f"{path}/{new['id']}/rotate", people.user, json={"grace_s": 0}), 201)
    assert ok(portal.ask("POST", f"/test/keys/{project}")) == [last["id"]]
    for bad in (-1, 10**9):
        problem(portal.ask("POST", f"{path}/{last['id']}/rotate", people.user, json={"grace_s": bad}), 422, "unusable")


def test_a_key_is_revoked_by_its_project_or_an_admin(portal, people, project):
    path = f"/v1/dummy/projects/{project}/keys"
    for token in (people.user, people.admin):
        made = ok(portal.ask("POST", path, people.user, json={}), 201)
        problem(portal.ask("DELETE", f"{path}/{made['id']}", people.other), 404, "not-found")
        ok(portal.ask("DELETE", f"{path}/{made['id']}", token))
        problem(portal.ask("DELETE", f"{path}/{made['id']}", token), 404, "not-found")
    assert ok(portal.ask("POST", f"/test/keys/{project}")) == []


def test_a_key_of_another_project_is_not_reached_through_one_s_own(portal, people, project):
    name = f"{project}-b"
    ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": name, "people": ["bob"]}), 201)
    made = ok(portal.ask("POST", f"/v1/dummy/projects/{project}/keys", people.user, json={}), 201)
    path = f"/v1/dummy/projects/{name}/keys/{made['id']}"
    problem(portal.ask("DELETE", path, people.other), 404, "not-found")
    problem(portal.ask("POST", f"{path}/rotate", people.other, json={}), 404, "not-found")
    assert ok(portal.ask("POST", f"/test/keys/{project}")) == [made["id"]]


# ---- the end of a project, the journal, secrets


def test_a_project_is_removed_without_buckets_only_and_its_keys_go(portal, people, tmp_path, issuer):
    # Its own portal: the shared one has a back-end that is down, which stops the removal, as it must.
    own = settings(tmp_path, issuer, backends={"dummy": {"kind": "dummy"}})
    with running_portal(tmp_path, "tests.services.portal.serve", **own) as alone:
        ok(alone.ask("POST", "/v1/projects", people.admin, json={"name": "short", "people": ["ann"]}), 201)
        bucket, keys = "/v1/dummy/projects/short/buckets", "/v1/dummy/projects/short/keys"
        ok(alone.ask("POST", bucket, people.user, json={"name": "a-bucket"}), 201)
        ok(alone.ask("POST", keys, people.user, json={}), 201)
        told = problem(alone.ask("DELETE", "/v1/projects/short", people.uber), 409, "not-empty")
        assert told["buckets"] == 1
        ok(alone.ask("DELETE", f"{bucket}/a-bucket", people.user))
        ok(alone.ask("DELETE", "/v1/projects/short", people.uber))
        problem(alone.ask("GET", keys, people.admin), 404, "not-found")
        ok(alone.ask("POST", "/v1/projects", people.admin, json={"name": "short"}), 201)
        assert ok(alone.ask("GET", keys, people.admin))["items"] == []


def test_a_project_stays_while_a_back_end_cannot_be_asked(portal, people, project):
    problem(portal.ask("DELETE", f"/v1/projects/{project}", people.uber), 503, "unavailable")
    ok(portal.ask("GET", f"/v1/projects/{project}", people.user))


def test_the_journal_has_who_did_what_and_what_was_refused(portal, people, project, bucket):
    path = bucket(objects=1)
    portal.ask("DELETE", path, people.user)
    refused = portal.ask("PUT", f"/v1/dummy/projects/{project}/limits", people.user, json={"max_buckets": 9})
    entries = ok(portal.ask("GET", "/v1/audit?limit=4", people.uber))["items"]
    told = [(one["subject"], one["action"], one["backend"], one["project"], one["status"]) for one in entries]
    assert told == [
        ("ann", "limits.set", "dummy", project, 403),
        ("ann", "bucket.delete", "dummy", project, 409),
        ("ann", "bucket.create", "dummy", project, 201),
        ("eve", "project.create", "", project, 201),
    ]
    assert entries[0]["request_id"] == refused.headers["x-request-id"]
    assert entries[1]["target"] == path.rpartition("/")[2]
    older = ok(portal.ask("GET", "/v1/audit?limit=2", people.uber))
    following = ok(portal.ask("GET", f"/v1/audit?limit=2&cursor={older['next']}", people.uber))
    assert [one["id"] for one in older["items"] + following["items"]] == [one["id"] for one in entries]


def test_the_audit_log_tells_a_link_for_others_from_a_download(portal, people, bucket):
    path = f"{bucket()}/downloads"
    for body, action in (({"key": "a"}, "object.download"), ({"key": "a", "seconds": 3600}, "object.share")):
        problem(portal.ask("POST", path, people.user, json=body), 501, "not-offered")
        assert ok(portal.ask("GET", "/v1/audit?limit=1", people.uber))["items"][0]["action"] == action
    for seconds in (0, 7 * 86400 + 1):
        problem(portal.ask("POST", path, people.user, json={"key": "a", "seconds": seconds}), 422, "unusable")


def test_no_secret_is_in_database_log_or_errors(portal, people, project, folder, store):
    path = f"/v1/dummy/projects/{project}/keys"
    made = ok(portal.ask("POST", path, people.user, json={}, headers={"Idempotency-Key": f"s-{project}"}), 201)
    fault = portal.ask("POST", "/test/fault/canary-in-a-fault")
    assert problem(fault, 500, "internal").keys() == {"type", "title", "status"}
    assert "serve.py" in (folder / "portal.log").read_text(), "the place of the fault"
    kept = (folder / "portal.log").read_bytes() + store.content(folder)
    assert made["id"].encode() in kept, "the test looks where keys are"
    for secret in (
        made["secret"],
        PROXY_SECRET,
        "canary-in-a-fault",
        "canary-of-the-gateway",
        people.user,
        people.user.rpartition(".")[2],
    ):
        assert secret.encode() not in kept
    for file in folder.glob("portal.db*"):
        assert file.stat().st_mode & 0o077 == 0, file


# ---- faults and health


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", ["rgw", "swift"])
def test_a_back_end_that_hangs_does_not_keep_the_others_waiting(tmp_path, issuer, people, kind, method):
    with socket.create_server(("127.0.0.1", 0), backlog=128) as silent:
        secret, url = secret_file(tmp_path, "secret", "canary"), f"http://127.0.0.1:{silent.getsockname()[1]}"
        hangs = {
            "rgw": {"access_key": "A", "secret_key_file": secret, "wait_s": 0},
            "swift": {"keystone_url": url, "user": "a", "password_file": secret, "project": "service", "domain": "d"},
        }
        backends = {"dummy": {"kind": "dummy"}, kind: {"kind": kind, "endpoint": url, "timeout_s": 10, **hangs[kind]}}
        with running_portal(tmp_path, **settings(tmp_path, issuer, backends=backends)) as portal:
            ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "waits", "people": ["ann"]}), 201)
            ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "goes-on", "people": ["bob"]}), 201)
            path, body = f"/v1/{kind}/projects/waits/buckets", {} if method == "GET" else {"json": {"name": "a-bucket"}}
            statuses: list[int] = []

            def ask() -> None:
                statuses.append(portal.ask(method, path, people.user, **body).status_code)

            threads = [threading.Thread(target=ask) for _number in range(60)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            started = time.monotonic()
            ok(portal.ask("GET", "/health/live"))
            assert time.monotonic() - started < 1
            ok(portal.ask("GET", "/v1/dummy/projects/waits/buckets", people.user))
            ok(portal.ask("POST", "/v1/dummy/projects/goes-on/keys", people.other, json={}), 201)
            assert time.monotonic() - started < 7
            for thread in threads:
                thread.join()
            assert statuses == [503] * 60


def test_a_back_end_that_is_down_leaves_the_rest(portal, people, project):
    path = f"/v1/gone/projects/{project}/buckets"
    answer = portal.ask("GET", path, people.user)
    assert "127.0.0.1" not in str(problem(answer, 503, "unavailable"))
    assert answer.headers["retry-after"] == "10"
    ok(portal.ask("GET", path.replace("/gone/", "/dummy/"), people.user))
    ready = ok(portal.ask("GET", "/health/ready"))
    assert ready == {"status": "ok", "database": "ok", "storage": "down", "backends": {"dummy": "ok", "gone": "down"}}
    for part in ("buckets", "usage", "limits", "keys"):
        problem(portal.ask("GET", f"/v1/none/projects/{project}/{part}", people.user), 404, "not-found")


def test_nothing_is_done_while_the_database_is_lost(tmp_path, issuer, people, store):
    own = settings(tmp_path, issuer, backends={"dummy": {"kind": "dummy"}})
    with running_portal(tmp_path, "tests.services.portal.serve", **own) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "kept", "people": ["ann"]}), 201)
        ok(portal.ask("POST", "/v1/dummy/projects/kept/keys", people.user, json={}), 201)
        store.run(tmp_path, "ALTER TABLE journal RENAME TO lost")
        problem(portal.ask("POST", "/v1/dummy/projects/kept/keys", people.user, json={}), 503, "unavailable")
        assert len(ok(portal.ask("POST", "/test/keys/kept"))) == 1
        store.run(tmp_path, "ALTER TABLE lost RENAME TO journal")
        ok(portal.ask("POST", "/v1/dummy/projects/kept/keys", people.user, json={}), 201)


def test_the_state_outlasts_a_restart(tmp_path, issuer, people):
    own = settings(tmp_path, issuer)
    with running_portal(tmp_path, **own) as portal:
        ok(portal.ask("POST", "/v1/projects", people.admin, json={"name": "lasting", "people": ["ann"]}), 201)
    with running_portal(tmp_path, **own) as portal:
        assert ok(portal.ask("GET", "/v1/projects/lasting", people.user))["people"] == ["ann"]


def test_a_browser_is_told_to_be_careful(portal):
    for method, path in (
        ("GET", "/"),
        ("GET", "/v1/projects"),
        ("GET", "/no-such-page"),
        ("POST", "/test/fault/canary-in-a-fault"),
    ):
        headers = portal.ask(method, path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


def test_the_api_is_described_as_openapi_and_as_a_page(portal: RunningPortal):
    api = ok(portal.ask("GET", "/openapi.json"))
    assert api["openapi"].startswith("3.1")
    page = portal.ask("GET", "/")
    assert page.headers["content-type"].startswith("text/html")
    for path, operations in api["paths"].items():
        for method in operations:
            assert f"<code>{method.upper()} {path}</code>" in page.text
    assert not re.search(r"(src|href)=\"?(https?:)?//", page.text), "an external resource"
    for path in ("/v1/projects", "/v1/{backend}/projects/{project}/buckets/{bucket}", "/v1/audit"):
        assert path in api["paths"]
    answers = api["paths"]["/v1/projects"]["post"]["responses"]
    assert set(answers["422"]["content"]) == {"application/problem+json"}


def test_an_unknown_path_and_method_are_problems(portal):
    for method, path, status in (("GET", "/no-such-page", 404), ("PATCH", "/v1/projects", 405)):
        answer = portal.ask(method, path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
