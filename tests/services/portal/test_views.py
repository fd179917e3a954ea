# SPDX-License-Identifier: Apache-2.0
"""What lists and pages show of back-ends is kept for a while, and never in place of what the portal has changed."""

from __future__ import annotations

import threading

import pytest

from services.portal import views
from services.portal.backends.backend import AccountLimits, Quota, Usage
from services.portal.backends.dummy import DummyBackend
from services.portal.problems import NotFound, Unavailable
from services.portal.views import Views

LIMITS = AccountLimits(Quota(), 100_000)


class Seen:
    """Views of two dummy back-ends, with a count of hits and misses."""

    def __init__(self) -> None:
        self.backends = {"one": DummyBackend(), "two": DummyBackend()}
        for backend in self.backends.values():
            for project in ("genomes", "images"):
                backend.set_limits(project, LIMITS)
        self.looks: list[bool] = []
        self.views = Views(self.backends.__getitem__, self.looks.append)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be changed in place."""
    now = [1000.0]
    monkeypatch.setattr(views.time, "monotonic", lambda: now[0])
    return now


def test_an_answer_is_kept_for_a_while(seen, clock):
    assert seen.views.names("one", "genomes") == []
    seen.backends["one"].create_bucket("genomes", "made-elsewhere", Quota())
    clock[0] += views.KEPT_S - 1
    assert seen.views.names("one", "genomes") == []
    clock[0] += 2
    assert seen.views.names("one", "genomes") == ["made-elsewhere"]
    assert seen.looks == [False, True, False]


def test_each_project_back_end_and_page_has_its_own_answer(seen):
    for name in ("a-bucket", "b-bucket"):
        seen.backends["one"].create_bucket("genomes", name, Quota())
    assert seen.views.names("one", "genomes") == ["a-bucket", "b-bucket"]
    assert seen.views.names("one", "images") == seen.views.names("two", "genomes") == []
    for name in ("a-bucket", "b-bucket"):
        assert [one.name for one in seen.views.buckets("one", "genomes", [name])] == [name]
    assert seen.views.buckets("one", "images", ["a-bucket"]) == []
    assert seen.views.summary("one", "genomes").buckets == 2 and seen.views.summary("one", "images").buckets == 0


def test_what_the_portal_changes_is_seen_at_once(seen):
    assert seen.views.names("one", "genomes") == [] and seen.views.names("one", "images") == []
    seen.backends["one"].create_bucket("genomes", "own", Quota())
    seen.views.forget("genomes")
    assert seen.views.names("one", "genomes") == ["own"]
    seen.views.names("one", "images")
    assert seen.looks[-1], "the other project's answer is still there"


def test_an_answer_that_a_change_has_overtaken_is_not_kept(seen):
    backend, is_asked, may_answer = seen.backends["one"], threading.Event(), threading.Event()
    ask = backend.bucket_names

    def slowly(project: str) -> list[str]:
        found = ask(project)
        is_asked.set()
        may_answer.wait(10)
        return found

    backend.bucket_names = slowly
    reader = threading.Thread(target=seen.views.names, args=("one", "genomes"))
    reader.start()
    is_asked.wait(10)
    backend.create_bucket("genomes", "own", Quota())
    seen.views.forget("genomes")
    may_answer.set()
    reader.join()
    assert seen.views.names("one", "genomes") == ["own"]


def test_a_problem_is_not_kept(seen):
    seen.backends["one"].is_down = True
    with pytest.raises(Unavailable):
        seen.views.summary("one", "genomes")
    seen.backends["one"].is_down = False
    assert seen.views.summary("one", "genomes").usage == Usage()
    with pytest.raises(NotFound):
        seen.views.names("one", "nobody")
    assert seen.views.summary("one", "nobody") is None


def test_what_is_kept_has_an_end(seen, monkeypatch):
    monkeypatch.setattr(views, "_MOST_ITEMS", 10)
    for name in ("a", "b", "c", "d"):
        seen.backends["one"].create_bucket("genomes", f"{name}-bucket", Quota())
    for backend, project in (("one", "genomes"), ("two", "genomes"), ("one", "images"), ("two", "images")):
        seen.views.names(backend, project)  # 5, 1, 1 and 1 items
    seen.views.names("one", "genomes")
    assert seen.looks[-1]
    seen.views.buckets("one", "genomes", ["a-bucket", "b-bucket"])  # 5 more: the oldest one goes
    seen.views.names("two", "images")
    assert seen.looks[-1]
    seen.views.names("one", "genomes")
    assert not seen.looks[-1]


def test_an_answer_that_is_too_large_is_not_kept(seen, monkeypatch):
    monkeypatch.setattr(views, "_MOST_ITEMS", 2)
    for name in ("a", "b"):
        seen.backends["one"].create_bucket("genomes", f"{name}-bucket", Quota())
    for _look in range(2):
        assert seen.views.names("one", "genomes") == ["a-bucket", "b-bucket"]
    assert seen.looks == [False, False]
