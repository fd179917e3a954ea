# SPDX-License-Identifier: Apache-2.0
"""Runs of the module rgw_users for many new users."""

from __future__ import annotations

from pathlib import Path

from module_runs import ModuleRuns, new_name


class Users(ModuleRuns):
    """Users that nobody has made before, and the playbooks that make them, in a directory of their own.

    connection: the module's connection options. tree: the clone whose module runs.
    """

    def __init__(self, directory: Path, connection: dict[str, str], tree: Path, count: int) -> None:
        name = new_name("u")
        self.uids = [f"{name}-{n}" for n in range(count)]
        own = directory / name
        super().__init__(own, connection, tree, "rgw_users", "users", [_entry(uid, own) for uid in self.uids])


def _entry(uid: str, directory: Path) -> dict[str, object]:
    subuser = {"name": "swift", "access": "full", "secret_file": f"{directory}/secrets/{uid}.swift"}
    return {"uid": uid, "user_quota": {"max_size": "10GiB"}, "subusers": [subuser]}
