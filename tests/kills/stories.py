# SPDX-License-Identifier: Apache-2.0
"""A demo whose plays are killed, and the plays, each with what has to be there before it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Image

from tests.kills.killing import kill_after
from tests.kills.snapshot import snapshot
from tests.kills.walk import Story
from tests.playbooks import Demo, Run, run_playbook

REPOSITORY = "kills/kept"


@dataclass
class World:
    """A demo of its own, of an inventory of its own name, and the images that clients were told are stored."""

    demo: Demo
    home: str = field(default_factory=lambda: f"kills-{secrets.token_hex(4)}")
    pushed: list[Image] = field(default_factory=list)

    def variables(self, **more: object) -> dict[str, object]:
        return {**self.demo.variables(), "rgwkit_home": self.home, "registry_probe_layer_sizes": [1024], **more}

    def play(self, playbook: str, **more: object) -> Run:
        """Run a playbook that has to succeed."""
        run = run_playbook(playbook, **self.variables(**more))
        assert run.code == 0, run.output[-6000:]
        return run

    def killed(self, changes: int, playbook: str, **more: object) -> str | None:
        """The task after which the play was killed; None if the play ended before."""
        return kill_after(changes, playbook, **self.variables(**more))

    def state(self) -> dict[str, Any]:
        return snapshot(self.demo, self.home)

    def push(self, kept: bool = True) -> None:
        """Push an image; one that is not kept is deleted right away, and its blobs become garbage."""
        image = Image(secrets.token_hex(4), [1000])
        registry = self._registry()
        for blob in image.blobs:
            registry.push(REPOSITORY, blob)
        registry.put_manifest(REPOSITORY, image.seed, image.manifest)
        if kept:
            self.pushed.append(image)
        else:
            assert registry.delete(REPOSITORY, image.manifest)
        registry.close()

    def check_kept(self) -> None:
        """Pull what clients were told is stored. Raises Finding where something is missing or another."""
        registry = self._registry()
        for image in self.pushed:
            registry.get_manifest(REPOSITORY, image.seed, image.manifest)
            for blob in image.blobs:
                registry.get_blob(REPOSITORY, blob)
        registry.close()

    def _registry(self) -> OciRegistry:
        password = (self.demo.directory / "users" / "registry.demo.password").read_text().strip()
        registry = OciRegistry(f"http://{self.demo.registry}", Login("demo", password))
        registry.begin(60)
        registry.ping()
        return registry


def gone(world: World) -> None:
    world.pushed.clear()
    world.play("teardown", remove_data=True)


def fresh(world: World) -> None:
    gone(world)
    world.play("demo")
    world.push()


def without_more_users(world: World) -> None:
    world.play("users", rgw_users_list=[{"uid": user["uid"], "state": "absent"} for user in MORE_USERS])


def as_made(world: World) -> None:
    """The demo's users and registry as the inventory has them."""
    world.play("rotate")
    world.play("users")
    world.play("registry")


MORE_USERS = [
    {"uid": "one-more", "display_name": "One more", "max_buckets": 7},
    {"uid": "another", "display_name": "Another"},
]
STORIES = {
    "demo": Story("demo", gone),
    "users": Story("users", without_more_users, {"rgw_users_list": MORE_USERS}),
    "registry": Story("registry", lambda world: world.play("registry"), {"registry_log_level": "debug"}),
    "rotate": Story("rotate", as_made, {"demo_generation": "b"}),
    "gc": Story("registry_gc", lambda world: world.push(kept=False)),
    "migrate": Story("registry_migrate", fresh, {"registry_storage": "s3"}),
    "teardown": Story("teardown", fresh, {"remove_data": True}),
}
