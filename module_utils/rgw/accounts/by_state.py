# SPDX-License-Identifier: Apache-2.0
"""Which accounts are there before their users, and which go after them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def accounts_by_state(accounts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The entries that are to be present and absent, and the names ("tenant$name") of those to be present.

    accounts: entries as the module rgw_accounts takes them.
    """
    entries = list(accounts)
    absent = [entry for entry in entries if entry.get("state") == "absent"]
    present = [entry for entry in entries if entry.get("state") != "absent"]
    return {"present": present, "absent": absent, "names": [_full_name(entry) for entry in present]}


def _full_name(entry: Mapping[str, Any]) -> str:
    return f"{entry['tenant']}${entry.get('name')}" if entry.get("tenant") else str(entry.get("name"))
