# SPDX-License-Identifier: Apache-2.0
"""Changes of one project come one after another, nobody else waits, and rights are those of the change's own time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import requests

from services.portal import turns
from services.portal.problems import Busy
from services.portal.turns import Turns
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import settings

Ask = Callable[..., "Future[requests.Response]"]


def taken(turns: Turns, name: str) -> bool:
    """Whether somebody else gets a turn."""
    try:
        with turns.of(name):
            return True
    except Busy:
        return False


@contextmanager
def waiting(turns_: Turns, names: list[str]) -> Iterator[list[bool]]:
    """Threads that wait for their turns; what became of those that have ended."""
    ended: list[bool] = []
    threads = [threading.Thread(target=lambda name=name: ended.append(taken(turns_, name))) for name in names]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    yield ended
    for thread in threads:
        thread.join()


def test_a_turn_ends_with_the_block_and_leaves_nothing():
    own = Turns()
    with pytest.raises(KeyError), own.of("genomes"):
        raise KeyError
    assert taken(own, "genomes")
    assert (own._turns, own._users) == ({}, 0)


def test_who_waits_gets_the_turn_or_is_told_after_a_while(monkeypatch):
    monkeypatch.setattr(turns, "_PATIENCE_S", 0.3)
    own = Turns()
    with own.of("genomes"):
        assert not taken(own, "genomes")
        with waiting(own, ["genomes"]) as ended:
            time.sleep(0.4)
            assert ended == [False]
    with ExitStack() as stack:
        with own.of("genomes"):
            ended = stack.enter_context(waiting(own, ["genomes"]))
            assert ended == []
        stack.close()
        assert ended == [True]


def test_projects_do_not_wait_for_each_other():
    own = Turns()
    with ExitStack() as stack:
        for number in range(300):
            stack.enter_context(own.of(f"p{number}"))
        assert taken(own, "another")


def test_few_wait_for_one_project_and_for_all_together(monkeypatch):
    monkeypatch.setattr(turns, "_PATIENCE_S", 1.0)
    most_of_one, most = turns._MOST_WAITING_FOR_ONE, turns._MOST_WAITING
    own = Turns()
    with ExitStack() as stack:
        for name in ("one", "two", "three", "four"):
            stack.enter_context(own.of(name))
        stack.enter_context(waiting(own, ["one"] * most_of_one))
        began = time.monotonic()
        assert not taken(own, "one")
        assert time.monotonic() - began < 0.5, "refused at once"
        stack.enter_context(waiting(own, ["two"] * (most - most_of_one)))
        assert not taken(own, "three")
        assert time.monotonic() - began < 0.9, "refused at once"
        assert taken(own, "five")
    assert own._users == 0


# ---- over the REST interface


@pytest.fixture(scope="module")
def portal(tmp_path_factory, issuer) -> Iterator[RunningPortal]:
    """A portal whose one back-end is in memory, so that projects can be removed."""
    folder = tmp_path_factory.mktemp("turns")
    own = settings(folder, issuer, backends={"dummy": {"kind": "dummy", "limits": {"max_buckets": 50}}})
    with running_portal(folder, "tests.services.portal.serve", **own) as portal:
        yield portal


@pytest.fixture
def slow(portal) -> Iterator[Callable[[str, float], None]]:
    """Lets an operation of the back-end take so long."""
    names: list[str] = []

    def let(name: str, seconds: float) -> None:
        names.append(name)
        portal.ask("POST", f"/test/slow/{name}/{seconds}").raise_for_status()

    yield let
    for name in names:
        portal.ask("POST", f"/test/slow/{name}/0").raise_for_status()


@pytest.fixture
def ask(portal) -> Iterator[Ask]:
    """Begins a request; what will be its answer."""
    with ThreadPoolExecutor(64) as pool:

        def begin(*request: Any, **options: Any) -> Future[requests.Response]:
            begun = pool.submit(portal.ask, *request, **options)
            time.sleep(0.01)
            return begun

        yield begin


def timed(portal: RunningPortal, path: str, token: str = "") -> float:
    """How long an answer takes."""
    began = time.monotonic()
    answer = portal.ask("GET", path, token)
    assert answer.status_code == 200, answer.text
    return time.monotonic() - began


def test_a_change_that_takes_long_keeps_nobody_else_waiting(portal, people, project, bucket, slow, ask):
    path, keys = bucket(), f"/v1/dummy/projects/{project}/keys"
    other = portal.ask("POST", "/v1/projects", people.admin, json={"name": f"{project}-bob", "people": ["bob"]})
    assert other.status_code == 201
    slow("delete_bucket", 4)
    purge = ask("DELETE", path, people.user)
    time.sleep(0.3)
    began = time.monotonic()
    waiting = [ask("POST", keys, people.user, json={}) for _number in range(60)]
    assert timed(portal, "/health/live") < 0.5
    assert timed(portal, "/v1/projects", people.other) < 1
    made = portal.ask("POST", f"/v1/dummy/projects/{project}-bob/keys", people.other, json={})
    assert made.status_code == 201 and time.monotonic() - began < 3
    answers = [one.result() for one in waiting]
    assert time.monotonic() - began < 3.5
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:rgwkit:portal:busy")
        assert answer.headers["retry-after"] == "2"
    assert purge.result().status_code == 200
    assert portal.ask("POST", f"/test/keys/{project}").json() == []


@pytest.mark.parametrize(
    "method, part, body, gone",
    [
        ("POST", "keys", {}, True),
        ("POST", "buckets", {"name": "waits-for-a-turn"}, True),
        ("POST", "requests", {"wanted": {"max_buckets": 9}, "reason": "x"}, True),
        ("POST", "keys", {}, False),
        ("POST", "keys/{key}/rotate", {}, False),
        ("DELETE", "keys/{key}", None, False),
        ("PATCH", "buckets/{bucket}", {"quota": {"max_bytes": 4096}}, False),
        ("DELETE", "buckets/{bucket}", None, False),
        ("POST", "requests", {"wanted": {"max_buckets": 9}, "reason": "x"}, False),
    ],
)
def test_a_change_that_has_waited_finds_the_rights_of_its_turn(
    portal, people, project, slow, ask, method, part, body, gone
):
    base, named = f"/v1/dummy/projects/{project}", {"bucket": f"{project}-b", "key": ""}
    key = portal.ask("POST", f"{base}/keys", people.user, json={}).json()["id"]
    if gone:
        slow("remove_account", 0.8)
        ends = ask("DELETE", f"/v1/projects/{project}", people.uber)
    else:
        named["key"] = key
        for name in (named["bucket"], f"{project}-slow"):
            portal.ask("POST", f"{base}/buckets", people.user, json={"name": name}).raise_for_status()
        # The first change is under way, the end of the membership waits for it, and the change waits for both.
        slow("delete_bucket", 0.5)
        first = ask("DELETE", f"{base}/buckets/{project}-slow", people.user)
        time.sleep(0.2)
        ends = ask("PUT", f"/v1/projects/{project}", people.admin, json={"people": ["bob"]})
    time.sleep(0.2)
    late = portal.ask(method, f"{base}/{part.format(**named)}", people.user, **({} if body is None else {"json": body}))
    assert ends.result().status_code == 200
    assert (late.status_code, late.json()["type"]) == (404, "urn:rgwkit:portal:not-found"), late.text
    if gone:
        again = portal.ask("POST", "/v1/projects", people.admin, json={"name": project, "people": ["bob"]})
        assert again.status_code == 201
        assert portal.ask("GET", f"{base}/buckets", people.other).json()["items"] == []
        assert portal.ask("GET", f"/v1/projects/{project}/requests", people.other).json()["items"] == []
        assert portal.ask("GET", f"{base}/keys", people.other).json()["items"] == []
        # The back-end has no account of the project, and so no key that opens the next one of this name.
        assert portal.ask("POST", f"/test/keys/{project}").status_code == 404
    else:
        assert first.result().status_code == 200
        assert portal.ask("POST", f"/test/keys/{project}").json() == [key]
        seen = portal.ask("GET", f"{base}/buckets/{named['bucket']}", people.other).json()
        assert seen["quota"]["max_bytes"] is None


def test_a_stranger_takes_no_turn(portal, people, project, bucket, slow, ask):
    path = bucket()
    slow("delete_bucket", 1.5)
    first = ask("DELETE", path, people.user)
    time.sleep(0.2)
    began = time.monotonic()
    answer = portal.ask("POST", f"/v1/dummy/projects/{project}/keys", people.other, json={})
    assert answer.status_code == 404 and time.monotonic() - began < 0.5
    assert first.result().status_code == 200


def test_many_who_ask_at_once_have_no_more_open_requests_than_they_may(portal, people, project, ask):
    path = f"/v1/dummy/projects/{project}/requests"
    body = {"wanted": {"max_buckets": 9}, "reason": "x"}
    begun = [ask("POST", path, people.user, json=body) for _number in range(24)]
    made = [one.result().status_code for one in begun].count(201)
    items = portal.ask("GET", f"/v1/projects/{project}/requests", people.user).json()["items"]
    assert len(items) == made <= 5
    while portal.ask("POST", path, people.user, json=body).status_code == 201:
        made += 1
    assert made == 5


def test_of_two_who_create_a_project_at_once_one_is_told_that_the_name_is_taken(portal, people, project, ask):
    for turn in range(10):
        body = {"name": f"{project}-{turn}"}
        begun = [ask("POST", "/v1/projects", people.admin, json=body) for _number in range(8)]
        assert sorted(one.result().status_code for one in begun) == [201] + [409] * 7
