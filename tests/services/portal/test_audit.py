# SPDX-License-Identifier: Apache-2.0
"""What the audit log tells: who got which key, who was given what, and what was refused."""

from __future__ import annotations

from typing import Any

from tests.portal import RunningPortal
from tests.services.portal.conftest import People
from tests.services.portal.test_rest import ok


def newest(portal: RunningPortal, people: People, most: int = 1) -> list[dict[str, Any]]:
    return list(ok(portal.ask("GET", f"/v1/audit?limit={most}", people.uber))["items"])


def details(portal: RunningPortal, people: People) -> dict[str, Any]:
    return dict(newest(portal, people)[0]["details"])


def test_a_key_can_be_told_from_the_others(portal, people, project):
    keys = f"/v1/dummy/projects/{project}/keys"
    made = ok(portal.ask("POST", keys, people.user, json={"label": "laptop"}), 201)
    told = details(portal, people)
    assert (told["id"], told["label"]) == (made["id"], "laptop") and "secret" not in told
    rotated = ok(portal.ask("POST", f"{keys}/{made['id']}/rotate", people.user, json={"grace_s": 60}), 201)
    told = details(portal, people)
    assert (told["id"], told["replaces"], told["grace_s"]) == (rotated["id"], made["id"], 60)
    assert f"'id': '{rotated['id']}'" in portal.log.read_text(), "the log tells the same"


def test_values_of_limits_and_members_are_told(portal, people, project):
    ok(portal.ask("PUT", f"/v1/dummy/projects/{project}/limits", people.admin, json={"max_buckets": 77}))
    assert details(portal, people) == {"max_bytes": None, "max_objects": None, "max_buckets": 77}
    given = {"title": "Genomes", "groups": ["staff"], "people": ["ann", "bob"]}
    ok(portal.ask("PUT", f"/v1/projects/{project}", people.admin, json=given))
    told = details(portal, people)
    assert {name: told[name] for name in given} == given
    path = f"/v1/dummy/projects/{project}/buckets"
    ok(portal.ask("POST", path, people.user, json={"name": f"{project}-b"}), 201)
    quota = {"max_bytes": 4096, "max_objects": 5}
    ok(portal.ask("PATCH", f"{path}/{project}-b", people.user, json={"quota": quota}))
    assert details(portal, people)["quota"] == quota


def test_a_granted_request_is_told_with_project_back_end_and_limits(portal, people, project):
    asked = {"wanted": {"max_buckets": 9}, "reason": "a second instrument"}
    number = ok(portal.ask("POST", f"/v1/dummy/projects/{project}/requests", people.user, json=asked), 201)["id"]
    ok(portal.ask("POST", f"/v1/requests/{number}/grant", people.admin, json={"answer": "fine"}))
    told = details(portal, people)
    assert (told["project"], told["backend"], told["wanted"]["max_buckets"]) == (project, "dummy", 9)
    assert (told["asked_by"], told["answer"]) == ("ann", "fine")


def test_what_is_shared_is_told_whole_even_if_nothing_came_of_it(portal, people, bucket):
    path, key = f"{bucket()}/downloads", "x" * 300 + "-canary"
    portal.ask("POST", path, people.user, json={"key": key, "seconds": 604800})
    (entry,) = newest(portal, people)
    assert (entry["action"], entry["status"]) == ("object.share", 501)
    assert entry["details"] == {"key": key, "seconds": 604800}


def test_somebody_who_may_not_ask_cannot_fill_the_audit_log(portal, people, project):
    members = {"people": [f"canary-{number}-{'x' * 200}" for number in range(200)]}
    assert portal.ask("PUT", f"/v1/projects/{project}", people.user, json=members).status_code == 403
    (entry,) = newest(portal, people)
    assert (entry["action"], entry["status"], entry["details"]) == ("project.change", 403, {})
