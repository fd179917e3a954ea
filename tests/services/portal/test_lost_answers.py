# SPDX-License-Identifier: Apache-2.0
"""No key outlives a failure that has kept its secret from everybody; the key that it was to replace stays or goes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import Store, settings

KEYS = "/v1/dummy/projects/mine/keys"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("lost")


@pytest.fixture(scope="module")
def portal(place, issuer, people) -> Iterator[RunningPortal]:
    """A portal of its own, whose tables can be taken away."""
    own = settings(place, issuer, backends={"dummy": {"kind": "dummy"}})
    with running_portal(place, "tests.services.portal.serve", **own) as portal:
        made = portal.ask("POST", "/v1/projects", people.admin, json={"name": "mine", "people": ["ann"]})
        assert made.status_code == 201
        yield portal


@pytest.fixture
def ask(portal, people) -> Callable[..., requests.Response]:
    """A request of ann's with a body."""

    def send(path: str, once: str = "", **body: object) -> requests.Response:
        headers = {"Idempotency-Key": once} if once else {}
        return portal.ask("POST", path, people.user, json=body, headers=headers)

    return send


@pytest.fixture
def key(ask) -> str:
    """The id of a key."""
    return ask(KEYS).json()["id"]


@contextmanager
def lost_while_a_key_is_made(portal: RunningPortal, store: Store, place, table: str) -> Iterator[None]:
    """A table that is gone before the back-end has made the key that a request in the block asks for."""
    portal.ask("POST", "/test/slow/create_key/1.5").raise_for_status()
    taken = threading.Timer(0.7, store.run, (place, f"ALTER TABLE {table} RENAME TO lost"))
    taken.start()
    try:
        yield
    finally:
        taken.join()
        store.run(place, f"ALTER TABLE lost RENAME TO {table}")
        portal.ask("POST", "/test/slow/create_key/0").raise_for_status()


def live(portal: RunningPortal) -> set[str]:
    """The keys that open the storage."""
    return set(portal.ask("POST", "/test/keys/mine").json())


def left(portal: RunningPortal, wanted: set[str]) -> set[str]:
    """The keys that open the storage, once these alone do, or after a while."""
    until = time.monotonic() + 15
    while live(portal) != wanted and time.monotonic() < until:
        time.sleep(0.2)
    return live(portal)


def test_a_rotation_shows_the_new_secret_although_the_old_key_cannot_be_removed(portal, people, ask, key):
    others = live(portal) - {key}
    portal.ask("POST", "/test/fail/remove_key/true").raise_for_status()
    try:
        rotated = ask(f"{KEYS}/{key}/rotate", grace_s=0)
        assert rotated.status_code == 201 and rotated.json()["secret"]
        assert live(portal) == others | {key, rotated.json()["id"]}
    finally:
        portal.ask("POST", "/test/fail/remove_key/false").raise_for_status()
    assert left(portal, others | {rotated.json()["id"]}) == others | {rotated.json()["id"]}
    listed = {one["id"]: one["ends_at"] for one in portal.ask("GET", KEYS, people.user).json()["items"]}
    assert listed[rotated.json()["id"]] is None


@pytest.mark.parametrize("table", ["replies", "journal"])
@pytest.mark.parametrize("rotates", [False, True])
def test_a_key_goes_if_its_answer_cannot_be_written_down(portal, store, place, ask, key, table, rotates):
    before, once = live(portal), f"{table}-{rotates}-{key}"
    path, body = (f"{KEYS}/{key}/rotate", {"grace_s": 3600}) if rotates else (KEYS, {})
    with lost_while_a_key_is_made(portal, store, place, table):
        answer = ask(path, once, **body)
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:rgwkit:portal:unavailable")
    assert left(portal, before) == before
    # The old key has not been replaced, and the request may be repeated with its Idempotency-Key.
    again = ask(path, once, **body)
    assert again.status_code == 201 and again.json()["secret"], again.text
    assert live(portal) == before | {again.json()["id"]}
    assert ask(path, once, **body).json() == {**again.json(), "secret": None}


def test_a_request_may_be_repeated_although_its_failure_could_not_be_written_down(portal, store, place, ask, people):
    body, once = {"name": "a-bucket"}, "bucket-1"
    portal.ask("POST", "/test/slow/create_bucket/1.5").raise_for_status()
    portal.ask("POST", "/test/fail/create_bucket/true").raise_for_status()
    taken = threading.Timer(0.7, store.run, (place, "ALTER TABLE replies RENAME TO lost"))
    taken.start()
    try:
        assert ask("/v1/dummy/projects/mine/buckets", once, **body).status_code == 503
    finally:
        taken.join()
        store.run(place, "ALTER TABLE lost RENAME TO replies")
        for fault in ("slow/create_bucket/0", "fail/create_bucket/false"):
            portal.ask("POST", f"/test/{fault}").raise_for_status()
    assert ask("/v1/dummy/projects/mine/buckets", once, **body).status_code == 201


def test_a_bucket_whose_answer_is_lost_is_there_for_the_repetition_even_if_that_fails_first(portal, ask):
    path, once, body = "/v1/dummy/projects/mine/buckets", "bucket-2", {"name": "a-lost-bucket"}
    portal.ask("POST", "/test/lose-answers/true").raise_for_status()
    assert ask(path, once, **body).status_code == 503
    portal.ask("POST", "/test/lose-answers/false").raise_for_status()
    portal.ask("POST", "/test/down/true").raise_for_status()
    assert ask(path, once, **body).status_code == 503
    portal.ask("POST", "/test/down/false").raise_for_status()
    assert ask(path, once, **body, quota={"max_objects": 1}).status_code == 422  # another request
    assert ask(path, "bucket-3", **body).status_code == 409
    assert ask(path, "bucket-3", **body).status_code == 409  # who was refused has made nothing
    made = ask(path, once, **body)
    assert (made.status_code, made.json()["name"]) == (201, "a-lost-bucket")
    assert ask(path, once, **body).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/projects", {"name": "whole"}),
        ("/v1/dummy/projects/mine/requests", {"wanted": {"max_bytes": 1024, "max_buckets": 9}, "reason": "Data."}),
    ],
)
def test_what_the_database_alone_holds_is_made_with_its_answer_or_not_at_all(portal, people, store, place, path, body):
    asking = people.admin if path == "/v1/projects" else people.user
    once = {"Idempotency-Key": f"whole {path}"}
    before = portal.ask("GET", path, asking).json()["items"] if path == "/v1/projects" else []
    refuse = (
        "CREATE TRIGGER refuse BEFORE UPDATE ON journal WHEN new.status = 201 BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    store.run(place, refuse)
    try:
        assert portal.ask("POST", path, asking, json=body, headers=once).status_code == 503
    finally:
        store.run(place, "DROP TRIGGER refuse")
    listed = "/v1/projects" if path == "/v1/projects" else "/v1/projects/mine/requests"
    assert portal.ask("GET", listed, asking).json()["items"] == before
    assert portal.ask("POST", path, asking, json=body, headers=once).status_code == 201
    assert len(portal.ask("GET", listed, asking).json()["items"]) == len(before) + 1
