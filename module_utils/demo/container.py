# SPDX-License-Identifier: Apache-2.0
"""The service that a demo is: its container on docker or podman, from the variables of the role ceph_demo."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Callable

from ..base.errors import InputError
from ..base.host_port import host_port, near_host, url
from ..host.owned_folder import MARK
from ..host.ownership import labels
from ..host.relabel import SHARED
from ..host.unit_scope import USER
from ..keystone.authorities import authority_mounts
from ..keystone.options import keystone_options, with_defaults
from ..services.definition import CONTAINERS
from ..services.needs import needs
from ..services.unit import log_command
from .upgrade import move_objection, release_of, upgrade

# The entrypoint of ceph/daemon and ceph/demo is in this folder, which no other image has.
_HISTORIC = "/opt/ceph-container/"
_DATA = "/var/lib/ceph"
_SECRET = "/run/secrets/ceph-demo"  # noqa: S105 -- where the file with the secret is mounted
_PASSWORD = "/run/secrets/keystone"  # noqa: S105 -- where the file with the password of Keystone's user is mounted
# Folders that our own image rewrites at every start, besides the data: settings and sockets. The rest of its file
# system is read-only.
_REWRITTEN = ["/etc/ceph", "/run/ceph", "/tmp"]  # noqa: S108
# The daemons run as root here, while the user ceph owns Ceph's folders.
_CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE"]
_DIAGNOSIS = ["ceph -s --connect-timeout 5", "ss -lnt || cat /proc/net/tcp"]
# Inside a bridge network the gateway's port never changes: the historic images write the port into ceph.conf once and
# never update it.
_INSIDE_PORT = 8080
# Where each program keeps volumes.
_VOLUMES = {"docker": "/var/lib/docker", "podman": "/var/lib/containers"}
_VOLUMES_OF_A_USER = "~/.local/share/containers"
_IMAGE = ("name", "source", "pull")


class CephDemo:
    """A demo on one host.

    role: the variables of the role, without prefix. home: identity of the inventory. The rest are results of tasks,
    each needed only for what is derived from it. image: container_image_info of the image. found: service_watch of the
    container. compared: service_record of the demo. volumes: names of the volumes to remove. running_release,
    image_release: what `ceph-mon --version` prints in the container and in the image; the latter is empty where the
    image is absent. release: what returns the digest of the roles that make the demo and its image. renews: whether the
    run looks for a newer image.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        home: str,
        image: Mapping[str, Any],
        found: Mapping[str, Any],
        compared: Mapping[str, Any],
        volumes: Iterable[str],
        running_release: str,
        image_release: str,
        release: Callable[[], str] = str,
        renews: bool = False,
    ) -> None:
        self._role, self._home = role, home
        self._release, self._renews = release, renews
        self._image, self._found, self._compared, self._removed = image, found, compared, volumes
        self._running_release, self._image_release = running_release, image_release

    @property
    def labels(self) -> dict[str, str]:
        """Labels of all that the role creates in docker or podman."""
        return labels(self._home, "demo", self._role["name"])

    @property
    def runtime(self) -> str:
        """The program that runs the container; for a demo that is to be removed, the one that ran it last."""
        last = self._last().get("previous_runtime")
        return str(last if self._is_absent() and last in CONTAINERS else self._role["runtime"])

    @property
    def needs(self) -> dict[str, Any]:
        """What the host must have, as options of the module host_preflight."""
        runtime, present = str(self._role["runtime"]), not self._is_absent()
        given = [{key: one[key] for key in _IMAGE if key in one} for one in self._role["images"]]
        bridge = self._role["network_mode"] == "bridge"
        return needs(runtime, given, present, named=bridge, scope=self._role["scope"])

    @property
    def store(self) -> str:
        """Folder of the host in which the program that runs the container keeps volumes."""
        return _VOLUMES_OF_A_USER if self._role["scope"] == USER else _VOLUMES[self._role["runtime"]]

    @property
    def service(self) -> dict[str, Any]:
        """The definition of the service, for the role service.

        A demo that is to be removed has a network in any case, and the volumes that are to be removed.
        """
        role, absent, bridge = self._role, self._is_absent(), not self._on_host_network()
        confined: dict[str, Any] = {"capabilities": _CAPABILITIES, "tmpfs": self.tmpfs}
        return {
            "name": role["name"],
            "runtime": self.runtime,
            "scope": role["scope"],
            "home": self._home,
            "description": f"Ceph demo {role['name']}",
            "role": "ceph_demo",
            "labels": self.labels,
            "folder": role["dir"],
            "variable": "ceph_demo_name",
            "image": role["image"],
            "pull": "never",
            "command": self.command,
            "environment": self.environment,
            "mounts": self.mounts,
            # Historic images need more capabilities, which are documented nowhere, and write everywhere.
            **({"confined": False, "tmpfs": self.tmpfs} if self.is_historic else confined),
            "network": role["network_name"] if bridge or absent else "host",
            "own_network": bridge or absent,
            # The historic images name the daemons' data after the host name.
            "hostname": role["name"] if bridge else "",
            "publish_ports": self.ports if bridge else [],
            "volumes": list(self._removed) if absent else self.volumes,
            "pids_limit": role["pids_limit"],
            "memory": role["memory"],
            "restart": role["restart_policy"],
            "ready_log": self.ready_log,
            "ready_timeout": role["ready_timeout"],
            "diagnosis": _DIAGNOSIS,
            "record": {
                "path": f"{role['dir']}/loaded",
                "files": self._keystone_files(),
                "managed": {"home": self._home, "release": self._release()},
                "managed_files": [f"{role['dir']}/{MARK}", role["secret_key_file"]],
            },
        }

    @property
    def monitor_version(self) -> dict[str, Any]:
        """What is different in a container that prints the image's release and ends."""
        empty: dict[str, Any] = {key: [] for key in ("mounts", "tmpfs", "publish_ports", "capabilities")}
        alone = {"network": "none", "own_network": False, "hostname": "", "environment": {}}
        return {**empty, **alone, "entrypoint": ["ceph-mon"], "command": ["--version"], "confined": True}

    @property
    def is_planned(self) -> bool:
        """Whether the record can tell that nothing is to be done: not for a demo that is to be removed, and not where a
        newer image may be available.
        """
        return not self._is_absent() and not self._renews

    @property
    def move_objection(self) -> str:
        """Why the demo cannot run by this program, empty if it can: kept data stay where they are."""
        last = str(self._last().get("previous_runtime") or "")
        kept = (self._last().get("previous") or {}).get("volumes", self.volumes)
        if last not in CONTAINERS or last == self._role["runtime"] or not kept:
            return ""
        return move_objection(self._role["name"], last, self._role["runtime"])

    @property
    def log_command(self) -> str:
        """The command that shows the whole log."""
        return log_command(self.runtime, self._role["name"], self._role["scope"])

    @property
    def is_historic(self) -> bool:
        """Whether the image is ceph/daemon or ceph/demo, which its entrypoint tells."""
        return _HISTORIC in self._entrypoint()

    @property
    def command(self) -> list[str]:
        """What the container runs. The entrypoint of ceph/demo takes no command."""
        return [] if self._entrypoint().endswith("bin/demo") else ["demo"]

    @property
    def ready_log(self) -> str:
        """Regular expression of the log line that says that the demo is ready."""
        return "SUCCESS" if self.is_historic else r"^\[[0-9.]+ s\] ready: "

    @property
    def bootstrap_uid(self) -> str:
        """The user that a historic image creates.

        ceph/daemon and ceph/demo take secrets from the environment, where everybody sees them, and print them. So the
        role passes no secret: these images create a user with keys of their own, and the role removes that user once
        the real one exists.
        """
        return "rgwkit-bootstrap"

    @property
    def environment(self) -> dict[str, Any]:
        """The container's environment; what is empty is left to the image."""
        special = self._historic_environment() if self.is_historic else self._own_environment()
        wanted = {**self._common_environment(), **special, **self._role["environment"]}
        return {name: value for name, value in wanted.items() if value}

    @property
    def volumes(self) -> list[str]:
        """Names of the volumes, of which a demo in memory has none."""
        return [mount["source"] for mount in self._volume_mounts()]

    @property
    def mounts(self) -> list[dict[str, Any]]:
        """The volumes, and for our own image the secret."""
        file = {"source": self._role["secret_key_file"], "target": _SECRET}
        secret = {"type": "bind", **file, "read_only": True, "relabel": SHARED}
        own = [secret, *self._keystone_mounts()]
        return self._volume_mounts() + ([] if self.is_historic else own)

    @property
    def tmpfs(self) -> list[str]:
        """Folders of the container that are in memory."""
        return ([_DATA] if self._is_ephemeral() else []) + ([] if self.is_historic else _REWRITTEN)

    @property
    def ports(self) -> list[str]:
        """The published port, in a bridge network."""
        return [f"{host_port(self._role['rgw_address'], self._role['rgw_port'])}:{self._inside_port()}"]

    @property
    def keystone(self) -> dict[str, Any]:
        """Keystone as the module rgw_keystone_preflight takes it, with all defaults; empty without Keystone.

        `gateway_urls`: where clients find the gateway, by default at its own address.
        """
        one = with_defaults(self._role["keystone"])
        if not one:
            return {}
        own = url(near_host(self._role["rgw_address"]), self._role["rgw_port"])
        return {**one, "url_prefix": "swift", "gateway_urls": one["catalogue_urls"] or [own]}

    @property
    def changes_image(self) -> bool:
        """Whether a running Ceph with data that are kept gets another image.

        A historic image keeps its data in other places. While the image is absent, the play is about to get another one
        if the release of that image is known. A demo without a definition in its record may run on any image.
        """
        if not self._found.get("running") or self._is_ephemeral() or self.is_historic:
            return False
        if not self._image.get("images"):
            return bool(self._coming_release())
        last = (self._last().get("previous") or {}).get("image")
        return bool(last != self._role["image"])

    @property
    def upgrade(self) -> dict[str, str]:
        """From which release to which other the data go (old, new), and what speaks against it (objection)."""
        new = release_of(self._image_release) if self._image_release else self._coming_release()
        return upgrade(self._role["name"], release_of(self._running_release), self._role["image"], new)._asdict()

    def _entrypoint(self) -> str:
        images = self._image.get("images")
        config = images[0].get("Config") if images else None
        return " ".join((config or {}).get("Entrypoint") or [])

    def _last(self) -> Mapping[str, Any]:
        """The demo as its record has it, empty without one."""
        services: list[dict[str, Any]] = self._compared.get("services") or [{}]
        return services[0]

    def _is_absent(self) -> bool:
        return bool(self._role["state"] == "absent")

    def _is_ephemeral(self) -> bool:
        return bool(self._role["storage"] == "ephemeral")

    def _keystone_files(self) -> list[str]:
        """The files of ceph_demo_keystone, which the gateway reads."""
        return [one for one in map(self._role["keystone"].get, ("password_file", "ca_file")) if one]

    def _keystone_mounts(self) -> list[dict[str, Any]]:
        given = self._role["keystone"]
        source = given.get("password_file")
        file = {"source": source, "target": _PASSWORD, "read_only": True}
        password = [{"type": "bind", **file, "relabel": SHARED}] if source else []
        return [*password, *authority_mounts(given)]

    def _gateway_options(self) -> dict[str, str]:
        """The variable of the image's entrypoint that adds options to the gateway's section of ceph.conf."""
        options = keystone_options(self._role["keystone"], _PASSWORD)
        return {"RGW_OPTIONS": json.dumps(options, sort_keys=True)} if options else {}

    def _on_host_network(self) -> bool:
        return bool(self._role["network_mode"] == "host")

    def _inside_port(self) -> Any:
        return self._role["rgw_port"] if self._on_host_network() else _INSIDE_PORT

    def _coming_release(self) -> str:
        """The release of the image that the play is about to get; empty if nothing tells."""
        image = self._role["image"]
        return next((one.get("release", "") for one in self._role["images"] if one["name"] == image), "")

    def _volume_mounts(self) -> list[dict[str, Any]]:
        if self._is_ephemeral():
            return []
        targets = {"data": _DATA}
        if self.is_historic:
            # Without these volumes, a historic image would create its user again in a new container, and fail.
            targets.update(etc="/etc/ceph", tmp="/opt/ceph-container/tmp")
        name = self._role["name"]
        return [{"type": "volume", "source": f"{name}-{end}", "target": target} for end, target in targets.items()]

    def _common_environment(self) -> dict[str, Any]:
        role = self._role
        return {
            "NETWORK_AUTO_DETECT": role["network_auto_detect"],
            "RGW_FRONTEND_TYPE": role["rgw_frontend_type"],
            "RGW_FRONTEND_IP": role["rgw_address"] if self._on_host_network() else "0.0.0.0",  # noqa: S104
            "RGW_FRONTEND_PORT": str(self._inside_port()),
            "RGW_FRONTEND_OPTIONS": role["rgw_frontend_options"],
            "OSD_COUNT": str(role["osd_count"]),
            "DEMO_DAEMONS": ",".join(role["daemons"]),
        }

    def _own_environment(self) -> dict[str, Any]:
        role = self._role
        return {
            "MON_IP": role["mon_ip"],
            "CEPH_PUBLIC_NETWORK": role["public_network"],
            "CEPH_DEMO_UID": role["uid"],
            "CEPH_DEMO_ACCESS_KEY": role["access_key"],
            "CEPH_DEMO_SECRET_KEY_FILE": _SECRET,
            "CEPH_DEMO_BUCKET": role["bucket"],
            "RGW_NAME": role["rgw_name"],
            "OSD_OBJECTSTORE": "memstore" if self._is_ephemeral() else "bluestore",
            **self._gateway_options(),
        }

    def _historic_environment(self) -> dict[str, Any]:
        role = self._role
        if role["keystone"]:
            raise InputError(
                f"ceph_demo_image {role['image']} is a historic image, whose gateway takes no options of Keystone. "
                "Next: use an image of the role ceph_image, or empty ceph_demo_keystone."
            )
        return {
            "MON_IP": role["mon_ip"] or "127.0.0.1",
            "CEPH_PUBLIC_NETWORK": role["public_network"] or "127.0.0.0/8",
            "CEPH_DEMO_UID": self.bootstrap_uid,
            "RGW_NAME": role["rgw_name"] or role["name"],
            # On the host network, the image's web page would take the registry's port.
            "SREE_PORT": "15080",
        }
