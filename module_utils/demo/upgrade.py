# SPDX-License-Identifier: Apache-2.0
"""Where a demo's data can go: from which release of Ceph to which other, and from which program to which other."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..base.errors import ToolError

# docs.ceph.com, "Ceph Releases (general)": an upgrade may pass over one release, and there is no way back. The image
# refuses both as well; this check comes before the running container is replaced.
_LARGEST_STEP = 2


class Upgrade(NamedTuple):
    """old, new: major releases of the running Ceph and of the next image.

    objection: why Ceph does not upgrade that way and what to do, empty if Ceph does.
    """

    old: str
    new: str
    objection: str


def upgrade(name: str, old: str, image: str, new: str) -> Upgrade:
    """The way of the demo `name` from Ceph `old` to Ceph `new`, which `image` has."""
    step = _number(new) - _number(old)
    if 0 <= step <= _LARGEST_STEP:
        return Upgrade(old, new, "")
    if step < 0:
        rule, advice, reachable = "Ceph has no way back to an older release", "stay with", old
    else:
        rule, advice = "an upgrade passes over one release at most", "upgrade first to"
        reachable = str(_number(old) + _LARGEST_STEP)
    objection = (
        f"{name} keeps data of Ceph {old}, and {image} has Ceph {new}: {rule}. Next: {advice} Ceph {reachable}"
        f" (CEPH={reachable} for make, -e ceph_image_release={reachable} for a playbook), or remove the demo with its"
        " data"
    )
    return Upgrade(old, new, objection)


def move_objection(name: str, last: str, runtime: str) -> str:
    """Why the demo `name` with data in a volume of one program cannot run by another one, and what to do."""
    return (
        f"{name} keeps its data in a volume of {last}, which {runtime} cannot use. Next: stay with {last} "
        f"(RUNTIME={last} for make, -e ceph_demo_runtime={last} for a playbook), or remove the demo with its data first"
    )


def release_of(printed: str) -> str:
    """The major release in what `ceph-mon --version` has printed. Raises ToolError."""
    found = re.search("ceph version ([0-9]+)", printed)
    if not found:
        raise ToolError(
            "read", "the release of Ceph", f"`ceph-mon --version` printed {printed!r}", "Use another image."
        )
    return found[1]


def _number(release: str) -> int:
    """The release as a number; 0 for a word, which is older than any release."""
    try:
        return int(float(release))
    except ValueError:
        return 0
