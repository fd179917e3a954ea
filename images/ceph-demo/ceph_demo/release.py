# SPDX-License-Identifier: Apache-2.0
"""The Ceph releases of the image and of the volume's data, and the upgrade from one to the other."""

import glob
import json
import re
from typing import NamedTuple, Set

from ceph_demo import state
from ceph_demo.cluster import Cluster
from ceph_demo.errors import DemoError
from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

# docs.ceph.com, "Ceph Releases (general)": an upgrade may pass over one release, and there is no way back.
LARGEST_STEP = 2
# An OSD keeps the release that its cluster requires of OSDs in this file of its folder.
OSD_RELEASE = "/require_osd_release"


class Release(NamedTuple):
    """A release of Ceph: 18 and "reef"."""

    number: int
    name: str


def of_image(supervisor: Supervisor) -> Release:
    """The release of the image's monitor."""
    return parse(supervisor.result(Tool(["ceph-mon", "--version"])))


def parse(text: str) -> Release:
    """The release in the line that Ceph's programs print for --version; DemoError without one."""
    found = re.match(r"ceph version (\d+)\.\S+ \(\S+\) (\w+)", text)
    if not found:
        raise DemoError(f"`ceph-mon --version` names no release: {text.strip()!r}; use an image with a release of Ceph")
    return Release(int(found.group(1)), found.group(2))


def check(stored: state.State, image: Release) -> None:
    """Raise DemoError if the image cannot take over the volume's data."""
    known = _of_data(stored)
    if not known:
        return
    oldest, newest = min(known), max(known)
    if image.number < newest:
        raise DemoError(
            f"{state.ROOT} holds data of Ceph {newest}, and this image has Ceph {image.number}: Ceph has no way back "
            f"to an older release; use an image with Ceph {newest}, or mount an empty volume"
        )
    if image.number > oldest + LARGEST_STEP:
        raise DemoError(
            f"{state.ROOT} holds data of Ceph {oldest}, and this image has Ceph {image.number}: an upgrade passes over "
            f"one release at most; run an image with Ceph {oldest + LARGEST_STEP} or {oldest + 1} on this volume first"
        )


def complete(cluster: Cluster, image: Release) -> str:
    """Finish an upgrade once all OSDs run the new release.

    Returns the name of the old release, empty if there was no upgrade.
    """
    required = str(json.loads(cluster.command("osd dump", format="json"))["require_osd_release"])
    if required == image.name:
        return ""
    # Without this step the OSDs would not use the new release's features, and a later upgrade would be refused.
    cluster.command("osd require-osd-release", release=image.name)
    return required


def _of_data(stored: state.State) -> Set[int]:
    """All releases that wrote to the data: two after an interrupted upgrade, none before the first start."""
    found = {stored.release} if stored.release else set()
    for path in glob.glob(state.OSD_DATA.format("*") + OSD_RELEASE):
        with open(path) as file:
            text = file.read().strip()
        if text.isdigit():
            found.add(int(text))
    return found
