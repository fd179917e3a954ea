# SPDX-License-Identifier: Apache-2.0
"""A file of manifests or of Helm values: its text, and whether secrets are in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Mapping, Sequence

from ..registry.config.render import dump

HEADER = "# Written by rgwkit. The next run overwrites changes.\n"


@dataclass(frozen=True)
class Rendered:
    """name: of the file in its folder. secret: whether only the owner may read the file."""

    name: str
    text: str = field(repr=False)
    secret: bool = False


def rendered(name: str, documents: Sequence[Mapping[str, Any]], secret: bool = False) -> Rendered:
    """The file with the documents in YAML. Raises InputError for a value of no YAML type."""
    return Rendered(name, HEADER + "---\n".join(map(dump, documents)), secret)
