# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
name: secret_options
short_description: Which options of Ceph hold secrets
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Those of the given options that hold secrets, so that they can be refused before anything prints them. Values are
    not looked at.
options:
  _input: {description: Options of Ceph by their names., type: dict, required: true}
"""

EXAMPLES = r"""
- name: Refuse secrets among the options
  ansible.builtin.assert:
    that: my_options | rgwkit.ceph.secret_options | length == 0
"""

RETURN = r"""
_value: {description: Their names., type: list, elements: str}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.ceph.secret_options import secret_options


class FilterModule:
    """The filter secret_options."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"secret_options": secret_options}
