# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: rgw_ingress_files
short_description: List the certificate files that an ingress reads
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns where each file comes from that HAProxy reads for these services from its folder.
options:
  _input: {description: Services in the form of C(rgw_ingress_services)., type: list, elements: dict, required: true}
"""

EXAMPLES = r"""
- name: Show the files of an ingress
  ansible.builtin.debug:
    msg: "{{ rgw_ingress_services | rgwkit.ceph.rgw_ingress_files }}"
"""

RETURN = r"""
_value: {description: "The files by their names in the folder.", type: dict, sample: {rgw.pem: /etc/ssl/rgw.pem}}
"""

from typing import Any, Callable

from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.ingress import ingress_files


class FilterModule:
    """The filter rgw_ingress_files."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"rgw_ingress_files": ingress_files}
