# SPDX-License-Identifier: Apache-2.0
"""What a caller mentioned: in AnsibleModule's parameters null and nothing are the same, and here they differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def mentioned(values: Any, given: Any) -> Any:
    """Values less what stands in them as None only because the argument spec lists it.

    given: the same parameters as they came in. The argument spec fills in what is missing, and so takes away the
    difference between null and nothing.
    """
    if isinstance(values, dict):
        asked = given if isinstance(given, dict) else {name: None for name in values if values[name] is not None}
        return {
            name: mentioned(value, asked.get(name))
            for name, value in values.items()
            if name in asked or value is not None
        }
    if isinstance(values, list):
        asked_list = given if isinstance(given, list) else [None] * len(values)
        return [mentioned(value, asked) for value, asked in zip(values, asked_list)]
    return values


def by_option_names(entries: Any, options: Mapping[str, Mapping[str, Any]]) -> Any:
    """Entries of a list as they came in, with each alias replaced by the name of its option.

    options: the argument spec of an entry.
    """
    names = {alias: name for name, option in options.items() for alias in option.get("aliases", ())}
    if not isinstance(entries, list):
        return entries
    return [
        {names.get(name, name): value for name, value in entry.items()} if isinstance(entry, dict) else entry
        for entry in entries
    ]
