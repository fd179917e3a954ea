# SPDX-License-Identifier: Apache-2.0
"""Logins of skopeo, podman and buildah at Docker registries. Source: containers-auth.json(5)."""

from __future__ import annotations

from ..access import Access
from ..files import JsonFile
from ..program import Program, Rendered

__all__ = ["CONTAINERS"]


def _render(access: Access) -> Rendered:
    auths = {one.address: {"auth": one.login.basic.partition(" ")[2]} for one in access.registries}
    return Rendered({"REGISTRY_AUTH_FILE": f"{access.folder}/auth.json"}, [JsonFile("auth.json", {"auths": auths})])


CONTAINERS = Program("containers", ("registries",), ("auth.json",), _render)
