# SPDX-License-Identifier: Apache-2.0
"""Pulp's database: its migrations, and the password of the user admin.

Pulp's own command runs as a unit of systemd beside Pulp, with Pulp's user, settings and credentials. The password is
one of the credentials, so no command line has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import List, Sequence

from ..base.errors import ToolError
from ..host.program import run_program

__all__ = ["Found", "Manager", "bring"]

# The first run creates some hundred tables.
_MIGRATE_SECONDS, _ASK_SECONDS = 900, 120
_HINT = (
    "Check that PostgreSQL answers, that the database and its user exist, and the password of the user "
    "(pulp_database_host, pulp_database_name, pulp_database_user, pulp_database_password_file)."
)
_BEGIN = """
import os, pathlib
from django.contrib.auth import get_user_model
users = get_user_model().objects
password = (pathlib.Path(os.environ["CREDENTIALS_DIRECTORY"]) / "admin.password").read_text().removesuffix("\\n")
"""
_ASK = f"""{_BEGIN}
import json
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
pending = [f"{{migration.app_label}}.{{migration.name}}" for migration, _backwards in plan]
def settled():
    # A migration copies these settings to the database (pulpcore.app.apps, _ensure_default_domain).
    from django.conf import settings
    from pulpcore.app.models import Domain
    domain = Domain.objects.get(name="default")
    wanted = (settings.STORAGES["default"]["BACKEND"], settings.REDIRECT_TO_OBJECT_STORAGE)
    return (domain.storage_class, domain.redirect_to_object_storage) == wanted
domain = not pending and settled()
admin = None if pending else users.filter(username="admin").first()
print(json.dumps({{"pending": pending, "domain": domain, "admin": bool(admin and admin.check_password(password))}}))
"""
_SET = f"""{_BEGIN}
admin, _made = users.get_or_create(username="admin", defaults={{"is_superuser": True, "is_staff": True}})
admin.set_password(password)
admin.save()
"""


@dataclass(frozen=True)
class Found:
    """The state of a database.

    pending: migrations that it lacks. domain: whether it holds the storage of the settings. admin: whether the user
    admin has the password of the file.
    """

    pending: List[str]
    domain: bool
    admin: bool

    @property
    def differences(self) -> List[str]:
        """What is to be done, a line for each; empty if nothing is."""
        lines = [f"migration {name}: apply" for name in self.pending]
        lines += [] if self.domain or self.pending else ["storage of the default domain: set"]
        return [*lines, *([] if self.admin else ["password of the user admin: set"])]


class Manager:
    """Pulp's command pulpcore-manager. program: the words that run it. All methods raise ToolError."""

    def __init__(self, program: Sequence[str]) -> None:
        self._program = list(program)

    def look(self) -> Found:
        """The state of the database."""
        said = self._shell("read", _ASK)
        try:
            return Found(**json.loads(said.strip().splitlines()[-1]))
        except (IndexError, TypeError, ValueError) as error:
            raise ToolError("read", "the database of Pulp", f"no JSON in {said[-200:]!r}", _HINT) from error

    def migrate(self) -> None:
        """Bring the database to the installed release."""
        self._run("migrate", _MIGRATE_SECONDS, "migrate", "--noinput", "--verbosity=0")

    def set_password(self) -> None:
        """Give the user admin the password of the file."""
        self._shell("set the password of the user admin in", _SET)

    def _shell(self, verb: str, code: str) -> str:
        return self._run(verb, _ASK_SECONDS, "shell", "--no-imports", "--command", code)

    def _run(self, verb: str, seconds: float, *words: str) -> str:
        # systemd expands dollars and percent signs; the words have none.
        done = run_program([*self._program, *words], seconds)
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
            raise ToolError(verb, "the database of Pulp", said, _HINT)
        return done.stdout


def bring(manager: Manager, check_mode: bool) -> Found:
    """Bring the database to its state; what was found before. Raises ToolError, also for a difference that remains."""
    before = manager.look()
    if check_mode or not before.differences:
        return before
    if before.pending or not before.domain:
        manager.migrate()
    if not manager.look().admin:
        manager.set_password()
    after = manager.look()
    if after.differences:
        left = "; ".join(after.differences[-5:])
        raise ToolError("bring to its state", "the database of Pulp", f"these remain as they were: {left}", _HINT)
    return before
