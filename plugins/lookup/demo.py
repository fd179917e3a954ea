# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
name: demo
short_description: What an inventory of demos knows of them without being told again
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - V(name) is the name of the demo that stands in the inventory's folder, or V(rgwkit) where none does. Where several
    do, it fails and names them.
  - V(choices) are the variables that the demo was made with, as its folder has them.
  - V(given) are those of the variables O(names) that this command was given by C(-e).
options:
  _terms: {description: One of the three words., type: list, elements: str, required: true}
  folder: {description: "For V(name), the inventory's folder; for V(choices), the demo's.", type: str}
  names: {description: "For V(given), names of variables.", type: list, elements: str}
"""

EXAMPLES = r"""
- name: Show the demo's name
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.demo', 'name', folder=inventory_dir) }}"
"""

RETURN = r"""
_raw: {description: The name; or the variables with their values., type: list, elements: raw}
"""

from pathlib import Path

import yaml
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.vars import load_extra_vars

DEFAULT = "rgwkit"
FOLDER = ".credentials"
MARK = ".rgwkit"
CHOICES = "choices.yml"


class LookupModule(LookupBase):
    """The lookup demo."""

    def run(self, terms, variables=None, **kwargs) -> list:
        """The word's meaning."""
        self.set_options(var_options=variables, direct=kwargs)
        word = terms[0]
        if word == "name":
            return [_name(Path(self.get_option("folder")))]
        if word == "choices":
            return [_choices(Path(self.get_option("folder")) / CHOICES)]
        if word == "given":
            given = load_extra_vars(self._loader)
            return [{name: given[name] for name in self.get_option("names") if name in given}]
        raise AnsibleLookupError(f"the lookup demo knows no word {word}. Next: name, choices or given")


def _name(inventory: Path) -> str:
    marks = sorted(inventory.glob(f"{FOLDER}*/{MARK}"))
    names = [mark.parent.name[len(FOLDER) + 1 :] or DEFAULT for mark in marks]
    if len(names) > 1:
        raise AnsibleLookupError(
            f"{inventory} has the demos {', '.join(names)}. Next: say which one is meant, by NAME={names[-1]} with"
            f" make, by -e demo_name={names[-1]} with a playbook"
        )
    return names[0] if names else DEFAULT


def _choices(file: Path) -> dict:
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        return {}
    except (OSError, yaml.YAMLError) as error:
        raise AnsibleLookupError(f"reading {file}: {error}. Next: run this as root, or mend the file") from error
