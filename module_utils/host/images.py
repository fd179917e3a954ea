# SPDX-License-Identifier: Apache-2.0
"""Images on this host."""

from __future__ import annotations

from .docker.client import connect
from .program import refusal, run_program


def image_id(name: str, runtime: str) -> str:
    """The ID of an image, empty without one. runtime: docker or podman. Raises InputError and ToolError."""
    if runtime == "podman":
        return _podman_id(name)
    found = connect().image(name)
    return str(found["Id"]) if found else ""


def _podman_id(name: str) -> str:
    command = ["podman", "image", "inspect", "--format", "{{.Id}}", name]
    done = run_program(command)
    # podman 3 to 5: "no such image", "image not known".
    if done.returncode and ("no such image" in done.stderr or "image not known" in done.stderr):
        return ""
    if done.returncode:
        raise refusal(done, "Check podman on this host.")
    return done.stdout.strip()
