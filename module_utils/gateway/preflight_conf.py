# SPDX-License-Identifier: Apache-2.0
"""What stands in a host's ceph.conf already under the names of gateways. Ceph merges all sections of one name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..base.findings import Finding
from ..base.managed_file import read_text
from ..base.marked_blocks import without_blocks

_SECTION = re.compile(r"\s*\[\s*([^\]]*?)\s*\]")
_OPTION = re.compile(r"\s*([A-Za-z][\w \t-]*?)\s*=")


def foreign_sections(conf: str, instances: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """A finding for each instance that has a section outside of the block that the role writes."""
    text = read_text(conf) or ""
    for one in instances:
        options = _options(without_blocks(text, one["entity"].__eq__), one["entity"])
        if options is not None:
            yield Finding(
                f"{conf} has a section [{one['entity']}] that this role has not written; Ceph merges it with the "
                f"role's, and what it says stays in force: {', '.join(options) or 'nothing'}",
                f"move what is to stay to {one['name']} in rgw_gateway_instances (options), and remove the section",
            )


def _options(text: str, entity: str) -> list[str] | None:
    """The options of all sections of that name, as Ceph spells them; None without such a section."""
    found: dict[str, None] | None = None
    inside = False
    for line in text.splitlines():
        section = _SECTION.match(line)
        if section:
            inside = section.group(1) == entity
            found = {} if inside and found is None else found
        option = _OPTION.match(line) if inside else None
        if option and found is not None:
            found[re.sub(r"[\s-]+", "_", option.group(1))] = None
    return None if found is None else list(found)
