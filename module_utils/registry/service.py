# SPDX-License-Identifier: Apache-2.0
"""What runs where the role registry runs a registry: names, files, mounts, command and environment of the service.

The service is a container or a unit of systemd. A trial of a changed configuration and a garbage collector run beside
the service, with the same mounts or properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Callable

from ..base.host_port import host_port
from ..host.owned_folder import MARK
from ..host.ownership import labels
from .config.secrets import files_of, unset_secret
from .config.sections import FOLDER, PORT_ON_A_NETWORK, Config, registry_sections
from .process_environment import environment, trial_environment
from .reach import (
    authenticates,
    client_options,
    docker_trusts,
    is_local,
    near_address,
    near_url,
    probe_steps,
    speaks_tls,
)
from .storage.guard import unit_path
from .storage.layout import SWIFT_FILES
from .unit import transient_unit, unit_properties

_CONFIG = "config.yml"
_PAIR_AND_AUTHORITIES = ("certificate.pem", "key.pem", "gateway-ca.pem")
# What the role and its modules write into the registry's folder besides: records, the registry's blobs and copies.
_ALSO_WRITTEN = ("loaded", "htpasswd", "data/", "trial/", "previous/", "lease/", ".rgwkit-*", ".rgw-secret-*")
_TRIAL_FOLDER = f"{FOLDER}/trial"
# The largest object that rgw_verify uploads (doctor/session.py: a segment is held in memory).
_LARGEST_SEGMENT = 256 << 20
# Within a minute after the guard has restarted the registry, the collector has ended with its container.
_COLLECTOR_ENDS_SECONDS = 60


class RegistryService:
    """One registry of the role.

    role: the role's variables, without `registry_` before their names. home: identity of the inventory. account: the
    result of getent for registry_uid. collecting: whether the registry is read-only for a garbage collection. settled:
    whether the registry is verified on its configuration. release: what returns the digest of the role itself. renews:
    whether the run looks for a newer image.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        home: str = "",
        account: Mapping[str, Any] | None = None,
        collecting: bool = False,
        settled: bool = False,
        release: Callable[[], str] = str,
        renews: bool = False,
    ) -> None:
        self._role, self._home, self._account, self._collecting = role, home, account or {}, collecting
        self._settled, self._release, self._renews = settled, release, renews

    @cached_property
    def config(self) -> Config:
        """The configuration, without its secrets."""
        return registry_sections(self._role, self._collecting)

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
    def labels(self) -> dict[str, str]:
        """Labels of the containers. The port tells a later run whether this registry holds the port that it wants."""
        return {**labels(self._home, "registry", self._role["name"]), "io.rgwkit.port": str(self._role["port"])}

    @property
    def unit_file(self) -> str:
        """Path of the service's unit. The unit records the port, as a label does for the container."""
        return unit_path(f"{self._role['name']}.service")

    @property
    def trial_name(self) -> str:
        """Name of the trial's container, or of its unit without the suffix."""
        return f"{self._role['name']}-trial"

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
        """The names that the registry uses on the host, for the module ownership."""
        kind, suffix = ("container", "") if self._in_container() else ("unit", ".service")
        names = [(kind, self._role["name"] + suffix), (kind, self.trial_name + suffix), ("unit", self.guard_unit)]
        uses = {"folder": self._role["dir"], "variable": "registry_name"}
        return [{"kind": kind, "name": name, **uses} for kind, name in names]

    @property
    def commands(self) -> list[str]:
        """The commands that the host must have. In the state absent, a host without systemd has no unit to remove."""
        if self._in_container():
            return ["docker"]
        return ["systemctl"] if self._role["state"] == "present" else []

    @property
    def images(self) -> list[dict[str, str]]:
        """The image that the host must have or can get."""
        role = self._role
        if not (self._in_container() and role["state"] == "present"):
            return []
        return [{"name": role["image"], "source": role["image_source"], "pull": role["image_pull"]}]

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
        sources = ("tls_certificate_file", "tls_key_file", "gateway_ca_file")
        pairs = ((name, self._role[source]) for name, source in zip(_PAIR_AND_AUTHORITIES, sources))
        return {name: source for name, source in pairs if source}

    @property
    def loads(self) -> list[str]:
        """Paths of the files that the registry reads at its start only. The registry reloads htpasswd by itself."""
        return [f"{self._role['dir']}/{name}" for name in (_CONFIG, *_PAIR_AND_AUTHORITIES)]

    @property
    def kept_names(self) -> list[str]:
        """Names of the files that are kept until the registry is verified on a new configuration."""
        return [*_PAIR_AND_AUTHORITIES, f"{self._role['name']}.service", _CONFIG]

    @property
    def contents(self) -> list[str]:
        """Names of all that the role writes into the folder, including generated secrets, for owned_folder."""
        folder = f"{self._role['dir']}/"
        secrets = [*self.secrets.values(), *(user["password_file"] for user in self._role["users"])]
        inside = [path[len(folder) :] for path in secrets if path.startswith(folder)]
        return [_CONFIG, *_PAIR_AND_AUTHORITIES, *_ALSO_WRITTEN, *inside]

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
    def user(self) -> str:
        """UID:GID of the process in a container."""
        return f"{self._role['uid']}:{self.group}"

    @property
    def command(self) -> list[str]:
        """Arguments of the registry's program."""
        return ["serve", self.config_file]

    @property
    def trial_command(self) -> list[str]:
        """The same for the trial."""
        return ["serve", f"{_TRIAL_FOLDER}/{_CONFIG}"]

    @property
    def config_file(self) -> str:
        """Path of the configuration as the registry's process sees it, in either runtime."""
        return f"{FOLDER}/{_CONFIG}"

    @property
    def mounts(self) -> list[dict[str, Any]]:
        """Mounts of the container and of its trial, as docker_container takes them."""
        role = self._role
        files = {"type": "bind", "source": role["dir"], "target": FOLDER, "read_only": True}
        if role["storage"] != "filesystem":
            return [files]
        return [files, {"type": "bind", "source": f"{role['dir']}/data", "target": role["filesystem_rootdirectory"]}]

    @property
    def published_ports(self) -> list[str]:
        """HOST:PORT:INSIDE on a docker network; nothing on the host's own network."""
        role = self._role
        return [f"{host_port(role['address'], role['port'])}:{PORT_ON_A_NETWORK}"] if role["network"] else []

    @property
    def environment(self) -> dict[str, str]:
        """Environment of the registry's process."""
        return environment(self._role, self.driver)

    @property
    def trial_environment(self) -> dict[str, str]:
        """Environment of the trial."""
        return trial_environment(self._role, _TRIAL_FOLDER)

    @property
    def properties(self) -> list[str]:
        """Properties of the service's unit, of its trial's and of its collector's."""
        return unit_properties(self._role)

    @property
    def trial_program(self) -> list[str]:
        """The command that starts the trial as a unit."""
        options = [f"--unit={self.trial_name}", f"--description=Trial of {self._role['name']} (rgwkit: {self._home})"]
        return transient_unit(options, self.properties, self.trial_environment, *self.trial_command)

    @property
    def collector_program(self) -> list[str]:
        """The command to which the arguments of the garbage collector are added."""
        options = ["--pipe", "--wait", "--collect", f"--unit={self.collector_unit}"]
        return transient_unit(options, self.properties, self.environment)

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
    def docker_trusts(self) -> bool:
        """Whether the verification pushes to the registry with docker."""
        return docker_trusts(self._role, self.config)

    @property
    def steps(self) -> list[str]:
        """Steps of the verification over the registry's API."""
        return probe_steps(self._role, self.config)

    @property
    def as_client(self) -> dict[str, str]:
        """The options by which modules connect to the registry as a client."""
        return client_options(self._role, self.config)

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

    @property
    def record(self) -> dict[str, Any]:
        """The registry as a service of the module service_record."""
        role = self._role
        given = {name: role[name] for name in ("version", "uid", "port", "address", "network", "tls_ca_file")}
        service = {
            "path": f"{role['dir']}/loaded",
            "runtime": role["runtime"],
            "files": self.loads,
            "managed": {
                "config": self.config,
                "variables": given,
                "users": [user["name"] for user in role["users"]],
                "settled": self._settled,
                "release": self._release(),
            },
            "managed_files": self._managed_files(),
        }
        if not self._in_container():
            return {**service, "definition": {"properties": self.properties}, "unit": f"{role['name']}.service"}
        container = [self.mounts, self.command, self.environment, self.published_ports, self.labels]
        limits = [role["pids_limit"], role["memory"]]
        definition = {"container": container, "limits": limits, "user": self.user}
        return {**service, "definition": definition, "image": role["image"], "container": role["name"]}

    def _managed_files(self) -> list[str]:
        """Paths of what the role reads or writes besides, and of what an interrupted run leaves behind."""
        folder = self._role["dir"]
        passwords = [user["password_file"] for user in self._role["users"]]
        own = [f"{folder}/{name}" for name in ("htpasswd", MARK, "lease/lease", f"previous/{_CONFIG}")]
        return [*own, *self.secrets.values(), *passwords, *self.certificates.values()]

    def _in_container(self) -> bool:
        return bool(self._role["runtime"] == "container")
