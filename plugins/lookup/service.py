# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: service
short_description: Derive containers, units and records from the definition of a service
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.service#role) derives from the definition of a service.
options:
  _terms:
    description: What to derive.
    type: list
    elements: str
    choices:
      derived: What the tasks of the role need, as a dictionary.
      record: The service as one of the C(services) of P(rgwkit.ceph.service_record#module).
      moved: The same right after the process of another runtime has been removed, with nothing loaded.
      records: As V(record), for each of the O(definitions).
      trial: The trial of the service with the O(changes), and the commands that start and remove the trial.
      once: A command of the service with the O(changes), and its environment.
      unit_text: Content of the systemd unit, or of the drop-in for a unit of the distribution.
    required: true
  definition: {description: The definition of the service., type: dict, default: {}}
  definitions:
    description: For V(records), the definitions of the services.
    type: list
    elements: dict
    default: []
  settled: {description: "For the records, whether the services are verified.", type: bool, default: false}
  changes:
    description: For V(trial) and V(once), the values that take the place of those in O(definition).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Show the unit of a service
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.service', 'unit_text', definition=service_definition) }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

from typing import Any, Callable

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.beside import once, trial
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.service import Service

_OF_SERVICE = ("derived", "record", "moved", "unit_text")


class LookupModule(LookupBase):
    """The lookup service."""

    def run(self, terms, variables=None, **kwargs) -> list[Any]:
        """Return the value of each term."""
        self.set_options(var_options=variables, direct=kwargs)
        ways: dict[str, Callable[[], Any]] = {
            "records": self._records,
            "trial": lambda: trial(self.get_option("definition"), self.get_option("changes")),
            "once": lambda: once(self.get_option("definition"), self.get_option("changes")),
        }
        try:
            return [ways[term]() if term in ways else self._derived(term) for term in terms]
        except InputError as error:
            raise AnsibleLookupError(f"{error}. Next: correct the definition") from error

    def _records(self) -> list[Any]:
        settled = self.get_option("settled")
        return [Service(one, settled).record for one in self.get_option("definitions")]

    def _derived(self, term: str) -> Any:
        if term not in _OF_SERVICE:
            raise AnsibleLookupError(f"the lookup does not take '{term}'. Next: use one of {', '.join(_OF_SERVICE)}")
        return getattr(Service(self.get_option("definition"), self.get_option("settled")), term)
