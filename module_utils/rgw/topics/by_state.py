# SPDX-License-Identifier: Apache-2.0
"""Which topics are there before the notifications of buckets, and which go after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def topics_by_state(topics: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The entries that are to be present and absent, and the names of those to be present.

    topics: entries as the module rgw_topics takes them. They may hold secrets, which are not in the names.
    """
    entries = list(topics)
    absent = [entry for entry in entries if entry.get("state") == "absent"]
    present = [entry for entry in entries if entry.get("state") != "absent"]
    return {"present": present, "absent": absent, "names": [str(entry.get("name")) for entry in present]}
