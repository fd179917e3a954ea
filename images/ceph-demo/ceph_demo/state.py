# SPDX-License-Identifier: Apache-2.0
"""The state that must survive a container: one small file in the volume, which also marks the data as ours."""

import glob
import json
import os
import shutil
import uuid
from typing import Any, Dict, List, Optional

from ceph_demo.errors import DemoError

ROOT = "/var/lib/ceph"
DIRECTORY = ROOT + "/rgwkit"
FILE = DIRECTORY + "/state.json"
KEYRING = DIRECTORY + "/keyring"
MON_DATA = ROOT + "/mon/ceph-demo"
MGR_DATA = ROOT + "/mgr/ceph-demo"
OSD_DATA = ROOT + "/osd/ceph-{}"
FORMAT = 1


class State:
    """The stored facts of one demo cluster."""

    def __init__(self, facts: Dict[str, Any]) -> None:
        self.fsid: str = facts["fsid"]
        self.objectstore: str = facts["objectstore"]
        # The monitor's address in its map: "[v2:127.0.0.1:3300/0]". None: there is no monitor yet.
        self.mon_address: Optional[str] = facts.get("mon_address")
        # The Ceph release whose monitor wrote the data last: 18. None: unknown, from before this fact was kept.
        self.release: Optional[int] = facts.get("release")
        # One UUID for each OSD; the index is the OSD's id.
        self.osds: List[str] = facts.get("osds", [])
        # uid -> the S3 access key that the demo created for this user, so that a changed key replaces only this key.
        self.access_keys: Dict[str, str] = facts.get("access_keys", {})

    def save(self) -> None:
        """Write the file in one step."""
        temporary = FILE + ".new"
        with open(temporary, "w") as file:
            json.dump(dict(vars(self), format=FORMAT), file, indent=2)
        os.replace(temporary, FILE)


def load(objectstore: str) -> State:
    """The volume's state, or a new state if the volume has no data to keep.

    Raises DemoError rather than overwrite data that are not ours.
    """
    facts = _read()
    if facts is None:
        _refuse_strangers()
    elif facts.get("format") != FORMAT:
        raise DemoError(f"{FILE}: format {facts.get('format')} is not known to this image; use the one that wrote it")
    elif facts["objectstore"] == "bluestore" and facts.get("mon_address"):
        if objectstore != "bluestore":
            raise DemoError(
                f"OSD_OBJECTSTORE={objectstore}: {ROOT} holds data made with bluestore; set bluestore, or mount an "
                "empty volume"
            )
        return State(facts)

    # This is a first start, or an earlier start was interrupted before there was a monitor, or the objectstore is
    # memstore, whose objects are gone with the memory of the last container.
    _clear()
    return State({"fsid": str(uuid.uuid4()), "objectstore": objectstore})


def _read() -> Optional[Dict[str, Any]]:
    try:
        with open(FILE) as file:
            facts: Dict[str, Any] = json.load(file)
            return facts
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DemoError(f"{FILE} is damaged ({error}); restore it, or mount an empty volume") from error


def _refuse_strangers() -> None:
    found = glob.glob(ROOT + "/mon/*") + glob.glob(ROOT + "/osd/*")
    if found:
        raise DemoError(
            f"{ROOT} holds Ceph data that this demo did not make ({', '.join(found)}); mount an empty volume there, or "
            "use the image that created the data"
        )


def _clear() -> None:
    for path in [DIRECTORY, MON_DATA] + glob.glob(OSD_DATA.format("*")):
        shutil.rmtree(path, ignore_errors=True)
    os.makedirs(DIRECTORY, 0o700)
