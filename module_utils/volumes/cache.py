# SPDX-License-Identifier: Apache-2.0
"""What of the volume driver's cache has not reached swift: files that a program has written while the gateway was away.

rclone keeps a JSON file for each file of its cache, with "Dirty" for one that is still to be uploaded (1.60). It
uploads such a file as soon as a container mounts the volume again.
"""

from __future__ import annotations

import json
import os
from typing import List

__all__ = ["not_uploaded"]

_METADATA = "vfsMeta"


def not_uploaded(folder: str) -> List[str]:
    """The files, as remote/container/path; none where there is no cache. Raises OSError."""
    top = os.path.join(folder, _METADATA)
    found = []
    for place, _folders, files in os.walk(top):
        for name in files:
            path = os.path.join(place, name)
            if _is_dirty(path):
                found.append(os.path.relpath(path, top))
    return sorted(found)


def _is_dirty(path: str) -> bool:
    """Whether a file waits for its upload; one that cannot be understood counts as one that does."""
    try:
        with open(path, encoding="utf-8") as file:
            return bool(json.load(file)["Dirty"])
    except FileNotFoundError:  # rclone has just dropped it
        return False
    except (ValueError, TypeError, KeyError):
        return True
