# SPDX-License-Identifier: Apache-2.0
"""The registry's own garbage collector, held against what its manifests need before it may delete anything.

The collector goes by listings and believes them to be complete. Where the gateway gives a short page, or it overlooks
the parts of an index (both seen on registry 2.8.2), it deletes blobs that are in use. Its dry run says which.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Callable, Iterable, NamedTuple, Sequence

from ...base.errors import ToolError
from .cache import RedisCache
from .survey import Storage, Survey

# Runs `garbage-collect` with these options; gives its lines to the function, and returns the exit code.
Collector = Callable[[Sequence[str], Callable[[str], None]], int]

SHOWN = 5
_READ_LOG = "Check the registry's configuration and its storage."
_IN_USE_HINT = (
    "Nothing was deleted. Either a listing that the registry gets is not complete (run rgw_verify, probe full-pages: "
    "RGW's short pages, tracker 44554), or it takes the manifests that an index names for untagged, as registry 2.8 "
    "does with --delete-untagged: collect without that."
)
_LAST_LINES = 15
_DOOMED = re.compile(r"(?P<kind>blob|manifest) eligible for deletion: (?P<digest>\w+:[0-9a-f]{32,128})")
_COUNTED = re.compile(r"(?P<marked>[0-9]+) blobs marked, [0-9]+ blobs and [0-9]+ manifests eligible for deletion")


@dataclass
class Run:
    """What the collector said: how many blobs it keeps, and which blobs and manifests it deletes."""

    marked: int = -1
    blobs: set[str] = field(default_factory=set)
    manifests: set[str] = field(default_factory=set)

    def note(self, line: str) -> None:
        """Take one line of what it says."""
        doomed, counted = _DOOMED.search(line), _COUNTED.search(line)
        if doomed:
            (self.blobs if doomed["kind"] == "blob" else self.manifests).add(doomed["digest"])
        elif counted:
            self.marked = int(counted["marked"])


class Result(NamedTuple):
    """What a collection deletes, or has deleted. bytes: of the blobs, those of their segments included.

    forgotten: of how many digests the cache says, or said, what is not so afterwards.
    """

    marked: int
    blobs: int
    manifests: int
    bytes: int
    forgotten: int


def run(collect: Collector, options: Sequence[str]) -> Run:
    """Run the collector to its end. Raises ToolError."""
    said = Run()
    last: deque[str] = deque(maxlen=_LAST_LINES)

    def take(line: str) -> None:
        said.note(line)
        last.append(line)

    code = collect(options, take)
    if code or said.marked < 0:
        what = " ".join(["garbage-collect", *options])
        raise ToolError(
            "run", what, "\n".join([f"it ended with {code} and without a result. Its last lines:", *last]), _READ_LOG
        )
    return said


def needed(storage: Storage, survey: Survey, delete_untagged: bool) -> set[str]:
    """The digests of all that has to stay: manifests, and what they name. Raises ToolError.

    With `delete_untagged`, only what a tag leads to has to stay, an index with the manifests that it names.
    """
    roots = {digest for _repository, digest in survey.revisions}
    if delete_untagged:
        roots &= {digest for digest in survey.tags.values() if digest}
    manifests = storage.manifests(survey, roots)
    if manifests.broken:
        lines = [f"- {digest}: {problem}" for digest, problem in list(manifests.broken.items())[:SHOWN]]
        raise ToolError(
            "read",
            f"{len(manifests.broken)} manifests",
            "\n".join(["they are broken:", *lines]),
            "Nothing was deleted, since what these need is not known. Delete them from the registry, or mend them.",
        )
    return manifests.digests()


def collect_garbage(
    collect: Collector,
    storage: Storage,
    delete_untagged: bool,
    dry: bool,
    cache: RedisCache | None = None,
    expect_read_only: Callable[[], None] | None = None,
) -> Result:
    """Let the collector delete what nothing needs, if that is all that it would delete. Raises ToolError.

    Afterwards the bucket is walked through again: what is needed has to be there, what was to go has to be gone.
    `expect_read_only` raises ToolError where the registry takes pushes, whose blobs the collector would overlook. It
    is called right before anything is deleted, and after.

    The cache forgets first, so that a run which is cut off leaves nothing untrue in it, and again at the end, for pulls
    have meanwhile put blobs into it where the registries did not leave it alone.
    """
    options = ["--delete-untagged"] * delete_untagged
    before = storage.survey()
    keep = needed(storage, before, delete_untagged) & set(before.blobs)
    plan = run(collect, ["--dry-run", *options])
    lost = keep & (plan.blobs | plan.manifests)
    if lost:
        raise ToolError("collect", "the registry's garbage", f"{_in_use(lost)}", _IN_USE_HINT)
    doomed = sorted(plan.blobs & set(before.blobs))
    forgotten = cache.reconcile(before, dry, plan.blobs | plan.manifests) if cache else 0
    result = Result(plan.marked, len(doomed), len(plan.manifests), sum(storage.blob_sizes(doomed)), forgotten)
    if (plan.blobs or plan.manifests) and not dry:
        if expect_read_only:
            expect_read_only()
        run(collect, options)
        if expect_read_only:
            expect_read_only()
        after = storage.survey()
        if cache:
            cache.reconcile(after, dry)
        _expect("are gone, which manifests need", keep - set(after.blobs))
        _expect("are still there, which the collector said it would delete", set(doomed) & set(after.blobs))
    return result


def _in_use(lost: set[str]) -> str:
    return f"the collector would delete {len(lost)} blobs that are in use: {_some(lost)}"


def _expect(what: str, digests: set[str]) -> None:
    if digests:
        raise ToolError(
            "collect",
            "the registry's garbage",
            f"the collector has run, and {len(digests)} blobs {what}: {_some(digests)}",
            "Verify the gateway (rgw_verify) and the registry's blobs (registry_blobs).",
        )


def _some(digests: Iterable[str]) -> str:
    found = sorted(digests)
    return ", ".join(found[:SHOWN]) + (" and others" if len(found) > SHOWN else "")
