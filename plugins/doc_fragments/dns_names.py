# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of all modules that publish names in DNS. See module_utils/dns/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment rgwkit.ceph.dns_names."""

    DOCUMENTATION = r"""
options:
  zone: {description: "The zone, such as V(example.com).", type: str, required: true}
  records:
    description: The names.
    type: list
    elements: dict
    required: true
    suboptions:
      name: {description: "Name in the zone, which may begin with V(*.).", type: str, required: true}
      addresses:
        description: IPv4 and IPv6 addresses of the name. Give either these or O(records[].target).
        type: list
        elements: str
        default: []
      target: {description: "Name that the name stands for, as a CNAME.", type: str, default: ""}
      ttl: {description: Seconds for which resolvers may keep the records. The default is O(ttl)., type: int}
      state:
        description: V(absent) removes the addresses or the target, and the mark.
        type: str
        choices: [present, absent]
        default: present
  ttl: {description: Seconds for which resolvers may keep records., type: int, default: 300}
  home:
    description:
      - Owner of the names, the identity of the inventory. A path, which says something of the controller, is published
        as a digest.
    type: str
    required: true
  takeover: {description: Whether to take over names that another home has marked., type: bool, default: false}
"""
