# SPDX-License-Identifier: Apache-2.0
"""Where a configuration leaves what is known of registries: what is there may be anything, a secret included."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Set, Tuple

from .schema import Each, Node, Section
from .schema_sections import CONFIG


def is_known(path: Tuple[str, ...]) -> bool:
    """Whether some version of the registry knows the key at this path, in which items of lists are numbers."""
    node: Node = CONFIG
    for name in path:
        if isinstance(node, Section):
            key = node.keys.get(name.lower() if node.fold else name)
            if key is None:
                return False
            node = key.node
        elif isinstance(node, Each):
            node = node.node
    return True


def strangers(config: Any) -> Set[Tuple[str, ...]]:
    """The paths of all keys in a configuration that no version knows."""
    return {path for path in _paths(config, ()) if not is_known(path)}


def _paths(value: Any, path: Tuple[str, ...]) -> Iterator[Tuple[str, ...]]:
    if isinstance(value, Mapping):
        items = ((str(name), item) for name, item in value.items())
    elif isinstance(value, (list, tuple)):
        items = ((str(number), item) for number, item in enumerate(value))
    else:
        return
    for name, item in items:
        yield (*path, name)
        yield from _paths(item, (*path, name))
