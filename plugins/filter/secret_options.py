# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: secret_options
short_description: Select the Ceph options that hold secrets
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns the names of the given options that hold secrets, so that a play can refuse them before anything prints
    them. The filter does not read the values.
options:
  _input: {description: Ceph options by name., type: dict, required: true}
"""

EXAMPLES = r"""
- name: Refuse secrets among the options
  ansible.builtin.assert:
    that: my_options | rgwkit.ceph.secret_options | length == 0
"""

RETURN = r"""
_value: {description: Names of the options that hold secrets., type: list, elements: str}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph.secret_options import secret_options


class FilterModule:
    """The filter secret_options."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"secret_options": secret_options}
