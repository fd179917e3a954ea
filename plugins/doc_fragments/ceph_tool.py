# SPDX-License-Identifier: Apache-2.0
"""Options of every module that runs Ceph's tools (module_utils/ceph/tool_options.py holds their argument spec)."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.ceph_tool."""

    DOCUMENTATION = r"""
options:
  via:
    description: Where Ceph's tools are run. There has to be a keyring that may do what the module does.
    type: str
    choices: [host, container, cephadm]
    default: host
  container: {description: Name of the container for O(via=container)., type: str}
  runtime: {description: Program that runs containers., type: str, choices: [docker, podman], default: docker}
  timeout: {description: Seconds that one run of a tool may take., type: float, default: 30}
"""
