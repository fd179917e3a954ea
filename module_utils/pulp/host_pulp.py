# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role pulp on a host, before a task asks the host anything."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Mapping, Sequence
from urllib.parse import urlsplit

from ..base.host_port import host_port, near_host, url
from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..services.definition import complete
from ..services.needs import needs, things
from ..services.unit import transient_words
from .secrets import secret_files
from .settings import settings_text

_STOP_SECONDS = 60
_CONFINED = ("NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectHome=yes", "ProtectSystem=strict", "UMask=0077")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,20}\Z")  # becomes the name of a user, of units and of a role of PostgreSQL
_VERSION = re.compile(r"[0-9]{2}\Z")
_CACHE_MEGABYTES = 128
_MOST_WORKERS = 32
_SETTINGS = "settings.py"


class HostPulp:
    """Pulp on a host.

    role: the role's variables, by their names without pulp_. home: the identity of the inventory. requirements: the
    Python packages with their versions, as lines of a requirements file.
    """

    def __init__(self, role: Mapping[str, Any], home: str, requirements: Sequence[str] = ()) -> None:
        self._role, self._home, self._requirements = role, home, list(requirements)

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight."""
        return needs("package", present=self._role["state"] == "present")

    @property
    def objections(self) -> list[str]:
        """What is wrong with the variables, each with what to do; empty if nothing is."""
        role, found = self._role, []
        for name in ("s3_endpoint", "url", "content_url"):
            said = _objection_to_url(role[name])
            # A login in it may be a secret.
            shown = "" if "@" in role[name] else f"is '{role[name]}', which "
            found += (
                [f"pulp_{name} {shown}{said}. Next: give a URL such as http://rgw.example.com:8080"] if said else []
            )
        if not _NAME.match(role["name"]):
            found.append(
                f"pulp_name is '{role['name']}', which cannot be the name of a user. Next: choose up to 21 lower-case "
                "letters, digits and hyphens that begin with a letter"
            )
        if not _VERSION.match(str(role["postgresql_version"])):
            found.append(
                f"pulp_postgresql_version is '{role['postgresql_version']}'. Next: give the major version, such as 15"
            )
        wanted = {"s3_secret_file": "the file on the host with the secret key of the bucket's owner"}
        if role["database_host"]:
            wanted["database_password_file"] = "the file with the password of pulp_database_user"  # noqa: S105
        found += [f"pulp_{name} is empty. Next: name {what}" for name, what in wanted.items() if not role[name]]
        if not 1 <= int(role["workers"]) <= _MOST_WORKERS:
            found.append(f"pulp_workers is {role['workers']}. Next: give 1 to {_MOST_WORKERS}")
        return found

    @property
    def requirements(self) -> list[str]:
        """The Python packages with their versions."""
        return [line for line in self._requirements if line and not line.startswith("#")]

    @property
    def own_database(self) -> bool:
        """Whether PostgreSQL runs on this host, for Pulp alone."""
        return not self._role["database_host"]

    @property
    def account(self) -> dict[str, str]:
        """The user as whom Pulp runs. The comment tells whose user it is."""
        return {"name": self._role["name"], "comment": f"Pulp (rgwkit: {self._home})".replace(":", "=")}

    @property
    def venv(self) -> str:
        """Folder of Pulp's Python packages."""
        return f"{self._role['data_dir']}/venv"

    @property
    def work(self) -> str:
        """Folder for the files of tasks in progress."""
        return f"{self._role['data_dir']}/work"

    @property
    def postgresql(self) -> dict[str, str]:
        """The programs and the folder of the own PostgreSQL."""
        programs = f"/usr/lib/postgresql/{self._role['postgresql_version']}/bin"
        return {
            "programs": programs,
            "folder": f"{self._role['data_dir']}/postgresql",
            "socket": self._run("postgresql"),
        }

    @property
    def database(self) -> dict[str, Any]:
        """How Pulp reaches its database. Over the socket, PostgreSQL takes the word of the kernel for who connects."""
        role = self._role
        if self.own_database:
            return {"host": self._run("postgresql"), "port": 5432, "name": "pulp", "user": role["name"]}
        return {name: role[f"database_{name}"] for name in ("host", "port", "name", "user")}

    @property
    def settings(self) -> str:
        """The content of settings.py, which holds no secret."""
        return settings_text(self._role, self.database, self._redis_socket, self.work)

    @property
    def settings_file(self) -> str:
        """The path of settings.py."""
        return f"{self._role['dir']}/{_SETTINGS}"

    @property
    def contents(self) -> dict[str, list[str]]:
        """Names of all that the role writes, by folder, for owned_folder. `secrets` are part of the data."""
        records = [f"{name}.loaded" for name in self._names]
        return {
            "configuration": [_SETTINGS, *records],
            "secrets": ["secrets/"],
            "programs": ["venv/", "work/"],
            "data": ["postgresql/", "postgresql.new/"],
        }

    @property
    def servers(self) -> list[dict[str, Any]]:
        """What Pulp needs beside itself: PostgreSQL, if it is an own one, and the cache."""
        return [*([self._postgresql_service] if self.own_database else []), self._redis_service]

    @property
    def services(self) -> list[dict[str, Any]]:
        """Pulp's own services: the API with the container registry, the content, and the workers."""
        api = self._pulp("api", "API and container registry", ["--bind", self._bind("api")], "api_port")
        content = self._pulp("content", "content", ["--bind", self._bind("content")], "content_port")
        return [api, content, *self._workers[: int(self._role["workers"])]]

    @property
    def surplus_workers(self) -> list[dict[str, Any]]:
        """The workers that an earlier run may have made, and that are no longer wanted."""
        return self._workers[int(self._role["workers"]) :]

    @property
    def definitions(self) -> list[dict[str, Any]]:
        """All services, in the order in which they start."""
        return [*self.servers, *self.services]

    @property
    def removed(self) -> list[dict[str, Any]]:
        """All services, in the order in which they stop."""
        return self.definitions[::-1]

    @property
    def things(self) -> list[dict[str, Any]]:
        """The names that all services use, for the module ownership."""
        return [thing for definition in self.definitions for thing in things(complete(definition))]

    @property
    def manager(self) -> list[str]:
        """The words that run pulpcore-manager as Pulp's user, with the credentials of Pulp and the one of its admin."""
        admin = {"admin.password": self._role["admin_password_file"]}
        definition = complete({**self._pulp("manager", "database", [], ""), "restart": "no"})
        properties = self._properties({**self._credentials, **admin})
        definition.update(entrypoint=[f"{self.venv}/bin/pulpcore-manager"], properties=properties)
        return transient_words(definition, f"{self._role['name']}-manager.service", "--pipe", "--wait", "--collect")

    @property
    def status_url(self) -> str:
        """Where Pulp says how its parts are."""
        return url(near_host(self._role["address"]), self._role["api_port"], path="/pulp/api/v3/status/")

    @property
    def _workers(self) -> list[dict[str, Any]]:
        return [self._pulp(f"worker-{number}", "worker", [], "") for number in range(1, _MOST_WORKERS + 1)]

    @property
    def _names(self) -> list[str]:
        return ["postgresql", "redis", "api", "content", "worker-*"]

    @property
    def _redis_socket(self) -> str:
        return f"{self._run('redis')}/redis.sock"

    @property
    def _credentials(self) -> dict[str, str]:
        """The files that Pulp's processes read, by the names of the credentials."""
        files = {**secret_files(f"{self._role['dir']}/secrets"), "s3.key": self._role["s3_secret_file"]}
        files[_SETTINGS] = self.settings_file
        return files if self.own_database else {**files, "database.password": self._role["database_password_file"]}

    def _run(self, part: str) -> str:
        return f"/run/{self._role['name']}-{part}"

    def _bind(self, part: str) -> str:
        return host_port(self._role["address"], self._role[f"{part}_port"])

    def _common(self, part: str, what: str) -> dict[str, Any]:
        role = self._role
        return {
            "name": f"{role['name']}-{part}",
            "runtime": "package",
            "home": self._home,
            "description": f"Pulp: {what}",
            "role": "pulp",
            "labels": labels(self._home, "pulp", role["name"]),
            "folder": role["dir"],
            "variable": "pulp_name",
            "ready_timeout": int(role["ready_timeout"]),
            "stop_timeout": _STOP_SECONDS,
        }

    def _record(self, part: str, files: Sequence[str] = ()) -> dict[str, Any]:
        folder = self._role["dir"]
        return {"path": f"{folder}/{part}.loaded", "files": list(files), "managed_files": [f"{folder}/{MARK}"]}

    @property
    def _postgresql_service(self) -> dict[str, Any]:
        """PostgreSQL of Debian's package with a folder of Pulp's. It has no port, and lets in Pulp's user alone."""
        own, role = self.postgresql, self._role
        options = {"listen_addresses": "", "unix_socket_directories": own["socket"], "unix_socket_permissions": "0700"}
        return {
            **self._common("postgresql", "database"),
            "packages": {"default": [f"postgresql-{role['postgresql_version']}"]},
            "distribution_unit": "postgresql.service",
            "entrypoint": [f"{own['programs']}/postgres"],
            "command": ["-D", own["folder"], *(word for item in options.items() for word in ("-c", "=".join(item)))],
            # A fast shutdown (PostgreSQL's documentation, "Shutting Down the Server").
            "properties": [
                *self._user("postgresql"),
                f"ReadWritePaths={own['folder']}",
                "KillSignal=SIGINT",
                "KillMode=mixed",
            ],
            "ready_log": "database system is ready to accept connections",
            "record": self._record("postgresql"),
        }

    @property
    def _redis_service(self) -> dict[str, Any]:
        """Redis of Debian's package as a cache of Pulp's: in memory only, without a port."""
        options = {
            "port": "0",
            "unixsocket": self._redis_socket,
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
        }
        options.update({"maxmemory": f"{_CACHE_MEGABYTES}mb", "maxmemory-policy": "allkeys-lru"})
        return {
            **self._common("redis", "cache"),
            "packages": {"default": ["redis-server"]},
            "distribution_unit": "redis-server.service",
            "entrypoint": ["redis-server"],
            "command": [word for name, value in options.items() for word in (f"--{name}", value)],
            "properties": self._user("redis"),
            "ready_log": "ready to accept connections",
            "record": self._record("redis"),
        }

    def _pulp(self, part: str, what: str, command: Sequence[str], port: str) -> dict[str, Any]:
        """One of Pulp's processes. port: the variable with the port on which it listens; empty for none."""
        role, program = self._role, part.split("-")[0]
        digest = hashlib.sha256("\n".join(self.requirements).encode()).hexdigest()
        near = near_host(role["address"])
        record = self._record(part, list(self._credentials.values()))
        return {
            **self._common(part, what),
            "entrypoint": [f"{self.venv}/bin/pulpcore-{program}"],
            "command": list(command),
            # Where systemd puts credentials (systemd.exec(5)). The role's folder may be closed to Pulp's user: the mode
            # of its parent is that of whatever made the parent first.
            "environment": {
                "PULP_SETTINGS": f"/run/credentials/{role['name']}-{part}.service/{_SETTINGS}",
                "HOME": self.work,
            },
            "properties": [self._wait_for_database, *self._properties(self._credentials)],
            "ready_port": {"address": near, "port": int(role[port])} if port else {},
            "record": {**record, "definition": {"requirements": digest}},
        }

    @property
    def _wait_for_database(self) -> str:
        """At boot, services start in any order, and Pulp ends at once if PostgreSQL does not answer yet."""
        database = self.database
        ask = f"{self.postgresql['programs']}/pg_isready --quiet --host={database['host']} --port={database['port']}"
        return f"ExecStartPre=/bin/sh -c 'until {ask}; do sleep 1; done'"

    def _properties(self, credentials: Mapping[str, str]) -> list[str]:
        loaded = [f"LoadCredential={name}:{path}" for name, path in sorted(credentials.items())]
        return [*self._user(), f"WorkingDirectory={self.work}", f"ReadWritePaths={self.work}", *loaded]

    def _user(self, runtime_directory: str = "") -> list[str]:
        name = self._role["name"]
        folder = [f"RuntimeDirectory={name}-{runtime_directory}", "RuntimeDirectoryMode=0700"]
        return [f"User={name}", f"Group={name}", *_CONFINED, *(folder if runtime_directory else [])]


def _objection_to_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not url.startswith(("http://", "https://")):
        return "has no scheme"
    if not parts.hostname:
        return "has no host"
    if parts.username or parts.password:
        return "has a login"
    return "has a path or a query" if parts.path.strip("/") or parts.query else ""
