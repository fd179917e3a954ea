# SPDX-License-Identifier: Apache-2.0
"""A gateway and two registries with users, all behind an ingress with TLS, and a client's host with podman."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Collection
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint

from tests.certificates import write_self_signed
from tests.hosts.podman import PODMAN
from tests.hosts.systemd import SystemdHost, booted
from tests.integration.gateway import Gateway, running_gateway
from tests.integration.ingress.ingress_host import IngressHost
from tests.playbooks import Run, free_port, run_playbook

from .client_site import INSIDE, USER, bridge_address

REGISTRIES = ("a", "b")
# On the client's host: the authorities of both, and that of the registries alone.
TRUST, HALF_TRUST = "/etc/rgwkit-test/trust/ca.crt", "/etc/rgwkit-test/half/ca.crt"


@dataclass(frozen=True)
class RedirectSite:
    """`address` is where clients find all ports: not on loopback. `authorities` is what they have to trust.

    ports: of the ingress, for registry and rgw, and of each registry.
    """

    folder: Path
    gateway: Gateway
    ingress: IngressHost
    client: SystemdHost
    address: str
    ports: dict[str, int]

    @property
    def authority(self) -> str:
        """Where clients find the registry."""
        return f"{self.address}:{self.ports['registry']}"

    @property
    def authorities(self) -> Path:
        """File with the certificates of registry and gateway."""
        return self.folder / "authorities.pem"

    @property
    def password(self) -> str:
        """The user's password."""
        return (self.folder / "ci.password").read_text().strip()

    def key(self, generation: str) -> Path:
        """The file with the key of temporary URLs of a generation, a or b."""
        return self.folder / f"temp-url-{generation}.key"

    def name(self, registry: str) -> str:
        """The name of a registry's container."""
        return f"{self.ingress.name}-{registry}"

    def play(
        self,
        playbook: str,
        *options: str,
        generation: str = "a",
        services: Collection[str] = ("registry", "rgw"),
        **variables: object,
    ) -> Run:
        """Run a playbook. services: of the ingress. variables: of the registries, over those of the inventory."""
        others = {"registry_redirect": "auto", **variables}
        registries = {name: {**self._registry(name, generation), **others} for name in REGISTRIES}
        client = {
            "ansible_connection": "community.docker.docker",
            "ansible_host": self.client.name,
            "ansible_python_interpreter": "/usr/bin/python3",
        }
        groups = {
            "rgws": {"gw": self._users(generation)},
            "registries": registries,
            "registry_clients": {"client": client},
            "ingress": {"lb": self._ingress(services)},
        }
        children = {group: {"hosts": hosts} for group, hosts in groups.items()}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": children}}))
        return run_playbook(playbook, "-i", inventory, *options)

    def sent(self) -> dict[str, int]:
        """Bytes that the ingress has passed to clients so far, of the gateway and of the registries."""
        servers = {"rgw": ["one"], "registry": REGISTRIES}
        return {
            service: sum(int(self.ingress.backend(service, name)["bout"]) for name in names)
            for service, names in servers.items()
        }

    def storage(self, registry: str) -> dict[str, Any]:
        """The section `storage` that a registry runs on."""
        found: dict[str, Any] = yaml.safe_load((self.folder / registry / "config.yml").read_text())["storage"]
        return found

    def outcome(self, registry: str) -> dict[str, Any]:
        """What the last proof of a registry has found."""
        found: dict[str, Any] = json.loads((self.folder / registry / "redirect.json").read_text())
        return found

    def _users(self, generation: str) -> dict[str, Any]:
        last = "b" if generation == "a" else "a"
        keys = [{"index": ord(name) - ord("a"), "secret_file": str(self.key(name))} for name in (generation, last)]
        keys[1]["state"] = "retired"
        swift = {"name": "swift", "access": "readwrite", "secret_file": str(self.folder / "registry.swift.secret")}
        user = {"uid": "registry", "display_name": "registry", "subusers": [swift], "temp_url_keys": keys}
        return {
            **_local(),
            "rgw_users_endpoint": self.gateway.url,
            "rgw_users_access_key": self.gateway.access_key,
            "rgw_users_secret_key_file": str(self.gateway.secret_file),
            "rgw_users_retire_grace": 5,
            "rgw_users_list": [user],
        }

    def _registry(self, name: str, generation: str) -> dict[str, Any]:
        gateway = f"https://{self.address}:{self.ports['rgw']}"
        certificate = str(self.folder / "registry.pem")
        return {
            **_local(),
            "registry_name": self.name(name),
            "registry_dir": str(self.folder / name),
            "registry_address": self.address,
            "registry_port": self.ports[name],
            "registry_users": [{"name": USER, "password_file": str(self.folder / "ci.password")}],
            "registry_http_secret_file": str(self.folder / "http.secret"),
            "registry_tls_certificate_file": certificate,
            "registry_tls_key_file": certificate,
            "registry_tls_ca_file": certificate,
            "registry_names": [self.address, INSIDE],
            "registry_cache": "none",
            "registry_probe_layer_sizes": [1024],
            "registry_gateway_endpoint": gateway,
            "registry_gateway_ca_file": str(self.folder / "gateway.pem"),
            "registry_swift_authurl": f"{gateway}/auth/v1",
            "registry_swift_username": "registry:swift",
            "registry_swift_secret_file": str(self.folder / "registry.swift.secret"),
            "registry_swift_temp_url_key_file": str(self.key(generation)),
            "registry_redirect_url": f"https://{self.address}:{self.ports[name]}",
            "registry_redirect_ca_file": TRUST,
        }

    def _ingress(self, services: Collection[str]) -> dict[str, Any]:
        return {
            **_local(),
            "rgw_ingress_name": self.ingress.name,
            "rgw_ingress_dir": str(self.ingress.folder / "etc"),
            "rgw_ingress_socket": str(self.ingress.socket),
            "rgw_ingress_services": [one for one in self.ingress.services if one["name"] in services],
        }


@contextmanager
def redirect_site(folder: Path) -> Iterator[RedirectSite]:
    """Everything that stands before the registries' first run; all is gone at the end."""
    client = SystemdHost(folder)
    made = PODMAN.make()
    assert made.code == 0, made.output[-4000:]
    with running_gateway(folder) as gateway, booted(client, image=PODMAN):
        address = bridge_address()
        ports = {name: free_port() for name in ("registry", "rgw", *REGISTRIES)}
        certificates = {
            service: write_self_signed(folder / f"{file}.pem", address, INSIDE, subject=file)
            for service, file in (("registry", "registry"), ("rgw", "gateway"))
        }
        backends = {
            "registry": [{"name": name, "address": address, "port": ports[name]} for name in REGISTRIES],
            "rgw": [{"name": "one", "address": gateway.host, "port": gateway.port}],
        }
        services = [
            {
                "name": name,
                "type": name,
                "address": address,
                "port": ports[name],
                "tls": {"certificate": str(pair), "key": str(pair), "names": [address]},
                "backends": backends[name],
            }
            for name, pair in certificates.items()
        ]
        services[0]["backend_tls"] = {"ca_file": str(certificates["registry"]), "name": INSIDE}
        (folder / "lb").mkdir()
        site = RedirectSite(folder, gateway, IngressHost(folder / "lb", services), client, address, ports)
        _give(site, certificates)
        ready = wait_ready(Endpoint.parse(gateway.url), Login(gateway.user, gateway.secret), 120)
        assert ready.ok, f"{ready}\n{gateway.logs()[-4000:]}"
        try:
            # Registries need the address of the gateway to start, and are not there yet.
            for playbook in ("users", "ingress"):
                run = site.play(playbook, services=["rgw"])
                assert run.code == 0, run.output[-4000:]
            yield site
        finally:
            gone = ("-e", "registry_state=absent registry_remove_data=true rgw_ingress_state=absent")
            site.play("registry", *gone)


def _give(site: RedirectSite, certificates: dict[str, Path]) -> None:
    """The clients' trust, and the user's password on each host that logs in."""
    shown = {service: _certificate(file) for service, file in certificates.items()}
    both = "".join(shown.values())
    site.authorities.write_text(both)
    site.client.write(TRUST, both)
    site.client.write(HALF_TRUST, shown["registry"])
    password = site.folder / "ci.password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_hex(16))
    site.client.write(str(password), site.password)


def _certificate(file: Path) -> str:
    begin = "-----BEGIN CERTIFICATE-----"
    return begin + file.read_text().partition(begin)[2]


def _local() -> dict[str, Any]:
    return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
