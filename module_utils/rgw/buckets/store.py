# SPDX-License-Identifier: Apache-2.0
"""Writing one aspect of a bucket: write, read back, compare, and where the gateway kept something else, put it back.

RGW 16 stores a lifecycle rule without a filter that it does not know, and then deletes what the filter would have
spared: 200 to a PUT says little.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...base.errors import ToolError
from ...s3.documents.differences import differences

_MOST_DIFFERENCES = 5


class KeptSomethingElse(ToolError):
    """The gateway took a write and kept something else. differences: lines, "what it kept -> what was wanted"."""

    def __init__(self, target: str, aspect: str, lines: list[str], put_back: str) -> None:
        told = "; ".join(lines[:_MOST_DIFFERENCES])
        more = f"; and {len(lines) - _MOST_DIFFERENCES} more" if len(lines) > _MOST_DIFFERENCES else ""
        hint = (
            f"{put_back} The release of Ceph may not know what is missing there: docs/buckets-stored.md has what each "
            "release stores."
        )
        super().__init__("store", f"{aspect} of {target}", f"the gateway kept something else ({told}{more})", hint)
        self.differences = lines

    def as_dict(self) -> dict[str, Any]:
        """The fields, for a module's result."""
        return {**super().as_dict(), "differences": self.differences}


def store(
    target: str, aspect: str, old: Any, wanted: Any, write: Callable[[Any, Any], None], read: Callable[[], Any]
) -> Any:
    """Write what is wanted, and return what was read back, which is the same. Raises ToolError, KeptSomethingElse.

    target, aspect: for errors, "bucket 'b' at http://host:port" and "lifecycle". old: what was there before, and is put
    back on a difference, and after a write that failed halfway. write: is given what to write, and what is there.
    """
    try:
        write(wanted, old)
    except ToolError as error:
        error.hint = f"{error.hint} {_after_failure(aspect, old, write, read)}".strip()
        raise
    stored = read()
    if stored == wanted:
        return stored
    raise KeptSomethingElse(
        target, aspect, differences(wanted, stored, aspect), _put_back(aspect, old, stored, write, read)
    )


def _after_failure(aspect: str, old: Any, write: Callable[[Any, Any], None], read: Callable[[], Any]) -> str:
    """Put back what a failed write has changed: some take several requests, of which the first may have been good."""
    try:
        stored = read()
    except ToolError:
        return f"What the bucket has now could not be read. Look at its {aspect}."
    return "" if stored == old else _put_back(aspect, old, stored, write, read)


def _put_back(aspect: str, old: Any, stored: Any, write: Callable[[Any, Any], None], read: Callable[[], Any]) -> str:
    try:
        write(old, stored)
        if read() == old:
            return f"What the bucket had before is back: its {aspect} did not change."
        problem = "the gateway keeps something else"
    except ToolError as error:
        problem = str(error)
    return f"WHAT THE BUCKET HAD BEFORE COULD NOT BE PUT BACK ({problem}). Look at its {aspect} now."
