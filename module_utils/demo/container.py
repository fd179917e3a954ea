# SPDX-License-Identifier: Apache-2.0
"""How a demo's container is run and what it is called, from the variables of the role ceph_demo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Callable

from ..base.host_port import host_port
from ..host.owned_folder import MARK
from ..host.ownership import labels
from .upgrade import release_of, upgrade

# The entrypoint of ceph/daemon and ceph/demo is in this folder, which no other image has.
_HISTORIC = "/opt/ceph-container/"
_DATA = "/var/lib/ceph"
_SECRET = "/run/secrets/ceph-demo"  # noqa: S105 -- where the file with the secret is mounted
# Folders that our own image rewrites at every start, besides the data: settings and sockets. The rest of its file
# system is read-only.
_REWRITTEN = ["/etc/ceph", "/run/ceph", "/tmp"]  # noqa: S108
# Inside a bridge network the gateway's port never changes: the historic images write the port into ceph.conf once and
# never update it.
_INSIDE_PORT = 8080
# The variables that the container is made of.
_VARIABLES = (
    *("name", "network_name", "network_mode", "storage", "mon_ip", "public_network", "network_auto_detect", "uid"),
    *("access_key", "bucket", "rgw_name", "rgw_frontend_type", "rgw_address", "rgw_port", "rgw_frontend_options"),
    *("osd_count", "daemons", "environment", "pids_limit", "memory", "restart_policy"),
)


class CephDemo:
    """A demo on one host.

    role: the variables of the role, without prefix. home: identity of the inventory. The rest are results of tasks,
    each needed only for what is derived from it. image: docker_image_info of the image. container:
    docker_container_info of the container. volumes: the volumes to remove, as docker_host_info lists them.
    running_release, image_release: `ceph-mon --version` in the container and in the image; the latter is skipped where
    the image is absent. settled: whether the demo is verified. release: what returns the digest of the roles that make
    the demo and its image. renews: whether the run looks for a newer image.
    """

    def __init__(
        self,
        role: Mapping[str, Any],
        home: str,
        image: Mapping[str, Any],
        container: Mapping[str, Any],
        volumes: Iterable[Mapping[str, Any]],
        running_release: Mapping[str, Any],
        image_release: Mapping[str, Any],
        settled: bool = False,
        release: Callable[[], str] = str,
        renews: bool = False,
    ) -> None:
        self._role, self._home = role, home
        self._settled, self._release, self._renews = settled, release, renews
        self._image, self._container, self._removed = image, container, volumes
        self._running_release, self._image_release = running_release, image_release

    @property
    def labels(self) -> dict[str, str]:
        """Labels of all that the role creates in docker."""
        return labels(self._home, "demo", self._role["name"])

    @property
    def things(self) -> list[dict[str, str]]:
        """The names that the demo uses on the host, for the module ownership.

        Releases without rgwkit_home did not label volumes and networks with an owner; such a volume or network is ours
        if our folder is marked.
        """
        role, absent = self._role, self._role["state"] == "absent"
        named = [("container", role["name"], "ceph_demo_name")]
        if role["network_mode"] == "bridge" or absent:
            named.append(("network", role["network_name"], "ceph_demo_network_name"))
        volumes = [one["Name"] for one in self._removed] if absent else self.volumes
        named += [("volume", volume, "ceph_demo_name") for volume in volumes]
        return [
            {"kind": kind, "name": name, "variable": variable, "folder": role["dir"]} for kind, name, variable in named
        ]

    @property
    def is_planned(self) -> bool:
        """Whether the record can tell that nothing is to be done: not for a demo that is to be removed, and not where a
        newer image may be available.
        """
        return bool(self._role["state"] == "present" and not self._renews)

    @property
    def record(self) -> dict[str, Any]:
        """The demo as a service of the module service_record."""
        role = self._role
        return {
            "path": f"{role['dir']}/loaded",
            "runtime": "docker",
            "definition": {"variables": {name: role[name] for name in _VARIABLES}},
            "managed": {"home": self._home, "settled": self._settled, "release": self._release()},
            "managed_files": [f"{role['dir']}/{MARK}", role["secret_key_file"]],
            "image": role["image"],
            "container": role["name"],
        }

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
        """Mounts in the form of docker_container: the volumes, and for our own image the secret."""
        secret = {"type": "bind", "source": self._role["secret_key_file"], "target": _SECRET, "read_only": True}
        return self._volume_mounts() + ([] if self.is_historic else [secret])

    @property
    def tmpfs(self) -> list[str]:
        """Folders of the container that are in memory."""
        return ([_DATA] if self._is_ephemeral() else []) + ([] if self.is_historic else _REWRITTEN)

    @property
    def ports(self) -> list[str]:
        """The published port, in a bridge network."""
        return [f"{host_port(self._role['rgw_address'], self._role['rgw_port'])}:{self._inside_port()}"]

    @property
    def changes_image(self) -> bool:
        """Whether a running Ceph with data that are kept gets another image.

        A historic image keeps its data in other places. While the image is absent, the play is about to get another one
        if the release of that image is known.
        """
        found = self._container
        running = found["exists"] and found["container"]["State"]["Status"] == "running"
        if not running or self._role["storage"] != "persistent" or self.is_historic:
            return False
        images = self._image["images"]
        return bool(found["container"]["Image"] != images[0]["Id"] if images else self._coming_release())

    @property
    def upgrade(self) -> dict[str, str]:
        """From which release to which other the data go (old, new), and what speaks against it (objection)."""
        skipped = self._image_release.get("skipped", False)
        new = self._coming_release() if skipped else release_of(self._image_release["stdout"])
        old = release_of(self._running_release["stdout"])
        return upgrade(self._role["name"], old, self._role["image"], new)._asdict()

    def _entrypoint(self) -> str:
        images = self._image["images"]
        config = images[0].get("Config") if images else None
        return " ".join((config or {}).get("Entrypoint") or [])

    def _is_ephemeral(self) -> bool:
        return bool(self._role["storage"] == "ephemeral")

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
        }

    def _historic_environment(self) -> dict[str, Any]:
        role = self._role
        return {
            "MON_IP": role["mon_ip"] or "127.0.0.1",
            "CEPH_PUBLIC_NETWORK": role["public_network"] or "127.0.0.0/8",
            "CEPH_DEMO_UID": self.bootstrap_uid,
            "RGW_NAME": role["rgw_name"] or role["name"],
            # On the host network, the image's web page would take the registry's port.
            "SREE_PORT": "15080",
        }
