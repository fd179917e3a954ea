# SPDX-License-Identifier: Apache-2.0
"""Truth of a role's variables: `-e registry_readonly=yes` makes a string of what YAML would read as a boolean."""

from __future__ import annotations

from typing import Any

# The words that the filter `bool` of ansible-core takes for true, in any case; it takes all others for false.
_TRUE = ("yes", "on", "true", "1")


def is_true(value: Any) -> bool:
    """Whether the value is true, as the filter `bool` says."""
    return str(value).lower() in _TRUE
