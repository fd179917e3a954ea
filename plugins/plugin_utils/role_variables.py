# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's variables for the engine, and the lookup of what the engine derives from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase


class RoleVariables(Mapping[str, Any]):
    """The variables of the current host whose names begin with a prefix, by their names without the prefix.

    Each variable is templated when it is read, so what a value is derived from is all that has to be defined.
    """

    def __init__(self, templar: Any, variables: Mapping[str, Any], prefix: str) -> None:
        self._templar, self._variables, self._prefix = templar, variables, prefix

    def __getitem__(self, name: str) -> Any:
        return self._templar.template(self._variables[self._prefix + name])

    def __iter__(self) -> Iterator[str]:
        return (name[len(self._prefix) :] for name in self._variables if name.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _name in self)


_ROLE = ("tasks", "templates", "files")


def role_digest(variables: Mapping[str, Any], folders: Sequence[str] = _ROLE) -> str:
    """Digest of the files in folders of the current role, SHA-256 in hex digits; empty outside of a role.

    What another release of the role does may differ where none of the variables do.
    """
    folder = variables.get("role_path")
    if not folder:
        return ""
    digest = hashlib.sha256()
    for path in sorted(path for kind in folders for path in Path(folder, kind).rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


class DerivedLookup(LookupBase):
    """A lookup of what a class of the engine derives from a role's variables: each term is one of its properties."""

    prefix: str
    derived: type

    def run(self, terms, variables=None, **kwargs) -> list[Any]:
        """Return the value of each term."""
        self.set_options(var_options=variables, direct=kwargs)
        role = self.derived(RoleVariables(self._templar, variables, self.prefix), **self.context(variables))
        return [self._value(role, term) for term in terms]

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """What the class is given besides the role's variables."""
        return {}

    def _value(self, role: Any, term: str) -> Any:
        names = sorted(
            name for name, value in vars(self.derived).items() if isinstance(value, (property, cached_property))
        )
        if term not in names:
            raise AnsibleLookupError(f"the lookup does not take '{term}'. Next: use one of {', '.join(names)}")
        return getattr(role, term)
