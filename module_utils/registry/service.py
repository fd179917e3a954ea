# SPDX-License-Identifier: Apache-2.0
"""What runs where the role registry runs a registry: names and files, and the definition for the role service.

The registry is a container of docker or podman, or a unit of systemd. A trial of a changed configuration and a garbage
collector run beside the registry, with the same mounts or properties.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Callable

from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..services.definition import complete, override
from ..services.needs import needs, things
from ..services.unit import transient_words, watched
from .config.secrets import files_of, unset_secret
from .config.sections import FOLDER, SIGNERS, Config, registry_sections
from .definition import LISTENS, readiness, running
from .process_environment import environment, trial_environment
from .reach import (
    authenticates,
    client_options,
    is_local,
    login,
    mirrors,
    near_address,
    near_url,
    probe_steps,
    pushes,
    speaks_tls,
)
from .redirect.outcome import AUTO, ON, Outcome, choice_of, digest_of_inputs
from .redirect.role import redirect_faults, redirect_inputs, redirect_options
from .storage.layout import SWIFT_FILES
from .unit import PROGRAM_FILE

_CONFIG = "config.yml"
_CERTIFICATES = ("certificate.pem", "key.pem", "gateway-ca.pem", SIGNERS)
# What the role and its modules write into the registry's folder besides: records, the registry's blobs and copies.
_ALSO_WRITTEN = (
    "loaded",
    "redirect.json",
    "htpasswd",
    "data/",
    "trial/",
    "previous/",
    "lease/",
    ".rgwkit-*",
    ".rgw-secret-*",
)
_TRIAL_FOLDER = f"{FOLDER}/trial"
# The largest object that rgw_verify uploads (doctor/session.py: a segment is held in memory).
_LARGEST_SEGMENT = 256 << 20
# Within a minute after the guard has restarted the registry, the collector has ended with its container.
_COLLECTOR_ENDS_SECONDS = 60


class RegistryService:
    """One registry of the role.

    role: the role's variables, without `registry_` before their names. home: identity of the inventory. account: the
    result of getent for registry_uid. collecting: whether the registry is read-only for a garbage collection. release:
    what returns the digest of the roles that run it. renews: whether the run looks for a newer image. layer: folder of
    the image's layer. redirect_outcome: what the last proof of redirects has found, as the role keeps it.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        home: str = "",
        account: Mapping[str, Any] | None = None,
        collecting: bool = False,
        release: Callable[[], str] = str,
        renews: bool = False,
        layer: str = "",
        redirect_outcome: Any = "",
    ) -> None:
        self._role, self._home, self._account, self._collecting = role, home, account or {}, collecting
        self._release, self._renews, self._layer = release, renews, layer
        self._outcome = Outcome.read(redirect_outcome)

    @cached_property
    def config(self) -> Config:
        """The configuration, without its secrets."""
        return registry_sections(self._role, self._collecting, self.redirects)

    @property
    def redirect_choice(self) -> str:
        """What registry_redirect says: off, on or auto."""
        return choice_of(self._role["redirect"])

    @property
    def redirects(self) -> bool:
        """Whether the registry sends its clients to the gateway for blobs."""
        proven = self.redirect_is_settled and self._outcome.redirects
        return self.redirect_choice == ON or (self.redirect_choice == AUTO and proven)

    @property
    def redirect_is_settled(self) -> bool:
        """Whether the last proof of redirects was one of the same configuration, addresses and clients."""
        return self._outcome.inputs == self._redirect_inputs()

    @property
    def redirect_found(self) -> str:
        """What the last proof has found to be wrong; empty if nothing, or for other inputs."""
        return self._outcome.found if self.redirect_is_settled else ""

    @property
    def redirect_proven(self) -> dict[str, Any]:
        """The outcome of a proof without a fault, as the role keeps it."""
        return Outcome(self._redirect_inputs(), True).kept

    @property
    def redirect_failed(self) -> dict[str, Any]:
        """The outcome of a proof with a fault, as the role keeps it; the role adds the fault."""
        return Outcome(self._redirect_inputs()).kept

    @property
    def redirect_faults(self) -> list[str]:
        """Why redirects of this registry cannot work, as far as its variables show that."""
        return redirect_faults(self._role)

    @property
    def redirect_options(self) -> dict[str, str]:
        """The option redirect of registry_probe on the registry's host, which has the keys."""
        return redirect_options(self._role)

    @property
    def secrets(self) -> dict[str, str]:
        """The file of each secret by the secret's place in the configuration.

        Only the module that writes the configuration ever reads the files.
        """
        return files_of(self._role)

    @property
    def unset_secret(self) -> str:
        """The name of the variable that has to name a secret's file and does not; empty if there is none."""
        return unset_secret(self._role)

    @property
    def collector_unit(self) -> str:
        """Name of the unit in which the garbage collector of a package runs."""
        return f"{self._role['name']}-garbage.service"

    @property
    def guard_unit(self) -> str:
        """Name of the unit that makes a read-only registry writable when the signs of life end."""
        return f"{self._role['name']}-lease.service"

    @property
    def things(self) -> list[dict[str, str]]:
        """The names that the registry and its guard use on the host, for the module ownership."""
        uses = {"folder": self._role["dir"], "variable": "registry_name"}
        return [*things(complete(self.service)), {"kind": "unit", "name": self.guard_unit, **uses}]

    @property
    def watched(self) -> dict[str, str]:
        """The process, as options of the module service_watch."""
        return watched(complete(self.service))

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have or can get, as options of the module host_preflight."""
        role = self._role
        image = {"name": role["image"], "source": role["image_source"], "pull": role["image_pull"]}
        wanted, named = role["state"] == "present", bool(role["network"])
        return needs(role["runtime"], [image], wanted, named=named, scope=role["scope"])

    @property
    def certificate_pairs(self) -> list[dict[str, Any]]:
        """The certificate that clients have to accept, with its key."""
        role = self._role
        if not role["tls_certificate_file"]:
            return []
        return [
            {
                "certificate": role["tls_certificate_file"],
                "key": role["tls_key_file"],
                "names": role["names"],
                "purpose": self._role["name"],
                "variable": "registry_tls_certificate_file, registry_tls_key_file, registry_names",
            }
        ]

    @property
    def certificates(self) -> dict[str, str]:
        """The files that are copied to where only the registry can read them: name of the copy, and source."""
        sources = ("tls_certificate_file", "tls_key_file", "gateway_ca_file", "token_certificates_file")
        pairs = ((name, self._role[source]) for name, source in zip(_CERTIFICATES, sources))
        return {name: source for name, source in pairs if source}

    @property
    def kept_names(self) -> list[str]:
        """Names of the files that are kept until the registry is verified on a new configuration."""
        return [*_CERTIFICATES, _CONFIG]

    @property
    def contents(self) -> list[str]:
        """Names of all that the role writes into the folder, including generated secrets, for owned_folder."""
        folder = f"{self._role['dir']}/"
        secrets = [*self.secrets.values(), *(user["password_file"] for user in self._role["users"])]
        inside = [path[len(folder) :] for path in secrets if path.startswith(folder)]
        return [_CONFIG, *_CERTIFICATES, *_ALSO_WRITTEN, *inside]

    @property
    def group(self) -> Any:
        """Group id of the registry's process, which reads the registry's files.

        On the host, that of the user's account. The account does not exist yet in check mode on a first run.
        """
        if self._in_container():
            return self._role["uid"]
        found = self._account.get("ansible_facts", {}).get("getent_passwd", {})
        # Of the fields after the name, the third is the group (getent_passwd of the module getent).
        return next((fields[2] for fields in found.values() if fields), 0)

    @property
    def config_file(self) -> str:
        """Path of the configuration as the registry's process sees it, in each runtime."""
        return f"{FOLDER}/{_CONFIG}"

    @cached_property
    def service(self) -> dict[str, Any]:
        """The definition of the registry for the role service.

        The port among the labels tells a later run whether this registry holds the port that the run wants.
        """
        role = self._role
        name, folder = role["name"], role["dir"]
        return {
            "name": name,
            "runtime": role["runtime"],
            "scope": role["scope"],
            "home": self._home,
            "description": f"Docker registry ({name})",
            "role": "registry",
            "labels": _sorted({**labels(self._home, "registry", name), "io.rgwkit.port": str(role["port"])}),
            "folder": folder,
            "variable": "registry_name",
            "command": ["serve", self.config_file],
            "environment": _sorted(environment(role, self.driver)),
            **running(role, self._layer),
            **readiness(role),
            "record": self._record(),
        }

    @property
    def trial(self) -> dict[str, Any]:
        """What differs from `service` in a trial, which has files, an address and ports of its own."""
        return {
            "command": ["serve", f"{_TRIAL_FOLDER}/{_CONFIG}"],
            "environment": trial_environment(self._role, _TRIAL_FOLDER),
            "publish_ports": [],
            "ready_log": LISTENS,
        }

    @property
    def part(self) -> str:
        """What a report calls what runs."""
        return "container" if self._in_container() else "service"

    @property
    def collector(self) -> dict[str, Any]:
        """The options by which the module registry_gc runs the garbage collector.

        A package's collector is confined as the registry is, in a unit of its own.
        """
        if self._in_container():
            return {"container": self._role["name"], "runtime": self._role["runtime"]}
        program = override(complete(self.service), {"command": []}, "")
        return {"program": transient_words(program, self.collector_unit, "--pipe", "--wait", "--collect")}

    @property
    def restarted(self) -> dict[str, str]:
        """The options by which the guard of the module registry_lease restarts the registry.

        A collector in a container ends with the container; that of a package has to be ended by itself.
        """
        if self._role["runtime"] == "docker":
            return {"container": self._role["name"]}
        unit = {"unit": f"{self._role['name']}.service"}
        return unit if self._in_container() else {**unit, "collector": self.collector_unit}

    @property
    def driver(self) -> Mapping[str, Any]:
        """The section of the storage driver, as registry_extra leaves it; empty if nothing is left."""
        return self.config["storage"][self._role["storage"]] or {}

    @property
    def segment_size(self) -> int:
        """Bytes of a segment for the verification of the gateway: the driver's, or what rgw_verify takes at most."""
        return min(int(self.driver["chunksize"]), _LARGEST_SEGMENT)

    @property
    def roots(self) -> dict[str, str]:
        """The folder of the bucket with the registry's files, for either driver."""
        role = self._role
        return {
            "swift": f"{role['swift_options'].get('prefix', '')}/{SWIFT_FILES}",
            "s3": role["s3_options"].get("rootdirectory", ""),
        }

    @property
    def bucket(self) -> str:
        """The container or bucket of the driver."""
        bucket: str = self._role[{"swift": "swift_container", "s3": "s3_bucket"}[self._role["storage"]]]
        return bucket

    @property
    def redis(self) -> dict[str, Any]:
        """The redis of the configuration, for the modules that remove entries from it; empty without one."""
        role = self._role
        if role["cache"] != "redis":
            return {}
        redis = self.config.get("redis") or {}
        options = {
            "address": role["gc_redis_address"],
            "shared": role["gc_redis_shared"],
            "db": redis.get("db", 0),
            "username": redis.get("username", ""),
            "password_file": self.secrets.get("redis.password", ""),
        }
        return {name: value for name, value in options.items() if value != ""}

    @property
    def waiting_seconds(self) -> int:
        """Seconds of the lease of a replica that gets no signs of life while another host works.

        The work on the worker's host begins at the latest two leases after the last sign of life of the others, and
        takes no longer than the limit. If the work is killed, the worker's own guard notices that after another lease,
        and within a minute the collector has ended with its container. Only then may another host take a push.
        """
        limit, lease = int(self._role["readonly_limit"]), int(self._role["readonly_lease"])
        return limit + 3 * lease + _COLLECTOR_ENDS_SECONDS

    @property
    def address(self) -> str:
        """HOST:PORT at which the verification reaches the registry."""
        return near_address(self._role)

    @property
    def url(self) -> str:
        """URL at which the verification reaches the registry."""
        return near_url(self._role, self.config)

    @property
    def tls(self) -> bool:
        """Whether the registry speaks TLS."""
        return speaks_tls(self.config)

    @property
    def pushes(self) -> bool:
        """Whether the verification pushes to the registry with docker or podman, whichever runs it."""
        return pushes(self._role, self.config)

    @property
    def steps(self) -> list[str]:
        """Steps of the verification over the registry's API."""
        return probe_steps(self._role, self.config)

    @property
    def login(self) -> dict[str, str]:
        """User and password file of the verification, as options of modules; empty where nobody has to log in."""
        return login(self._role)

    @property
    def as_client(self) -> dict[str, str]:
        """The options by which modules connect to the registry as a client."""
        return client_options(self._role, self.config)

    @property
    def is_mirror(self) -> bool:
        """Whether the registry is a mirror of another one."""
        return mirrors(self.config)

    @property
    def lets_everybody_in(self) -> bool:
        """Whether other hosts can reach the registry, and the registry authenticates none of its clients."""
        return not (is_local(self._role) or authenticates(self._role, self.config))

    @property
    def is_planned(self) -> bool:
        """Whether the record can tell that nothing is to be done: not for a registry that is to be removed, and not
        where a newer image may be available.
        """
        return bool(self._role["state"] == "present" and not self._renews)

    def _record(self) -> dict[str, Any]:
        """What the record holds besides the definition. The registry reloads htpasswd by itself, and nothing else."""
        role = self._role
        given = {name: role[name] for name in ("version", "uid", "port", "address", "network", "tls_ca_file")}
        return {
            "path": f"{role['dir']}/loaded",
            "files": [f"{role['dir']}/{name}" for name in (_CONFIG, *_CERTIFICATES)],
            "programs": [] if self._in_container() else [PROGRAM_FILE],
            "managed": {
                # The record keeps the definition, and whoever writes a secret into registry_extra writes it here.
                "config": hashlib.sha256(json.dumps(self.config, sort_keys=True).encode()).hexdigest(),
                "variables": given,
                "users": [[user["name"], int(role["htpasswd_cost"])] for user in role["users"]],
                "release": self._release(),
            },
            "managed_files": self._managed_files(),
        }

    def _managed_files(self) -> list[str]:
        """Paths of what the role reads or writes besides, and of what an interrupted run leaves behind."""
        folder = self._role["dir"]
        passwords = [user["password_file"] for user in self._role["users"]]
        own = [f"{folder}/{name}" for name in ("htpasswd", MARK, "lease/lease", f"previous/{_CONFIG}")]
        return [*own, *self.secrets.values(), *passwords, *self.certificates.values()]

    def _redirect_inputs(self) -> str:
        return digest_of_inputs(redirect_inputs(self._role))

    def _in_container(self) -> bool:
        return bool(self._role["runtime"] != "package")


def _sorted(values: Mapping[str, str]) -> dict[str, str]:
    """In the order in which the record keeps them, so that a restored unit has the same text."""
    return dict(sorted(values.items()))
