# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that run Ceph's tools. Their argument spec is in module_utils/ceph/tool_options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.ceph_tool."""

    DOCUMENTATION = r"""
options:
  via:
    description: Where to run Ceph's tools. A keyring with the caps that the module needs must be there.
    type: str
    choices: [host, container, cephadm]
    default: host
  container: {description: Name of the container for O(via=container)., type: str}
  runtime: {description: Program that runs containers., type: str, choices: [docker, podman], default: docker}
  timeout: {description: Seconds that one run of a tool may take., type: float, default: 30}
"""
