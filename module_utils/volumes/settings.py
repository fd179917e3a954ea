# SPDX-License-Identifier: Apache-2.0
"""The file with the settings of the volume driver, which is rclone: where the gateway is, and who logs in there.

The swift key is in the file as rclone reads it, which is no protection; the file is root's, with mode 0600.
"""

from __future__ import annotations

import os
from typing import Any, Dict, List

from ..base.errors import InputError
from ..base.login import Login
from ..base.managed_file import access_differences, read_text, write_text
from ..base.rclone_config import section, swift_remote
from ..http.endpoint import Endpoint

__all__ = ["REMOTE", "write_settings"]

# The name of the gateway's account in the file.
REMOTE = "rgw"
_HEAD = "# Written by the role docker_volumes: changes made here by hand are lost.\n"


def write_settings(path: str, endpoint: str, login: Login, check_mode: bool) -> Dict[str, Any]:
    """Write the file, if it differs in content, owner or mode; the module's result, without secrets.

    Raises InputError for a path that is a link or no file, and for an endpoint that rclone cannot use, and OSError.
    """
    if os.path.lexists(path) and (os.path.islink(path) or not os.path.isfile(path)):
        raise InputError(f"'{path}' is a link, or no file. Next: remove it, or name another path.")
    address = Endpoint.parse(endpoint)
    if address.path:
        raise InputError(f"endpoint '{endpoint}' must end after host and port; rclone logs in at /auth/v1 below it.")
    text = _HEAD + section(REMOTE, swift_remote(endpoint, login))
    before = read_text(path)
    differs: List[str] = ["content"] if before != text else []
    differs += access_differences(path, os.geteuid()) if before is not None else []
    if differs and not check_mode and os.path.isdir(os.path.dirname(path)):
        write_text(path, text, os.geteuid())
    elif differs and not check_mode:
        raise InputError(f"the folder of '{path}' does not exist. Next: create the folder first.")
    return {"changed": bool(differs), "path": path, "differs": differs}
