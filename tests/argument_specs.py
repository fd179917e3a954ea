# SPDX-License-Identifier: Apache-2.0
"""What roles and modules say that they take, as tests look for it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from ansible.module_utils.basic import AnsibleModule

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(path.stem for path in (ROOT / "library").glob("*.py"))


class _Captured(Exception):
    """Thrown in place of a module's start."""


def spec_of(module: str) -> dict[str, Any]:
    """The argument spec that a module's main() hands to AnsibleModule."""
    loaded = importlib.import_module(f"ansible_collections.rgwkit.ceph.plugins.modules.{module}")
    found: dict[str, Any] = {}

    def capture(_self: Any, argument_spec: dict[str, Any], *_given: Any, **_options: Any) -> None:
        found.update(argument_spec)
        raise _Captured

    with patch.object(AnsibleModule, "__init__", capture):
        try:
            loaded.main()
        except _Captured:
            return found
    raise AssertionError(f"{module} makes no AnsibleModule")


def offered() -> dict[str, list[str]]:
    """The choices of each option that has some, by "role NAME OPTION" or "module NAME OPTION", "a.b" for b below a."""
    found: dict[str, list[str]] = {}
    for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        for entry in yaml.safe_load(path.read_text())["argument_specs"].values():
            found.update((f"role {path.parts[-3]} {name}", some) for name, some in _choices(entry.get("options") or {}))
    for module in MODULES:
        found.update((f"module {module} {name}", some) for name, some in _choices(spec_of(module)))
    return found


def _choices(options: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for name, option in options.items():
        if option.get("choices"):
            yield name, [str(choice) for choice in option["choices"]]
        for below, choices in _choices(option.get("options") or {}):
            yield f"{name}.{below}", choices
