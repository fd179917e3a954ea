# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of all modules that write one file. Their argument spec is in module_utils/base/file_access.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.file_access."""

    DOCUMENTATION = r"""
options:
  owner: {description: User id that owns the file., type: int, default: 0}
  group:
    version_added: "0.2.0"
    description: Group id of the file; by default its current group.
    type: int
    default: -1
  mode: {version_added: "0.2.0", description: "The file's mode, in octal digits.", type: str, default: "0600"}
"""
