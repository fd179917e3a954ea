# SPDX-License-Identifier: Apache-2.0
"""The options of every module that runs Ceph's tools (plugins/doc_fragments/ceph_tool.py holds their documentation)."""

from __future__ import annotations

from typing import Any, Mapping

from .tool import CephTool, command_prefix

CEPH_TOOL_OPTIONS: dict[str, dict[str, Any]] = {
    "via": {"type": "str", "choices": ["host", "container", "cephadm"], "default": "host"},
    "container": {"type": "str"},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "timeout": {"type": "float", "default": 30},
}
# For AnsibleModule.
CONTAINER_IS_NAMED = ("via", "container", ("container",))


def prefix_of(params: Mapping[str, Any]) -> list[str]:
    """What stands before a tool, for a module's parameters. Raises InputError."""
    return command_prefix(params["via"], params["container"], params["runtime"])


def tool_of(params: Mapping[str, Any], program: str) -> CephTool:
    """The tool `program` for a module's parameters. Raises InputError."""
    return CephTool(prefix_of(params), program, params["timeout"])
