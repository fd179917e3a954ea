# SPDX-License-Identifier: Apache-2.0
"""Where people sign in to the portal of a demo: a provider of OpenID Connect in a container."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Callable

from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..host.relabel import SHARED
from ..portal.python_image import MOST_THREADS, python_image
from ..services.definition import complete
from ..services.needs import needs, things

_CONFIG = "login.json"
# In the container.
_FOLDER = "/etc/login"
_CLIENT = "client.secret"
_STOP_SECONDS, _READY_SECONDS = 5, 60


class DemoLogin:
    """The provider on a host.

    role: the variables of the role demo_portal, without prefix. home: identity of the inventory. release: what
    returns a digest of the role and its image.
    """

    def __init__(self, role: Mapping[str, Any], home: str, release: Callable[[], str] = str) -> None:
        self._role, self._home, self._release = role, home, release

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight."""
        image = {"name": self._role["login_image"], "source": "bootstrap", "pull": ""}
        return needs(self._role["runtime"], [image], self._role["state"] == "present")

    @property
    def image(self) -> dict[str, Any]:
        """The image, in the words of the role container_image."""
        return python_image(self._role["login_image"])

    @property
    def secret_files(self) -> list[str]:
        """The files with secrets that are made if they are missing."""
        role = self._role
        return [
            role["client_secret_file"],
            role["proxy_secret_file"],
            *(one["password_file"] for one in role["people"]),
        ]

    @property
    def credentials(self) -> dict[str, Any]:
        """The copies of secrets that the process reads, for the role service."""
        people = [{"name": _password(one), "source": one["password_file"]} for one in self._role["people"]]
        return {
            "folder": f"{self._role['dir']}/credentials",
            "group": int(self._role["login_uid"]),
            "files": [{"name": _CLIENT, "source": self._role["client_secret_file"]}, *people],
        }

    @property
    def config_file(self) -> str:
        """The description of the provider, on the host."""
        return f"{self._role['dir']}/{_CONFIG}"

    @property
    def config(self) -> str:
        """The content of that file, which holds no secret: images/canaille/server.py says what is in it."""
        role, inside = self._role, f"{_FOLDER}/credentials"
        groups: dict[str, list[str]] = {}
        for one in role["people"]:
            for group in one["groups"]:
                groups.setdefault(group, []).append(one["name"])
        config = {
            "url": self.issuer,
            "address": "127.0.0.1",
            "port": int(role["login_port"]),
            "certificate": "",
            "client_id": role["client_id"],
            "client_secret_file": f"{inside}/{_CLIENT}",
            "redirect_uris": [f"{role['url']}/web/signed-in"],
            "people": {one["name"]: f"{inside}/{_password(one)}" for one in role["people"]},
            "groups": groups,
        }
        return json.dumps(config, indent=2, sort_keys=True) + "\n"

    @property
    def issuer(self) -> str:
        """The provider's URL. Over plain HTTP, the portal talks to this host alone."""
        return f"http://127.0.0.1:{self._role['login_port']}"

    @property
    def contents(self) -> list[str]:
        """Names of all that the role writes into the folder, for owned_folder."""
        return [_CONFIG, "credentials/", "loaded"]

    @property
    def definition(self) -> dict[str, Any]:
        """The provider as a definition of the role service."""
        role, copies = self._role, self.credentials
        files = {"type": "bind", "source": role["dir"], "target": _FOLDER, "read_only": True, "relabel": SHARED}
        return {
            "name": role["login_name"],
            "runtime": role["runtime"],
            "home": self._home,
            "description": "Sign-in for the portal of a demo",
            "role": "demo_portal",
            "labels": labels(self._home, "portal", role["login_name"]),
            "folder": role["dir"],
            "variable": "demo_portal_login_name",
            "image": role["login_image"],
            "pull": "never",
            "user": f"{role['login_uid']}:{role['login_uid']}",
            "command": [f"{_FOLDER}/{_CONFIG}"],
            "mounts": [files],
            "tmpfs": ["/tmp"],  # noqa: S108 -- inside the container
            "pids_limit": MOST_THREADS,
            "ready_port": {"address": "127.0.0.1", "port": int(role["login_port"])},
            "ready_timeout": _READY_SECONDS,
            "stop_timeout": _STOP_SECONDS,
            "record": {
                "path": f"{role['dir']}/loaded",
                "files": [self.config_file, *(f"{copies['folder']}/{one['name']}" for one in copies["files"])],
                # What tells, beside what the process has loaded, whether a run has nothing to do.
                "managed": {"config": self.config, "projects": role["projects"], "release": self._release()},
                "managed_files": [f"{role['dir']}/{MARK}", *self.secret_files],
            },
        }

    @property
    def things(self) -> list[dict[str, Any]]:
        """The names that the provider uses, for the module ownership."""
        return things(complete(self.definition))


def _password(person: Mapping[str, Any]) -> str:
    return f"{person['name']}.password"
