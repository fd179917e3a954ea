# SPDX-License-Identifier: Apache-2.0
"""From the images of containers to the folders that the containers write."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional

from ...base.errors import ToolError
from ..image_owner import ImageOwner, Owners, no_image
from ..image_user import User
from ..images import connect_images
from ..owned_folder import Owned
from .folders import Folders
from .plan import Access, access, wiring
from .spec import Folder, Storage

__all__ = ["Result", "present"]


@dataclass(frozen=True)
class Result:
    """changes: in words. folders, containers: for a module's result. doubts: warnings about owners."""

    changes: List[str]
    folders: List[Dict[str, Any]]
    containers: Dict[str, Dict[str, Any]]
    doubts: List[str]


def present(wanted: Storage, own: Owned, runtime: str, check_mode: bool) -> Result:
    """Create the folders with the owners that the images tell.

    In check mode an image may be missing, since an earlier task would have got it: owners are then unknown.
    Raises InputError, ToolError, OSError, all but those of the file system before anything is changed.
    """
    owners = _owners(wanted, runtime, check_mode)
    users = {name: owner.user if owner else None for name, owner in owners.items()}
    given = {folder.name: _access(folder, users) for folder in wanted.folders}
    triples = [(folder.name, given[folder.name], folder.hand_over) for folder in wanted.folders]
    changes = Folders(own, check_mode).present(triples)
    return Result(
        changes,
        [_shown(wanted, folder, given[folder.name]) for folder in wanted.folders],
        {name: wired.as_dict() for name, wired in wiring(wanted, users).items()},
        sorted({owner.doubt for owner in owners.values() if owner and owner.doubt}),
    )


def _owners(wanted: Storage, runtime: str, check_mode: bool) -> Dict[str, Optional[ImageOwner]]:
    images = connect_images(runtime)
    if images.maps_users():
        raise ToolError(
            "use the users of images for",
            wanted.path,
            f"{runtime} maps the users of containers to other users of this host",
            "Use a daemon without userns-remap (docker), or podman as root.",
        )
    looks = Owners(images)
    found = {name: looks.owner(one.image, one.user) for name, one in wanted.containers.items()}
    missing = [wanted.containers[name].image for name, owner in found.items() if owner is None]
    if missing and not check_mode:
        raise no_image(missing[0], runtime)
    return found


def _access(folder: Folder, users: Mapping[str, Optional[User]]) -> Optional[Access]:
    """None where a user is not known yet."""
    known = {name: user for name, user in users.items() if user}
    return access(folder, known) if all(use.container in known for use in folder.uses) else None


def _shown(wanted: Storage, folder: Folder, given: Optional[Access]) -> Dict[str, Any]:
    path = posixpath.join(wanted.path, folder.name)
    shown = {"name": folder.name, "path": path, "owner": None, "group": None, "mode": None}
    return {**shown, "owner": given.uid, "group": given.gid, "mode": f"{given.mode:04o}"} if given else shown
