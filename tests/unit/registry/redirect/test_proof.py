# SPDX-License-Identifier: Apache-2.0
"""The proof of redirects where this host gets the blob, and other clients would not."""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.outcomes import Skip, WrongAnswer
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Blob
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.redirect.proof import RedirectProof


class Registry:
    """A registry that sends its clients to `location`, or sends the blob itself."""

    def __init__(self, origin: str, location: str | None) -> None:
        self.origin, self._location = origin, location

    def redirect(self, *_arguments: Any) -> str | None:
        return self._location


def outcome(origin: str, location: str | None, required: bool = True) -> Exception:
    proof = RedirectProof(required)
    proof.begin(1)
    with pytest.raises((WrongAnswer, Skip)) as found:
        proof.check(Registry(origin, location), "repository", Blob("seed", 1000))  # type: ignore[arg-type]
    return found.value


@pytest.fixture(autouse=True)
def no_requests(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each of these ends before anything is asked of a gateway."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_arguments, **_more: pytest.fail("asked"))
    yield


@pytest.mark.parametrize(
    ("origin", "location", "word"),
    [
        ("https://registry.test", "http://gw.test/x?temp_url_sig=secret", "redirect-plain-http"),
        ("http://registry.test:5000", "http://127.0.0.1:8080/x?temp_url_sig=secret", "redirect-address"),
        ("http://registry.test:5000", None, "redirect-info"),
        ("http://registry.test:5000", "", "bad-header"),
    ],
)
def test_a_redirect_that_is_no_use_to_clients(origin: str, location: str | None, word: str) -> None:
    found = outcome(origin, location)
    assert isinstance(found, WrongAnswer)
    assert found.word == word
    assert "secret" not in str(found)


def test_a_registry_that_need_not_redirect_is_skipped() -> None:
    assert "sends blobs itself" in str(outcome("http://registry.test", None, required=False))
