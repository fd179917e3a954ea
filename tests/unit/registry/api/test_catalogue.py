# SPDX-License-Identifier: Apache-2.0
"""Lists of registries that do what the real one does not: other orders, endless pages, names that are none."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from email.message import Message
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.outcomes import WrongAnswer
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.stream import Answer
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.catalogue import (
    Names,
    is_repository,
    repositories_below,
    tagged,
    tags_of,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.session import OciSession

NAMES = ["a/x", "genomes", "genomes-raw/x", "genomes.x/y", "genomes/a", "genomes/b/c", "genomes/z", "genomes0/x", "z/x"]


class Session(OciSession):
    """Answers each request by a function of its path."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        super().__init__("http://127.0.0.1:9")
        self.asked: list[tuple[str, str]] = []
        self._answer = answer

    def read(self, path: str, scope: str, accept: str = "*/*") -> Answer:
        self.asked.append((path, scope))
        return self._answer(path)


def answer(document: Any, link: str = "", status: int = 200) -> Answer:
    headers = Message()
    if link:
        headers["Link"] = f'<{link}>; rel="next"'
    return Answer("GET /v2/_catalog", status, "", headers, json.dumps(document).encode())


def catalogue(names: Sequence[str], page: int, by_path: bool) -> Session:
    """A registry with so many names on a page, which lists by path as distribution does, or by bytes."""

    def key(name: str) -> Any:
        return name.split("/") if by_path else name

    def respond(path: str) -> Answer:
        last = parse_qs(urlsplit(path).query).get("last", [""])[0]
        rest = [name for name in sorted(names, key=key) if key(name) > key(last)]
        more = f"/v2/_catalog?last={rest[page - 1]}&n={page}" if len(rest) > page else ""
        return answer({"repositories": rest[:page]}, more)

    return Session(respond)


@pytest.mark.parametrize("by_path", [True, False], ids=["by path", "by bytes"])
@pytest.mark.parametrize("page", [1, 2, 100])
@pytest.mark.parametrize("most", [1, 2, 9])
def test_all_repositories_of_the_prefix_come_once_and_no_others(by_path, page, most):
    seen, after = [], ""
    for _number in range(20):
        part = repositories_below(catalogue(NAMES, page, by_path), "genomes/", after, most, 3)
        assert len(part.names) <= most
        seen += part.names
        after = part.following
        if not after:
            break
    assert seen == ["genomes/a", "genomes/b/c", "genomes/z"]


def test_a_huge_catalogue_is_read_in_bounded_parts():
    session = catalogue([f"genomes-{number:04}/x" for number in range(1000)] + ["genomes/a"], 100, by_path=False)
    assert repositories_below(session, "genomes/", "", 10, 3) == Names([], "genomes-0299/x")
    assert len(session.asked) == 3
    assert session.asked[0] == ("/_catalog?last=genomes", "registry:catalog:*")


def test_the_list_ends_as_soon_as_nothing_can_follow():
    session = catalogue(["genomes/a", *(f"h{number}/x" for number in range(1000))], 2, by_path=True)
    assert repositories_below(session, "genomes/", "", 10, 20) == Names(["genomes/a"], "")
    assert len(session.asked) == 1


def test_a_page_that_leads_to_itself_ends_the_list():
    session = Session(lambda _path: answer({"repositories": ["genomes/a"]}, "/v2/_catalog?last=genomes"))
    assert repositories_below(session, "genomes/", "", 10, 20).following == ""
    tags = Session(lambda _path: answer({"tags": ["one"]}, "/v2/x/tags/list?last=one"))
    assert tags_of(tags, "x", 5) == ["one"] and len(tags.asked) == 2


@pytest.mark.parametrize("name", ["genomes/UP", "genomes/$(reboot)", "genomes/a b", "genomes/", "genomes/" + "a" * 300])
def test_names_that_nobody_could_pull_are_left_out(name):
    session = Session(lambda _path: answer({"repositories": [name, "genomes/ok"]}))
    assert repositories_below(session, "genomes/", "", 10, 20).names == ["genomes/ok"]
    assert not is_repository(name)
    tags = Session(lambda _path: answer({"tags": [";reboot", "-x", "v1", "a" * 129]}))
    assert tags_of(tags, "x", 5) == ["v1"]


def test_a_repository_without_tags_has_none():
    assert tags_of(Session(lambda _path: answer({"errors": []}, status=404)), "x", 5) == []
    assert tags_of(Session(lambda _path: answer({"name": "x", "tags": None})), "x", 5) == []


@pytest.mark.parametrize("document", [[], "x", {"repositories": "x"}, {"repositories": [7]}])
def test_an_answer_that_is_no_list_is_wrong(document):
    with pytest.raises(WrongAnswer):
        repositories_below(Session(lambda _path: answer(document)), "genomes/", "", 10, 20)


def test_a_manifest_of_another_kind_has_no_size():
    found = tagged(Session(lambda _path: answer({"schemaVersion": 1, "fsLayers": []})), "x", "v1")
    assert found is not None and found.size is None and found.digest.startswith("sha256:")
    assert tagged(Session(lambda _path: answer({}, status=404)), "x", "v1") is None
