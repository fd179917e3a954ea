# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's variables for the engine, and the lookup of what the engine derives from them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Callable

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.boolean import is_true

_FOLDERS = ("tasks", "templates", "files")
Release = Callable[[], str]


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


def release_of(variables: Mapping[str, Any], roles: Sequence[str], folders: Sequence[str] = _FOLDERS) -> Release:
    """What returns the digest of the files of these roles, SHA-256 in hex digits; empty outside of a role.

    What another release of a role does may differ where none of the variables do. The roles are named, as a variable is
    evaluated where it is used, which may be in another role of the collection.
    """

    def digest() -> str:
        own = variables.get("role_path")
        if not own:
            return ""
        places = [Path(own).parent / role / kind for role in roles for kind in folders]
        found = hashlib.sha256()
        for path in sorted(path for place in places for path in place.rglob("*") if path.is_file()):
            found.update(path.read_bytes())
        return found.hexdigest()

    return digest


def renews_images(templar: Any, variables: Mapping[str, Any]) -> bool:
    """Whether the run is to look for newer images (container_image_renew)."""
    return is_true(templar.template(variables.get("container_image_renew", False)))


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
