# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: url
short_description: Build the URL of a service from its host and port
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Builds a URL. An IPv6 address gets brackets unless it has them.
positional: port, scheme, path
options:
  _input: {description: Name or address of the host., type: str, required: true}
  port: {description: The port., type: raw, required: true}
  scheme: {description: Scheme of the URL., type: str, default: http}
  path: {description: "Empty, or a path that begins with a slash.", type: str, default: ""}
"""

EXAMPLES = r"""
- name: Show https://[::1]:8443/v2/
  ansible.builtin.debug:
    msg: "{{ '::1' | rgwkit.ceph.url(8443, 'https', '/v2/') }}"
"""

RETURN = r"""
_value: {description: The URL., type: str, sample: "https://[::1]:8443/v2/"}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.host_port import url


class FilterModule:
    """The filter url."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"url": url}
