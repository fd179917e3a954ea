# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of the modules: the general part, and one more part for each kind of module.

A module extends rgwkit.ceph.attributes and the part of its kind, for example rgwkit.ceph.attributes.state, and writes
down only what is different.
"""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.attributes."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode, in which the module reports what a run would change and changes nothing.
  diff_mode:
    description: Returns the difference between the state before and the state after, when run in diff mode.
  idempotent:
    description: A second run with the same options changes nothing, unless somebody else has changed the target.
  platform:
    description: Operating systems on which the module runs.
    support: full
    platforms: linux
"""

    # Brings something into the state that the options describe.
    STATE = r"""
options: {}
attributes:
  check_mode: {support: full}
  diff_mode: {support: full}
  idempotent: {support: full}
"""

    # Reads, and changes nothing.
    READ_ONLY = r"""
options: {}
attributes:
  check_mode: {support: full, details: The module only reads.}
  diff_mode: {support: N/A, details: The module only reads.}
  idempotent: {support: full, details: The module only reads.}
"""

    # Tests a service with data of its own, and removes them at the end.
    TEST = r"""
options: {}
attributes:
  check_mode: {support: full}
  diff_mode: {support: N/A, details: The module removes its test data at the end.}
  idempotent: {support: full, details: The module removes its test data at the end.}
"""

    # Works on a registry's storage, whose content is too large to show.
    STORAGE = r"""
options: {}
attributes:
  check_mode: {support: full}
  diff_mode: {support: none, details: The content of a registry's storage is not shown.}
  idempotent: {support: full}
"""

    # Takes or releases a lock.
    LOCK = r"""
options: {}
attributes:
  check_mode: {support: full, details: In check mode the module reads the current holder and takes nothing.}
  diff_mode: {support: N/A, details: A lock is not part of the state that a play manages.}
  idempotent: {support: N/A, details: A lock is not part of the state that a play manages.}
"""
