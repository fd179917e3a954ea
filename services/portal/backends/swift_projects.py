# SPDX-License-Identifier: Apache-2.0
"""Projects and keys of the portal in Keystone: projects and users of one domain, whose descriptions carry its mark."""

from __future__ import annotations

from typing import Any

from module_utils.base.errors import ToolError
from module_utils.base.secret import generate_secret

from ..problems import NotFound, Taken
from .backend import KeyPair
from .openstack import OpenStack

_CONFLICT = 409
# Keys are for programs: rules for the passwords of people would lock them out (keystone, "Security compliance").
_OF_A_PROGRAM = {
    "lock_password": True,
    "ignore_password_expiry": True,
    "ignore_change_password_upon_first_use": True,
}

Record = dict[str, Any]


class KeystoneProjects:
    """Projects PREFIX + NAME, and a user for each key, named as the key, with one role in the key's project.

    home: whose they are. role: the role's name, which the portal's account has in the domain, too.
    """

    def __init__(self, prefix: str, home: str, role: str) -> None:
        self._prefix = prefix
        self._mark = f"rgwkit portal {home}: "
        self._role = role

    def name(self, project: str) -> str:
        """A project's name in Keystone."""
        return self._prefix + project

    def find(self, stack: OpenStack, project: str) -> str | None:
        """A project's id; None without one. Raises Taken for a project that the portal did not create."""
        found = self._named(stack, "projects", self.name(project))
        if found is None:
            return None
        if not self._is_own(found, project):
            raise Taken(f"Keystone has a project '{self.name(project)}' that this portal did not create.")
        return str(found["id"])

    def require(self, stack: OpenStack, project: str) -> str:
        """A project's id. Raises NotFound, Taken."""
        found = self.find(stack, project)
        if found is None:
            raise NotFound("The project has no storage here.")
        return found

    def create(self, stack: OpenStack, project: str) -> str:
        """Create a project; its id."""
        values = {
            "name": self.name(project),
            "domain_id": stack.domain_token().domain_id,
            "description": self._mark + project,
        }
        return str(stack.keystone(lambda keystone: keystone.create("projects", "project", values))["id"])

    def remove(self, stack: OpenStack, project: str, project_id: str) -> None:
        """Remove a project and its keys."""
        for user in self._keys(stack, project, project_id):
            self._remove_user(stack, user)
        stack.keystone(lambda keystone: keystone.remove("projects", "project", project_id))

    def key_ids(self, stack: OpenStack, project: str) -> list[str]:
        """The ids of a project's keys, sorted."""
        return sorted(user["name"] for user in self._keys(stack, project, self.require(stack, project)))

    def create_key(self, stack: OpenStack, project: str, key_id: str) -> KeyPair:
        """Create a key. Raises Taken. Keystone keeps a digest of the secret."""
        project_id, secret = self.require(stack, project), generate_secret()
        values = {
            "name": key_id,
            "password": secret.value,
            "domain_id": stack.domain_token().domain_id,
            "default_project_id": project_id,
            "description": self._mark + project,
            "options": _OF_A_PROGRAM,
        }
        role_id = self.role_id(stack)
        try:
            user = stack.keystone(lambda keystone: keystone.create("users", "user", values))
        except ToolError as error:
            if error.status != _CONFLICT:
                raise
            raise Taken("Another key has this id.") from None
        try:
            stack.keystone(lambda keystone: keystone.grant(role_id, str(user["id"]), project_id))
        except BaseException:
            self._remove_user(stack, user)
            raise
        return KeyPair(key_id, secret)

    def remove_key(self, stack: OpenStack, project: str, key_id: str) -> None:
        """Remove a key; nothing happens if the project has none of this id."""
        self.require(stack, project)
        user = self._named(stack, "users", key_id)
        if user is not None and self._is_own(user, project):
            self._remove_user(stack, user)

    def role_id(self, stack: OpenStack) -> str:
        """The id of the keys' role. Raises ToolError.

        Who administers one domain may not read the list of roles (keystone, "Default Roles"), so the id is that of the
        portal's own role.
        """
        own = stack.domain_token().role_ids
        if self._role not in own:
            hint = "Give the portal's account this role in its domain, or name another one in key_role."
            raise ToolError("find", f"the role '{self._role}' of keys", "the portal's account does not have it", hint)
        return own[self._role]

    def _keys(self, stack: OpenStack, project: str, project_id: str) -> list[Record]:
        query = {"scope.project.id": project_id}
        granted = stack.keystone(lambda keystone: keystone.objects("role_assignments", **query))
        ids = {str(one["user"]["id"]) for one in granted if "user" in one}
        users = (self._user(stack, user_id) for user_id in sorted(ids))
        return [user for user in users if user is not None and self._is_own(user, project)]

    def _user(self, stack: OpenStack, user_id: str) -> Record | None:
        """A user; None for one who has gone, or is of a domain that the portal does not see."""
        try:
            return stack.keystone(lambda keystone: keystone.read("users", "user", user_id))
        except ToolError as error:
            if error.status in (403, 404):
                return None
            raise

    def _named(self, stack: OpenStack, kind: str, name: str) -> Record | None:
        domain_id = stack.domain_token().domain_id
        found = stack.keystone(lambda keystone: keystone.objects(kind, domain_id=domain_id, name=name))
        # Some databases of Keystone do not tell upper from lower case.
        return next((one for one in found if one["name"] == name), None)

    def _is_own(self, found: Record, project: str) -> bool:
        return bool(found.get("description") == self._mark + project)

    def _remove_user(self, stack: OpenStack, user: Record) -> None:
        stack.keystone(lambda keystone: keystone.remove("users", "user", str(user["id"])))
