# SPDX-License-Identifier: Apache-2.0
"""The operations of rgw_admin.AdminClient by radosgw-admin, for the first user, when the admin API lets nobody in yet.

A record goes in on standard input and comes out on standard output, so that no secret is an argument.
"""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..base.errors import ToolError
from ..base.remote_json import loads
from ..base.text import json_text
from ..ceph.tool import CephTool

# How each release from 14 to 20 says that there is no such record (seen on 14.2, 16.2, 18.2 and 20.2).
_ABSENT = "can't get key: (2)"
_HINTS = (("must specify purge data", "The user owns buckets. Remove them first, or give them to another user."),)


class RgwAdminCli:
    """radosgw-admin, run where it has a keyring.

    prefix: the command that gets there (command_prefix). timeout: seconds for each run; radosgw-admin itself waits for
    minutes when no monitor answers.
    """

    def __init__(self, prefix: Sequence[str], timeout: float) -> None:
        self._tool = CephTool(prefix, "radosgw-admin", timeout)
        self.endpoint = self._tool.name

    def read_user(self, uid: str) -> dict[str, Any] | None:
        """Return the whole metadata document of a user, or None if there is no such user. Raises ToolError."""
        done = self._run("metadata", "get", f"user:{uid}")
        if done.returncode == 2 and _ABSENT in done.stderr:
            return None
        document: dict[str, Any] = loads(self._success("read", uid, done))
        return document

    def record_of_a_new_user(self) -> dict[str, Any]:
        """What a user gets at its creation, as AdminClient.record_of_a_new_user. Raises ToolError."""
        uid = f"rgwkit-new-user-{secrets.token_hex(8)}"
        try:
            done = self._run("user", "create", f"--uid={uid}", f"--display-name={uid}")
            self._success("see what a new user gets from", uid, done)
            read = self._success("read", uid, self._run("metadata", "get", f"user:{uid}"))
        except BaseException:
            with suppress(ToolError):
                self.remove_user(uid)
            raise
        self.remove_user(uid)
        document: dict[str, Any] = loads(read)
        return document

    def write_user(self, uid: str, document: Mapping[str, Any]) -> None:
        """Store a whole user record. Raises ToolError."""
        self._success("write", uid, self._run("metadata", "put", f"user:{uid}", record=json_text(document)))

    def set_email(self, uid: str, email: str, new_display_name: str | None) -> None:
        """Give a user an e-mail address, or none; with new_display_name, create the user. Raises ToolError."""
        verb = ["modify"] if new_display_name is None else ["create", f"--display-name={new_display_name}"]
        done = self._run("user", *verb, f"--uid={uid}", f"--email={email}")
        self._success(f"set e-mail address '{email}' of", uid, done)

    def set_account(self, uid: str, account: str, root: bool) -> None:
        """Put a user into an account, as its root user or not. Raises ToolError."""
        done = self._run("user", "modify", f"--uid={uid}", f"--account-id={account}", f"--account-root={int(root)}")
        self._success(f"put into account '{account}'", uid, done)

    def remove_user(self, uid: str, purge_data: bool = False) -> bool:
        """Remove a user, with purge_data its buckets, too; return False if it was not there. Raises ToolError."""
        done = self._run("user", "rm", f"--uid={uid}", *(["--purge-data"] if purge_data else []))
        if done.returncode == 2 and "user does not exist" in done.stderr:
            return False
        self._success("remove", uid, done)
        return True

    def remove_subuser(self, uid: str, name: str) -> None:
        """Remove a subuser and its keys, if it is there. Raises ToolError."""
        done = self._run("subuser", "rm", f"--uid={uid}", f"--subuser={uid}:{name}", "--purge-keys")
        self._gone(f"remove subuser '{name}' of", uid, done, "subuser not found")

    def remove_key(self, uid: str, access_key: str) -> None:
        """Remove an S3 key, if it is there. Raises ToolError."""
        done = self._run("key", "rm", f"--uid={uid}", "--key-type=s3", f"--access-key={access_key}")
        self._gone(f"remove access key '{access_key}' of", uid, done, "unable to find access key")

    def remove_swift_key(self, uid: str, name: str) -> None:
        """Remove a swift key whose subuser is gone, if it is there. Raises ToolError."""
        done = self._run("key", "rm", f"--uid={uid}", "--key-type=swift", f"--subuser={uid}:{name}")
        self._gone(f"remove swift key '{name}' of", uid, done, "unable to find access key")

    def _gone(self, operation: str, uid: str, done: subprocess.CompletedProcess[str], absent: str) -> None:
        if absent not in done.stderr:
            self._success(operation, uid, done)

    def _run(self, *arguments: str, record: str = "") -> subprocess.CompletedProcess[str]:
        return self._tool.run(*arguments, stdin=record)

    def _success(self, operation: str, uid: str, done: subprocess.CompletedProcess[str]) -> str:
        return self._tool.success(operation, f"user '{uid}'", done, _HINTS)
