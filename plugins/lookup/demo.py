# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: demo
short_description: Look up the name and the settings of an inventory's demo
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - V(name) returns the name of the demo in the inventory's folder, or V(rgwkit) if no demo is there. If there are
    several, the lookup fails and names them.
  - V(choices) returns the variables that the demo was created with, from the demo's folder.
  - V(folder) returns the folder of a demo without an inventory, C(rgwkit-demo) below the current folder.
  - V(given) returns those of the variables O(names) that the current command sets with C(-e).
options:
  _terms: {description: "V(name), V(folder), V(choices) or V(given).", type: list, elements: str, required: true}
  folder: {description: "Folder of the inventory for V(name), of the demo for V(choices).", type: str}
  names: {description: "Names of variables, for V(given).", type: list, elements: str}
"""

EXAMPLES = r"""
- name: Show the demo's name
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.demo', 'name', folder=inventory_dir) }}"
"""

RETURN = r"""
_raw: {description: "The name, or the variables with their values.", type: list, elements: raw}
"""

from pathlib import Path

import yaml
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

DEFAULT = "rgwkit"
UNLISTED = "rgwkit-demo"
FOLDER = ".credentials"
MARK = ".rgwkit"
CHOICES = "choices.yml"


class LookupModule(LookupBase):
    """The lookup demo."""

    def run(self, terms, variables=None, **kwargs) -> list:
        """Return what the term stands for."""
        self.set_options(var_options=variables, direct=kwargs)
        word = terms[0]
        if word == "name":
            return [_name(Path(self.get_option("folder")))]
        if word == "folder":
            return [str(Path.cwd() / UNLISTED)]
        if word == "choices":
            return [_choices(Path(self.get_option("folder")) / CHOICES)]
        if word == "given":
            given = load_extra_vars(self._loader)
            return [{name: given[name] for name in self.get_option("names") if name in given}]
        raise AnsibleLookupError(f"the lookup demo does not take '{word}'. Next: use name, folder, choices or given")


def _name(inventory: Path) -> str:
    marks = sorted(inventory.glob(f"{FOLDER}*/{MARK}"))
    names = [mark.parent.name[len(FOLDER) + 1 :] or DEFAULT for mark in marks]
    if len(names) > 1:
        raise AnsibleLookupError(
            f"{inventory} has the demos {', '.join(names)}. Next: choose one of them, with NAME={names[-1]} for make"
            f" or -e demo_name={names[-1]} for a playbook"
        )
    return names[0] if names else DEFAULT


def _choices(file: Path) -> dict:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError) as error:
        raise AnsibleLookupError(f"reading {file}: {error}. Next: run this as root, or repair the file") from error
