# SPDX-License-Identifier: Apache-2.0
"""The blocks that roles write into files which they share with others, between two lines with a name.

The lines are those of ansible.builtin.blockinfile with `marker: "# {mark} rgwkit: NAME"`.
"""

from __future__ import annotations

import re
from typing import Callable

__all__ = ["without_blocks"]

_BLOCK = re.compile(r"^# BEGIN rgwkit: (?P<name>[^\n]*)$.*?^# END rgwkit: (?P=name)(?:\n|\Z)", re.MULTILINE | re.DOTALL)


def without_blocks(text: str, dropped: Callable[[str], bool]) -> str:
    """The text without the blocks for whose names `dropped` is true. A block without an end is no block."""
    return _BLOCK.sub(lambda block: "" if dropped(block["name"]) else block[0], text)
