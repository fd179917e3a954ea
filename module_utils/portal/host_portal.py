# SPDX-License-Identifier: Apache-2.0
"""What follows from the variables of the role rgw_portal on a host, before a task asks the host anything."""

from __future__ import annotations

import json
import re
from ipaddress import ip_network
from typing import Any, Callable, Dict, Iterator, List, Mapping, Sequence, Tuple
from urllib.parse import urlsplit

from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..services.definition import CONTAINERS, complete
from ..services.needs import needs, things
from .placement import CONFIG, Placement, placement
from .process import in_container, in_unit

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")  # becomes the name of a user and of a unit
_BACKEND = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
# Signatures with a key of the issuer's own (RFC 7518, section 3.1; RFC 8037 for EdDSA).
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_STOP_SECONDS = 30
# Whose requests have a limit.
_LIMITED = ("person", "address")
_MOST_REQUESTS = 1_000_000
# Options of a back-end in the configuration file, by its kind; the others are files or names.
_OF_VERDICT = ("verdict_file", "verdict_max_age_s")
_OF_ALL = ("endpoint", "public_endpoint", "home", "timeout_s", "ca_file", *_OF_VERDICT)
_OF_BACKEND = {
    "dummy": _OF_VERDICT,
    "rgw": (*_OF_ALL, "access_key", "uid_prefix"),
    "swift": (
        *_OF_ALL,
        *("keystone_url", "public_keystone_url", "user", "user_domain", "project", "project_domain", "domain"),
        *("key_role", "account_prefix", "project_prefix", "allow_cleartext_secrets"),
    ),
}
# Where the configuration names the file with the secret of the portal's account, and what else that account needs.
_SECRET = {"rgw": "secret_key_file", "swift": "password_file"}
_ACCOUNT = {
    "rgw": (("access_key", "secret_key_file"), "give the key of the portal's user of the gateway"),
    "swift": (
        ("keystone_url", "user", "password_file", "project", "domain"),
        "describe the portal's account in Keystone",
    ),
}
_OF_REGISTRY = ("url", "endpoint", "ca_file", "username", "prefix", "timeout_s")
_PREFIX = re.compile(r"([a-z0-9._-]+/)*\{project\}/([a-z0-9._-]+/)*\Z")
_PROGRAM, _REQUIREMENTS = "portal.zip", "requirements.txt"
# What the image that the host makes consists of, besides the Python packages and the application.
_SUITE, _PACKAGES = "bookworm", ("python3", "ca-certificates", "tzdata")


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
        return needs(role["runtime"], [image], role["state"] == "present", named=bool(role["network"]))

    @property
    def in_container(self) -> bool:
        """Whether docker or podman runs the portal."""
        return self._role["runtime"] in CONTAINERS

    @property
    def image(self) -> Dict[str, Any]:
        """The image, in the words of the role container_image."""
        return {"name": self._role["image"], "suite": _SUITE, "packages": list(_PACKAGES)}

    @property
    def objections(self) -> List[str]:
        """What is wrong with the variables, each with what to do; empty if nothing is."""
        return [f"rgw_portal_{what}" for what in self._objections()]

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
        return f"{self._role['data_dir']}/{_PROGRAM}"

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
            "configuration": [CONFIG, "credentials/", f"{self._role['name']}.loaded"],
            "programs": ["venv/", _PROGRAM, _REQUIREMENTS],
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
            "files": [{"name": name, "source": path} for name, path in sorted(files.items())],
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
            "rate_limits": {name: self._rate_limit(name) for name in _LIMITED},
            "metrics_addresses": list(role["metrics_addresses"]),
            "backends": {one["name"]: {**self._backend(one), **self._trust(one)} for one in role["backends"]},
            "registries": {one["name"]: self._registry(one) for one in role["registries"]},
        }
        return json.dumps(_given(config), indent=2, sort_keys=True) + "\n"

    @property
    def definition(self) -> Dict[str, Any]:
        """The portal as a definition of the role service."""
        role, name = self._role, self._role["name"]
        address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(role["address"], role["address"])  # noqa: S104
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
            "ready_port": {"address": address, "port": int(role["port"])},
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
        ready = self.definition["ready_port"]
        host = f"[{ready['address']}]" if ":" in ready["address"] else ready["address"]
        return f"http://{host}:{ready['port']}/health/ready"

    @property
    def log_command(self) -> str:
        """The command that shows the portal's log, for messages."""
        name, runtime = self._role["name"], self._role["runtime"]
        return f"docker logs {name}" if runtime == "docker" else f"journalctl -u {name}"

    @property
    def _place(self) -> Placement:
        return placement(self._role, self.state_folder)

    @property
    def _running(self) -> Dict[str, Any]:
        if self.in_container:
            return in_container(self._role, self._place, self.state_folder)
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
        return {"addresses": list(self._role["proxy_addresses"]), "secret_file": self._credential("proxy.secret")}

    @property
    def _web(self) -> Dict[str, Any]:
        role = self._role
        login = {"client_id": role["oidc_client_id"], "client_secret_file": self._credential("oidc.secret")}
        return {"url": role["url"].rstrip("/"), **(login if role["oidc_issuer"] else {})}

    def _rate_limit(self, name: str) -> Dict[str, int]:
        rate, burst = self._role[f"{name}_requests_per_minute"], self._role[f"{name}_burst"]
        return {"per_minute": int(rate), "burst": int(burst)}

    def _backend(self, one: Mapping[str, Any]) -> Dict[str, Any]:
        kind, limits = _kind(one), one.get("limits") or {}
        options = {name: one.get(name) or None for name in _OF_BACKEND[kind]}
        secret = {_SECRET[kind]: self._credential(f"{one['name']}.secret")} if kind in _SECRET else {}
        return {"kind": kind, "limits": dict(limits), **options, **secret}

    def _registry(self, one: Mapping[str, Any]) -> Dict[str, Any]:
        options = {name: one.get(name) or None for name in _OF_REGISTRY}
        return {**options, "password_file": self._credential(f"registry.{one['name']}.password")}

    @property
    def _credentials(self) -> Dict[str, str]:
        """The files with secrets by the names of the credentials (systemd.exec(5), "LoadCredential=")."""
        role = self._role
        files = {
            "database.password": role["database_password_file"],
            "proxy.secret": role["proxy_secret_file"] if role["proxy_addresses"] else "",
            "oidc.secret": role["oidc_client_secret_file"] if role["oidc_issuer"] and role["url"] else "",
            **{f"{one['name']}.secret": _secret_file(one) for one in role["backends"]},
            **{f"registry.{one['name']}.password": one.get("password_file") or "" for one in role["registries"]},
        }
        return {name: path for name, path in files.items() if path}

    def _credential(self, name: str) -> Any:
        return f"{self._place.credentials}/{name}" if name in self._credentials else None

    @property
    def _authorities(self) -> Dict[str, str]:
        """Files in PEM on the host by the names of the copies that a container gets."""
        role = self._role
        files = {f"{one['name']}.pem": one.get("ca_file") or "" for one in role["backends"]}
        files["oidc.pem"] = role["oidc_ca_file"] if role["oidc_issuer"] else ""
        return {name: path for name, path in files.items() if path}

    def _trust(self, one: Mapping[str, Any]) -> Dict[str, Any]:
        return {"ca_file": self._authority(f"{one['name']}.pem", one.get("ca_file"))}

    def _authority(self, name: str, path: Any) -> Any:
        """Where the process finds the authorities of a server; None for those that the system knows."""
        if not path:
            return None
        return f"{self._place.credentials}/{name}" if self.in_container else path

    def _objections(self) -> Iterator[str]:
        role = self._role
        if role["network"] and not self.in_container:
            yield f"network is '{role['network']}', and runtime is {role['runtime']}. Next: leave the network empty"
        if not _NAME.match(role["name"]):
            yield (
                f"name is '{role['name']}', which cannot be the name of a user. Next: choose up to 31 lower-case "
                "letters, digits and hyphens that begin with a letter"
            )
        yield from _problems_with_urls(
            [("url", role["url"], False), ("oidc_issuer", role["oidc_issuer"], True)],
        )
        if not role["oidc_issuer"] and not role["proxy_addresses"]:
            yield "oidc_issuer and rgw_portal_proxy_addresses are empty, so nobody could sign in. Next: give one"
        if role["oidc_issuer"] and not role["oidc_client_id"]:
            yield "oidc_client_id is empty. Next: give the name under which the issuer knows the portal"
        unknown = sorted(set(role["oidc_algorithms"]) - set(_ALGORITHMS))
        if unknown or not role["oidc_algorithms"]:
            yield f"oidc_algorithms is {list(role['oidc_algorithms'])}. Next: choose some of {', '.join(_ALGORITHMS)}"
        if role["proxy_addresses"] and not role["proxy_secret_file"]:
            yield "proxy_secret_file is empty. Next: name the file on the host with the secret that the proxy sends"
        if not any(role[f"{name}_groups"] for name in ("user", "admin", "uber_admin")):
            yield "user_groups, _admin_groups and _uber_admin_groups are empty. Next: give at least one role a group"
        if not urlsplit(role["database_url"] or "sqlite://").scheme:
            yield "database_url has no scheme. Next: give a URL such as postgresql+psycopg://portal@db.example.com/portal"
        if urlsplit(role["database_url"]).password:
            yield "database_url has a password. Next: write the password into rgw_portal_database_password_file"
        yield from self._problems_with_limits()
        yield from self._problems_with_networks()
        yield from self._problems_with_backends()
        yield from self._problems_with_registries()

    def _problems_with_limits(self) -> Iterator[str]:
        for name in _LIMITED:
            for option, least in ((f"{name}_requests_per_minute", 0), (f"{name}_burst", 1)):
                if not least <= int(self._role[option]) <= _MOST_REQUESTS:
                    yield f"{option} is {self._role[option]}. Next: choose a number from {least} to {_MOST_REQUESTS}"

    def _problems_with_networks(self) -> Iterator[str]:
        for option in ("proxy_addresses", "metrics_addresses"):
            for network in self._role[option]:
                if not _is_network(network):
                    yield f"{option} has '{network}', which is no network. Next: give networks such as 10.0.0.0/8"

    def _problems_with_backends(self) -> Iterator[str]:
        backends: Sequence[Mapping[str, Any]] = self._role["backends"]
        if not backends:
            yield "backends is empty. Next: describe at least one storage"
        names = [str(one["name"]) for one in backends]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"backends has '{name}' twice. Next: give each back-end a name of its own"
        for name in names:
            if not _BACKEND.match(name):
                yield f"backends has the name '{name}'. Next: choose lower-case letters, digits and hyphens"
        for index, one in enumerate(backends):
            if _kind(one) == "dummy":
                continue
            place = f"backends[{index}]"
            if not one.get("endpoint"):
                yield f"{place}.endpoint is empty. Next: give the URL of the gateway"
            options_with_urls = ("endpoint", "keystone_url", "public_keystone_url")
            urls = [(f"{place}.{name}", one.get(name) or "", True) for name in options_with_urls]
            urls += [(f"{place}.public_endpoint", one.get("public_endpoint") or "", False)]
            yield from _problems_with_urls(urls)
            options, what_to_do = _ACCOUNT[_kind(one)]
            for option in options:
                if not one.get(option):
                    yield f"{place}.{option} is empty. Next: {what_to_do}"
            if _kind(one) == "swift" and (one.get("limits") or {}).get("max_objects") is not None:
                yield f"{place}.limits.max_objects is set, which Swift does not offer. Next: leave max_objects out"

    def _problems_with_registries(self) -> Iterator[str]:
        registries: Sequence[Mapping[str, Any]] = self._role["registries"]
        names = [str(one["name"]) for one in registries]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"registries has '{name}' twice. Next: give each registry a name of its own"
        for index, one in enumerate(registries):
            place = f"registries[{index}]"
            if not _BACKEND.match(str(one["name"])):
                yield f"{place}.name is '{one['name']}'. Next: choose lower-case letters, digits and hyphens"
            yield from _problems_with_urls(
                [(f"{place}.url", one["url"], False), (f"{place}.endpoint", one.get("endpoint") or "", True)]
            )
            if bool(one.get("username")) != bool(one.get("password_file")):
                yield f"{place} has only one of username and password_file. Next: give both, or none"
            if not _PREFIX.match(one.get("prefix") or "{project}/"):
                yield (
                    f"{place}.prefix is '{one['prefix']}'. Next: give whole segments that end with '/', one of them "
                    "{project}, such as teams/{project}/"
                )


def _problems_with_urls(urls: Sequence[Tuple[str, str, bool]]) -> Iterator[str]:
    """urls: variable, value, and whether a path is fine."""
    for name, url, may_have_path in urls:
        parts = urlsplit(url)
        if not url:
            continue
        if parts.username or parts.password:
            yield f"{name} has a login. Next: give the URL without it"
        elif parts.scheme not in ("http", "https") or not parts.hostname:
            yield f"{name} is '{url}', which is no URL of a host. Next: give a URL such as https://portal.example.com"
        elif parts.query or parts.fragment or (parts.path.strip("/") and not may_have_path):
            yield f"{name} is '{url}', which has a path or a query. Next: give the URL without it"


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _kind(backend: Mapping[str, Any]) -> str:
    """A role does not get the defaults of options in a list."""
    return str(backend.get("kind") or "rgw")


def _secret_file(backend: Mapping[str, Any]) -> str:
    return str(backend.get(_SECRET.get(_kind(backend), "")) or "")


def _given(options: Mapping[str, Any]) -> Dict[str, Any]:
    """What has a value; the application has the defaults."""
    shown = {name: _given(value) if isinstance(value, Mapping) else value for name, value in options.items()}
    return {name: value for name, value in shown.items() if value is not None}
