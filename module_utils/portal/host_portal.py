# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_portal on a host, before a task asks the host anything."""

from __future__ import annotations

import json
from dataclasses import replace
from posixpath import basename, dirname
from typing import Any, Callable, Dict, List, Mapping

from ..base.host_port import near_host, url
from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..services.definition import CONTAINERS, complete
from ..services.needs import needs, things
from .objections import HEADERS, LIMITED, objections
from .placement import CONFIG, VERDICTS, Placement, placement
from .process import PROGRAM, in_container, in_unit, trial_in_container, trial_in_unit
from .python_image import python_image
from .stores import authorities, secret_files, stores, verdict_files

_STOP_SECONDS = 30
_PYTHON_PACKAGE = {
    "name": "python3",
    "version": "3.11",
    "purpose": "the portal",
    "instead": "rgw_portal_runtime=docker",
}
_REQUIREMENTS = "requirements.txt"


class HostPortal:
    """The portal on a host.

    role: the role's variables, by their names without rgw_portal_. home: the identity of the inventory. release: what
    returns a digest of the application and of the role.
    """

    def __init__(self, role: Mapping[str, Any], home: str, release: Callable[[], str] = str) -> None:
        self._role, self._home, self._release = role, home, release

    @property
    def needs(self) -> Dict[str, Any]:
        """What the host must have, as options of the module host_preflight."""
        role = self._role
        image = {"name": role["image"], "source": "bootstrap", "pull": ""}
        return needs(
            role["runtime"],
            [image],
            role["state"] == "present",
            named=bool(role["network"]),
            packages=[_PYTHON_PACKAGE],
        )

    @property
    def in_container(self) -> bool:
        """Whether docker or podman runs the portal."""
        return self._role["runtime"] in CONTAINERS

    @property
    def image(self) -> Dict[str, Any]:
        """The image, in the words of the role container_image."""
        return python_image(self._role["image"])

    @property
    def objections(self) -> List[str]:
        """What is wrong with the variables, each with what to do; empty if nothing is."""
        return [f"rgw_portal_{what}" for what in objections(self._role)]

    @property
    def account(self) -> Dict[str, str]:
        """The user as whom the portal runs. The comment tells whose user it is."""
        return {"name": self._role["name"], "comment": f"Portal (rgwkit: {self._home})".replace(":", "=")}

    @property
    def venv(self) -> str:
        """Folder of the portal's Python packages."""
        return f"{self._role['data_dir']}/venv"

    @property
    def requirements_file(self) -> str:
        """The Python packages with their versions and digests, on the host."""
        return f"{self._role['data_dir']}/{_REQUIREMENTS}"

    @property
    def program_file(self) -> str:
        """The application, on the host."""
        return f"{self._role['data_dir']}/{PROGRAM}"

    @property
    def state_folder(self) -> str:
        """Folder of the SQLite database."""
        return f"{self._role['data_dir']}/state"

    @property
    def config_file(self) -> str:
        """The configuration of the portal, on the host."""
        return f"{self._role['dir']}/{CONFIG}"

    @property
    def contents(self) -> Dict[str, List[str]]:
        """Names of all that the role writes, by folder, for owned_folder."""
        return {
            "configuration": [CONFIG, "credentials/", "trial/", f"{self._role['name']}.loaded"],
            "programs": ["venv/", PROGRAM, _REQUIREMENTS],
            "data": ["state/"],
        }

    @property
    def secret_files(self) -> List[str]:
        """The files with secrets that have to be on the host."""
        return sorted(self._credentials.values())

    @property
    def credentials(self) -> Dict[str, Any]:
        """The copies of secrets and authorities that the process in a container reads, for the role service."""
        files = {**self._credentials, **self._authorities}
        return {
            "folder": f"{self._role['dir']}/credentials",
            "group": int(self._role["uid"]),
            "files": _copies(files),
        }

    @property
    def config(self) -> str:
        """The content of the configuration file, which holds no secret: services/portal/config.py has its types."""
        role, place = self._role, self._place
        config: Dict[str, Any] = {
            "host": place.address,
            "port": place.port,
            "database_url": role["database_url"] or f"sqlite:///{place.state}/portal.db",
            "database_password_file": self._credential("database.password"),
            "roles": {name: list(role[f"{name}_groups"]) for name in ("user", "admin", "uber_admin")},
            "oidc": self._oidc if role["oidc_issuer"] else None,
            "proxy": self._proxy if role["proxy_addresses"] else None,
            "web": self._web if role["url"] else None,
            "rate_limits": {name: self._rate_limit(name) for name in LIMITED},
            "front_addresses": list(role["front_addresses"]),
            "metrics_addresses": list(role["metrics_addresses"]),
            **stores(role["backends"], role["registries"], self._credential, self._authority, self._verdict),
        }
        return json.dumps(_given(config), indent=2, sort_keys=True) + "\n"

    @property
    def trial(self) -> Dict[str, Any]:
        """What the trial needs, in which the new application judges the configuration before the portal changes.

        folder: of the trial's files. program: the path of the application for a unit. files: names and sources of the
        copies of secrets and authorities. override: what differs from the definition.
        """
        folder = self._trial_folder
        return {
            "folder": folder,
            "program": f"{folder}/{PROGRAM}",
            "config_file": f"{folder}/{CONFIG}",
            "config": _Trial(self._role, self._home).config,
            "credentials": f"{folder}/credentials",
            "files": self.credentials["files"] if self.in_container else _copies(self._credentials),
            "override": trial_in_container(folder) if self.in_container else trial_in_unit(folder),
        }

    @property
    def definition(self) -> Dict[str, Any]:
        """The portal as a definition of the role service."""
        role, name = self._role, self._role["name"]
        return {
            "name": name,
            "runtime": role["runtime"],
            "home": self._home,
            "description": "Portal for buckets and keys",
            "role": "rgw_portal",
            "labels": labels(self._home, "portal", name),
            "folder": role["dir"],
            "variable": "rgw_portal_name",
            **self._running,
            "ready_port": {"address": near_host(role["address"]), "port": int(role["port"])},
            "ready_timeout": int(role["ready_timeout"]),
            "stop_timeout": _STOP_SECONDS,
            "record": {
                "path": f"{role['dir']}/{name}.loaded",
                "files": [self.config_file, *self._loaded_files],
                # What tells, beside what the process has loaded, whether a run has nothing to do.
                "managed": {"config": self.config, "release": self._release()},
                "managed_files": [f"{role['dir']}/{MARK}", *self.secret_files],
            },
        }

    @property
    def things(self) -> List[Dict[str, Any]]:
        """The names that the service uses, for the module ownership."""
        return things(complete(self.definition))

    @property
    def ready_url(self) -> str:
        """Where the portal tells what it reaches."""
        return url(near_host(self._role["address"]), self._role["port"], path="/health/ready")

    @property
    def log_command(self) -> str:
        """The command that shows the portal's log, for messages."""
        name, runtime = self._role["name"], self._role["runtime"]
        return f"docker logs {name}" if runtime == "docker" else f"journalctl -u {name}"

    @property
    def _place(self) -> Placement:
        return placement(self._role, self.state_folder)

    @property
    def _trial_folder(self) -> str:
        return f"{self._role['dir']}/trial"

    @property
    def _running(self) -> Dict[str, Any]:
        if self.in_container:
            # A report is replaced by a new file, so that a container needs the folder, not the file.
            reports = verdict_files(self._role["backends"])
            folders = {f"{VERDICTS}/{name}": dirname(path) for name, path in reports.items()}
            return in_container(self._role, self._place, self.state_folder, folders)
        loaded = {**self._credentials, CONFIG: self.config_file}
        return in_unit(self._role["name"], self._place, f"{self.venv}/bin/python", self.program_file, loaded)

    @property
    def _loaded_files(self) -> List[str]:
        """What the process loads besides its configuration. The image has a container's application and packages."""
        if self.in_container:
            copies = self.credentials
            return [f"{copies['folder']}/{one['name']}" for one in copies["files"]]
        return [self.program_file, self.requirements_file, *self.secret_files]

    @property
    def _oidc(self) -> Dict[str, Any]:
        role = self._role
        return {
            "issuer": role["oidc_issuer"],
            "audience": role["oidc_audience"] or role["oidc_client_id"],
            "groups_claim": role["oidc_groups_claim"],
            "ca_file": self._authority("oidc.pem", role["oidc_ca_file"]),
            "algorithms": list(role["oidc_algorithms"]),
        }

    @property
    def _proxy(self) -> Dict[str, Any]:
        headers = {name[len("proxy_") :]: self._role[name] for name in HEADERS}
        networks = list(self._role["proxy_addresses"])
        return {"addresses": networks, "secret_file": self._credential("proxy.secret"), **headers}

    @property
    def _web(self) -> Dict[str, Any]:
        role = self._role
        login = {"client_id": role["oidc_client_id"], "client_secret_file": self._credential("oidc.secret")}
        own = {"url": role["url"].rstrip("/"), "session_s": int(role["session_s"])}
        return {**own, **(login if role["oidc_issuer"] else {})}

    def _rate_limit(self, name: str) -> Dict[str, int]:
        rate, burst = self._role[f"{name}_requests_per_minute"], self._role[f"{name}_burst"]
        return {"per_minute": int(rate), "burst": int(burst)}

    @property
    def _credentials(self) -> Dict[str, str]:
        """The files with secrets by the names of the credentials (systemd.exec(5), "LoadCredential=")."""
        role = self._role
        files = {
            "database.password": role["database_password_file"],
            "proxy.secret": role["proxy_secret_file"] if role["proxy_addresses"] else "",
            "oidc.secret": role["oidc_client_secret_file"] if role["oidc_issuer"] and role["url"] else "",
            **secret_files(role["backends"], role["registries"]),
        }
        return {name: path for name, path in files.items() if path}

    def _credential(self, name: str) -> Any:
        return f"{self._place.credentials}/{name}" if name in self._credentials else None

    @property
    def _authorities(self) -> Dict[str, str]:
        """Files in PEM on the host by the names of the copies that a container gets."""
        role = self._role
        files = {
            "oidc.pem": role["oidc_ca_file"] if role["oidc_issuer"] else "",
            **authorities(role["backends"], role["registries"]),
        }
        return {name: path for name, path in files.items() if path}

    def _authority(self, name: str, path: Any) -> Any:
        """Where the process finds the authorities of a server; None for those that the system knows."""
        if not path:
            return None
        return f"{self._place.credentials}/{name}" if self.in_container else path

    def _verdict(self, backend: str) -> Any:
        """Where the process finds the report on a back-end; None without one."""
        path = verdict_files(self._role["backends"]).get(backend)
        return f"{VERDICTS}/{backend}/{basename(path)}" if path and self.in_container else path


class _Trial(HostPortal):
    """The portal whose configuration the trial reads: on the host, systemd has no credentials for it."""

    @property
    def _place(self) -> Placement:
        place = super()._place
        return place if self.in_container else replace(place, credentials=f"{self._trial_folder}/credentials")


def _copies(files: Mapping[str, str]) -> List[Dict[str, str]]:
    return [{"name": name, "source": path} for name, path in sorted(files.items())]


def _given(options: Mapping[str, Any]) -> Dict[str, Any]:
    """What has a value; the application has the defaults."""
    shown = {name: _given(value) if isinstance(value, Mapping) else value for name, value in options.items()}
    return {name: value for name, value in shown.items() if value is not None}
