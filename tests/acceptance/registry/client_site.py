# SPDX-License-Identifier: Apache-2.0
"""A gateway, redis, two registries with users and TLS, and the ingress before them, all by playbooks/registry.yml."""

from __future__ import annotations

import ipaddress
import json
import secrets
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

from tests.certificates import write_self_signed
from tests.integration.gateway import Gateway, running_gateway
from tests.playbooks import Run, free_port, run_playbook

from .redis_server import RedisServer, redis_server

USER = "ci"
# Above the chunk size of the swift driver, so that a layer has several segments.
LAYER_BYTES = 24 << 20
# Whom the registries' own certificate is for, which only the ingress sees.
INSIDE = "registry.inside.test"


@dataclass(frozen=True)
class Site:
    """`authority` is where clients find the registry: not on loopback, where docker trusts any certificate."""

    folder: Path
    hosts: dict[str, dict[str, Any]]
    authority: str
    certificate: Path
    inside: Path
    redis: RedisServer

    def play(self, playbook: str, *options: str, **variables: object) -> Run:
        groups = {"registries": ["a", "b"], "ingress": ["lb"]}
        children = {group: {"hosts": {name: self.hosts[name] for name in names}} for group, names in groups.items()}
        inventory = self.folder / "hosts.json"
        inventory.write_text(json.dumps({"all": {"children": children}}))
        return run_playbook(playbook, "-i", inventory, *options, **variables)

    @property
    def password(self) -> str:
        return (self.folder / "ci.password").read_text().strip()

    def replicas(self) -> list[str]:
        return [f"https://127.0.0.1:{self.hosts[name]['registry_port']}" for name in ("a", "b")]


@contextmanager
def client_site(folder: Path) -> Iterator[Site]:
    """Everything that a client needs, gone again at the end."""
    with ExitStack() as stack:
        gateway = stack.enter_context(running_gateway(folder))
        redis = stack.enter_context(redis_server(folder))
        address = bridge_address()
        certificate = write_self_signed(folder / "outside.pem", address)
        inside = write_self_signed(folder / "inside.pem", INSIDE)
        prefix = f"rgwkit-test-{secrets.token_hex(3)}"
        hosts = {name: _registry(folder, prefix, name, gateway, inside, redis) for name in ("a", "b")}
        port = free_port()
        hosts["lb"] = _ingress(folder, prefix, (address, port), certificate, inside, hosts)
        site = Site(folder, hosts, f"{address}:{port}", certificate, inside, redis)
        try:
            run = site.play("registry")
            assert run.code == 0, run.output[-6000:]
            yield site
        finally:
            site.play("registry", registry_state="absent", registry_remove_data=True, rgw_ingress_state="absent")


def _local() -> dict[str, Any]:
    return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


def _registry(
    folder: Path, prefix: str, name: str, gateway: Gateway, inside: Path, redis: RedisServer
) -> dict[str, Any]:
    return {
        **_local(),
        "registry_name": f"{prefix}-{name}",
        "registry_dir": str(folder / name),
        "registry_port": free_port(),
        "registry_users": [{"name": USER, "password_file": str(folder / "ci.password")}],
        "registry_http_secret_file": str(folder / "http.secret"),
        "registry_tls_certificate_file": str(inside),
        "registry_tls_key_file": str(inside),
        "registry_tls_ca_file": str(inside),
        "registry_names": [INSIDE],
        "registry_gateway_endpoint": gateway.url,
        "registry_swift_authurl": f"{gateway.url}/auth/v1",
        "registry_swift_username": gateway.user,
        "registry_swift_secret_file": str(gateway.secret_file),
        "registry_cache": "redis",
        "registry_redis": {"addr": redis.address, "pool": {"maxidle": 8, "idletimeout": "60s"}},
        "registry_redis_password_file": str(redis.password_file),
    }


def _ingress(
    folder: Path, prefix: str, bind: tuple[str, int], certificate: Path, inside: Path, registries: dict[str, Any]
) -> dict[str, Any]:
    backends = [
        {"name": name, "address": "127.0.0.1", "port": host["registry_port"]} for name, host in registries.items()
    ]
    service = {
        "name": "registry",
        "type": "registry",
        "address": bind[0],
        "port": bind[1],
        "tls": {"certificate": str(certificate), "key": str(certificate), "names": [bind[0]]},
        "backends": backends,
        "backend_tls": {"ca_file": str(inside), "name": INSIDE},
    }
    return {
        **_local(),
        "rgw_ingress_name": f"{prefix}-lb",
        "rgw_ingress_dir": str(folder / "lb"),
        "rgw_ingress_socket": str(folder / "lb-run" / "admin.sock"),
        "rgw_ingress_services": [service],
    }


def bridge_address() -> str:
    """This host's address on docker's own network, which a daemon that found the bridge there may not name."""
    config = json.loads(docker("network", "inspect", "bridge", "--format={{json (index .IPAM.Config 0)}}"))
    return config.get("Gateway") or str(next(ipaddress.ip_network(config["Subnet"]).hosts()))


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()
