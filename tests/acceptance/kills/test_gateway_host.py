# SPDX-License-Identifier: Apache-2.0
"""A host's gateways and its ingress: their plays, killed after each of their changes in turn and run again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Iterator

import pytest

from tests.acceptance.gateway.podman_site import Site, podman_site
from tests.kills.killing import kill_after
from tests.kills.walk import Story, kill_after_each_change

IMAGE = {"rgw_gateway_image": "localhost/rgwkit/ceph:16", "rgw_gateway_image_pull": "never"}
FOLDERS = "/etc/rgwkit /etc/ceph /etc/haproxy /etc/systemd/system /var/lib/ceph/radosgw /run/rgwkit"
# Locks have names of their own; the guard of a lock stays, empty, and holds nothing.
FILES = f"find {FOLDERS} -not -name '*.guard' -printf '%p %y %m %u %g %l\\n' | sort"
CONTENT = "sha256sum /etc/systemd/system/*.service /etc/ceph/*.conf /etc/haproxy/*.cfg /etc/rgwkit/*/*.cfg"
UNITS = "systemctl list-units --all --no-legend --plain 'ceph-rgw*' '*haproxy*' | awk '{print $1, $3, $4}'"
CONTAINERS = "podman ps --all --format '{{.Names}} {{.Image}} {{.State}}' | sort"


@dataclass
class GatewayWorld:
    """The site, whose plays have an image at hand."""

    site: Site

    def play(self, playbook: str, **more: object) -> None:
        run = self.site.play(playbook, **{**IMAGE, **more})
        assert run.code == 0, run.output[-6000:]

    def killed(self, changes: int, playbook: str, **more: object) -> str | None:
        return kill_after(changes, playbook, "-i", str(self.site.inventory()), **{**IMAGE, **more})

    def state(self) -> dict[str, Any]:
        seen = {
            look: self.site.tell("sh", "-c", f"{look} 2>/dev/null").splitlines()
            for look in (FILES, CONTENT, UNITS, CONTAINERS)
        }
        return {**seen, "ceph": self._cluster()}

    def _cluster(self) -> dict[str, Any]:
        """Keys by name, without themselves, configuration and users, as the monitors have them."""
        keys = json.loads(self.site.tell("ceph", "auth", "ls", "--format=json", on="ceph"))["auth_dump"]
        return {
            "keys": {one["entity"]: one["caps"] for one in keys},
            "config": self.site.tell("ceph", "config", "dump", "--format=json", on="ceph"),
            "users": self.site.tell("radosgw-admin", "user", "list", on="ceph"),
            "locks": self.site.tell("sh", "-c", "ls /run/rgwkit/*.lock 2>/dev/null", on="ceph"),
        }

    def check_kept(self) -> None:
        """The gateways serve, where there are any."""
        if "running" in self.site.tell("sh", "-c", CONTAINERS):
            self.site.wait_for(self.site.serving, "gateways that serve")


def no_gateway(world: GatewayWorld) -> None:
    world.play("gateway", rgw_gateway_state="absent", rgw_gateway_remove_data=True)


def no_ingress(world: GatewayWorld) -> None:
    world.play("ingress", rgw_ingress_state="absent")


STORIES = {
    "gateways from nothing": Story("gateway", no_gateway),
    "an option of gateways": Story(
        "gateway", lambda world: world.play("gateway"), {"rgw_gateway_options": {"rgw_swift_token_expiration": 86000}}
    ),
    "an ingress from nothing": Story("ingress", no_ingress),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayWorld]:
    with podman_site(tmp_path_factory.mktemp("gateways")) as site:
        site.load_image("rgwkit/ceph:16")
        yield GatewayWorld(site)


@pytest.mark.parametrize("name", STORIES)
def test_killed_after_each_change_and_run_again(world: GatewayWorld, name: str) -> None:
    assert kill_after_each_change(world, STORIES[name]) > 2
