# SPDX-License-Identifier: Apache-2.0
"""What a registry has: repositories below a prefix, their tags, and what a tag names.

The catalogue is distribution's (GET /v2/_catalog); tags are the OCI distribution specification's, 1.0. Both come in
pages, each of which names the next one in Link (RFC 8288). No count of entries is asked for: a registry refuses more
than its `catalog.maxentries` (registry 2.8.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, List, Tuple
from urllib.parse import parse_qs, quote, urlsplit

from ...base.remote_json import loads
from ...http.outcomes import WrongAnswer
from ...http.stream import Answer
from ...http.verdicts import BAD_HEADER
from .content import DOCKER_INDEX_TYPE, DOCKER_MANIFEST_TYPE, INDEX_TYPE, MANIFEST_TYPE, Descriptor, digest_of
from .session import OciSession

# The names that the specification allows. All others are left out: nobody could pull them.
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_LINK = re.compile(r'<([^<>]*)>\s*;\s*rel="?next"?')
_LONGEST_NAME = 255
_ACCEPT = ", ".join((DOCKER_MANIFEST_TYPE, DOCKER_INDEX_TYPE, MANIFEST_TYPE, INDEX_TYPE))


@dataclass(frozen=True)
class Names:
    """A part of a list. following: the name after which the list goes on, empty at its end."""

    names: List[str]
    following: str


@dataclass(frozen=True)
class Tagged:
    """What a tag names. size: the bytes of its blobs, compressed; None for an index, which has images for platforms."""

    digest: str
    size: int | None
    platforms: int


def is_repository(name: str) -> bool:
    """Whether a repository can have this name."""
    return len(name) <= _LONGEST_NAME and _REPOSITORY.fullmatch(name) is not None


def repositories_below(session: OciSession, prefix: str, after: str, most: int, most_pages: int) -> Names:
    """Repositories whose names begin with `prefix`, which ends with "/", after the name `after` or from the first one.

    At most `most` names out of at most `most_pages` pages of the catalogue, which holds everybody's repositories: the
    part may be short, and even empty, while the list goes on. Raises WrongAnswer.
    """
    found: list[str] = []
    last = after or prefix.rstrip("/")
    for _number in range(most_pages):
        page, following = _page(session, "/_catalog", last, "registry:catalog:*", "repositories")
        for name in page:
            if name.startswith(prefix) and is_repository(name):
                if len(found) == most:
                    return Names(found, found[-1])
                found.append(name)
            last = name
        if not following or _is_behind(last, prefix):
            return Names(found, "")
        last = following
    return Names(found, last)


def tags_of(session: OciSession, repository: str, most_pages: int) -> list[str]:
    """The tags of a repository, sorted; of at most `most_pages` pages. Raises WrongAnswer."""
    found: list[str] = []
    last = ""
    for _number in range(most_pages):
        page, last = _page(session, f"/{repository}/tags/list", last, f"repository:{repository}:pull", "tags")
        found += [tag for tag in page if _TAG.fullmatch(tag)]
        if not last:
            break
    return sorted(set(found))


def tagged(session: OciSession, repository: str, tag: str) -> Tagged | None:
    """What a tag names; None if the tag has gone meanwhile. Raises WrongAnswer."""
    answer = session.read(f"/{repository}/manifests/{tag}", f"repository:{repository}:pull", _ACCEPT)
    if answer.status == 404:
        return None
    document = _document(session.expect(answer, 200))
    digest = digest_of(answer.body)
    try:
        if "manifests" in document:
            return Tagged(digest, None, len(document["manifests"]))
        blobs = [Descriptor.of(one) for one in (document["config"], *document["layers"])]
        return Tagged(digest, sum(blob.size for blob in blobs), 1)
    except (ValueError, KeyError, TypeError):
        return Tagged(digest, None, 1)  # of another kind than an image


def _page(session: OciSession, path: str, last: str, scope: str, member: str) -> Tuple[list[str], str]:
    """The names of a page after `last`, and the last name of the page if there is another one."""
    answer = session.read(path + (f"?last={quote(last, safe='')}" if last else ""), scope)
    # A repository whose tags are all gone, and one that never was (registry 2.8).
    if answer.status == 404 and member == "tags":
        return [], ""
    names = _document(session.expect(answer, 200)).get(member)
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise WrongAnswer(BAD_HEADER, f"{answer.call} answered with a list of {member}", "something else")
    link = _LINK.search(answer.header("Link") or "")
    following = parse_qs(urlsplit(link[1]).query).get("last", [""])[-1] if link else ""
    # A page that leads back would be read for ever.
    return names or [], following if following != last else ""


def _document(answer: Answer) -> dict[str, Any]:
    try:
        document = loads(answer.body)
        if isinstance(document, dict):
            return document
    except ValueError:
        pass
    raise WrongAnswer(BAD_HEADER, f"{answer.call} answered with a JSON object", f"{len(answer.body)} other bytes")


def _is_behind(name: str, prefix: str) -> bool:
    """Whether no name with the prefix can follow a name.

    Distribution lists path by path, "/" before all other characters; others list by bytes. Both have to say so.
    """
    by_bytes = name > prefix and not name.startswith(prefix)
    by_path = name.split("/") > prefix.rstrip("/").split("/") and not name.startswith(prefix)
    return by_bytes and by_path
