# SPDX-License-Identifier: Apache-2.0
"""Whether podman on this host can run services."""

from __future__ import annotations

import os
import re
from typing import Optional

from ..base.errors import ToolError
from ..base.findings import Finding
from .needs import Package, check_package
from .program import run_program

# Debian 12 has 4.3, Ubuntu 22.04 has 3.4. Older releases know no `--cgroups=split` with crun, or no `--pull=never`.
_OLDEST = (4, 3)
_NEWER = "install a newer podman: Debian 12, Ubuntu 24.04 and Red Hat 9 have one"
# systemd.special(7) and sd_booted(3): this folder exists where systemd is the service manager.
_SYSTEMD = "/run/systemd/system"
_PACKAGE = Package("podman", ".".join(map(str, _OLDEST)), "the runtime podman", "another runtime")
_VERSION = re.compile(r"version ([0-9]+)\.([0-9]+)")


def check_podman() -> Optional[Finding]:
    """Finding when podman or systemd on this host cannot run services.

    A missing command is the finding of another check, unless this host would only get a podman that is too old.
    """
    try:
        done = run_program(["podman", "--version"])
    except ToolError:
        return check_package(_PACKAGE)
    found = _VERSION.search(done.stdout)
    if done.returncode or not found:
        said = (done.stderr or done.stdout).strip()
        return Finding(f"podman does not tell its version: {said}", "check `podman --version` on this host")
    if (int(found.group(1)), int(found.group(2))) < _OLDEST:
        version = f"{found.group(1)}.{found.group(2)}"
        return Finding(f"podman is {version}, and services need {_PACKAGE.version} or later", _NEWER)
    if not os.path.isdir(_SYSTEMD):
        what = "systemd does not run here, which restarts podman's containers at boot and after a crash"
        return Finding(what, "use the runtime docker, or a host with systemd")
    return None
