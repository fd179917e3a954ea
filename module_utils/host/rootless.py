# SPDX-License-Identifier: Apache-2.0
"""Whether an ordinary user can run services by podman on this host: what the kernel and the administrator let them do.

Each finding names the command that helps; most of them are the administrator's, since nothing here is changed.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
from typing import List, Optional

from ..base.errors import ToolError
from ..base.findings import Finding
from .packages import distribution
from .program import run_program
from .unit_scope import USER, systemctl

__all__ = ["check_rootless"]

# user_namespaces(7); sysctl/user.rst of the kernel; a patch of Debian, up to the kernel of Debian 10 with 0 by default.
_SWITCHES = (("user.max_user_namespaces", "15000"), ("kernel.unprivileged_userns_clone", "1"))
# Ubuntu from 23.10 on. Programs with an AppArmor profile of their own, as podman may be, are not restricted.
_APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"
_PROC = "/proc/sys"
# Images have users and groups up to nobody, 65534.
_NEEDED_IDS = 65536
_SYSTEMD, _LINGER, _JOURNAL, _TUN = "/run/systemd/system", "/var/lib/systemd/linger", "/var/log/journal", "/dev/net/tun"
# systemd-journald.service(8), "Access control".
_READERS = ("systemd-journal", "adm", "wheel")
_ID_MAP = re.compile(r"^ *(\d+) +(\d+) +(\d+)$", re.MULTILINE)
_ROOT = "as root"


def check_rootless(network: bool) -> List[Finding]:
    """What keeps the user of this process from running services. network: whether podman is to make one."""
    if os.geteuid() == 0:
        what = "the tasks run as root, and the services are to be an ordinary user's (scope: user)"
        as_whom = "run this as the user whose services they are"
        return [Finding(what, f"{as_whom}, or set the scope to system (of a demo: ceph_demo_scope=system)")]
    user = _name()
    found = [_check_mapper(), *_check_switches()]
    found = [finding for finding in found if finding] or [_check_namespace(user)]
    if os.path.isdir(_SYSTEMD):
        found += [_check_manager(user), _check_lingering(user), _check_journal(user)]
    found += [_check_way_out(), _check_tun()] if network else []
    return [finding for finding in found if finding]


def _name() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _check_mapper() -> Optional[Finding]:
    """newuidmap, which gives a user the subordinate ids."""
    if shutil.which("newuidmap") and shutil.which("newgidmap"):
        return None
    package = "shadow-utils" if distribution().family == "redhat" else "uidmap"
    install = distribution().command_remedy(package)
    return Finding("newuidmap and newgidmap are missing, by which podman gives a container its users", install)


def _check_switches() -> List[Finding]:
    """The settings that forbid user namespaces to everybody but root."""
    return [
        Finding(
            f"this kernel lets no ordinary user create a user namespace: {name} is 0",
            f"{_ROOT}: sysctl -w {name}={value}, and write that to /etc/sysctl.d/rootless.conf for the next boot",
        )
        for name, value in _SWITCHES
        if _setting(name) == "0"
    ]


def _setting(name: str) -> str:
    try:
        with open(os.path.join(_PROC, name.replace(".", "/")), encoding="ascii") as file:
            return file.read().strip()
    except OSError:  # this kernel has no such setting
        return ""


def _check_namespace(user: str) -> Optional[Finding]:
    """A user namespace of podman's, and how many ids are in it."""
    try:
        done = run_program(["podman", "unshare", "cat", "/proc/self/uid_map", "/proc/self/gid_map"])
    except ToolError:  # a missing command is the finding of another check
        return None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        return Finding(f"podman cannot create a user namespace for {user}: {said}", _namespace_remedy(said))
    sizes = [int(row[2]) for row in _ID_MAP.findall(done.stdout)]
    begins = [int(row[0]) for row in _ID_MAP.findall(done.stdout)]
    # Each of the two maps begins with 0.
    second = begins.index(0, 1) if begins.count(0) > 1 else len(begins)
    if min(sum(sizes[:second]), sum(sizes[second:])) >= _NEEDED_IDS:
        return None
    # useradd gives each new user such ranges, and other users may have the first already: login.defs(5), SUB_UID_MIN.
    first = 100000 + _NEEDED_IDS * max(0, os.geteuid() - 1000)
    ranges = f"{first}-{first + _NEEDED_IDS - 1}"
    return Finding(
        f"{user} has too few subordinate users and groups (/etc/subuid, /etc/subgid) for the users of a container",
        f"{_ROOT}: usermod --add-subuids {ranges} --add-subgids {ranges} {user} (ranges that no line of the two files"
        f" has); then as {user}: podman system migrate",
    )


def _namespace_remedy(said: str) -> str:
    if _setting(_APPARMOR) == "1":
        return f"{_ROOT}: sysctl -w {_APPARMOR}=0, or install the AppArmor profile that lets podman create them"
    if "No space left" in said:
        return f"{_ROOT}: raise user.max_user_namespaces, which is {_setting('user.max_user_namespaces')}"
    return "check `podman unshare true`; in a container, its seccomp profile or AppArmor may forbid user namespaces"


def _check_manager(user: str) -> Optional[Finding]:
    """The user's own systemd."""
    folder = f"/run/user/{os.geteuid()}"
    if not os.environ.get("XDG_RUNTIME_DIR"):
        what = f"XDG_RUNTIME_DIR is not set, so this is no login of {user}, whose systemd would run the services"
        remedy = f"log in by SSH, at a console or with machinectl shell {user}@ (su and sudo are no login)"
        return Finding(what, f"{remedy}, or where {user} lingers: export XDG_RUNTIME_DIR={folder}")
    try:
        done = run_program(systemctl(USER, "show", "--property=Version"))
    except ToolError:
        return None
    if done.returncode == 0:
        return None
    said = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
    return Finding(
        f"systemd's manager of {user} does not answer: {said}",
        f"{distribution().command_remedy('dbus-user-session')} and libpam-systemd, and log in again",
    )


def _check_lingering(user: str) -> Optional[Finding]:
    if os.path.exists(os.path.join(_LINGER, user)):
        return None
    return Finding(
        f"the services of {user} would end with the last login, and not start at boot, since {user} does not linger",
        f"{_ROOT}, or as {user} where the host allows that: loginctl enable-linger {user}",
    )


def _check_journal(user: str) -> Optional[Finding]:
    """Whether the user can read the log of their services. journald.conf(5), SplitMode: only one on a disk is split."""
    if os.path.isdir(_JOURNAL) or set(_groups()) & set(_READERS):
        return None
    return Finding(
        f"{user} cannot read the logs of their own services, since the journal is in memory only",
        f"{_ROOT}: mkdir {_JOURNAL} && systemctl restart systemd-journald, or usermod --append --groups {_READERS[0]}"
        f" {user}",
    )


def _groups() -> List[str]:
    names = {entry.gr_gid: entry.gr_name for entry in grp.getgrall()}
    return [names.get(number, "") for number in os.getgroups()]


def _check_way_out() -> Optional[Finding]:
    """What carries a network of an ordinary user: podman before 5 knows slirp4netns only."""
    if shutil.which("slirp4netns") or shutil.which("pasta"):
        return None
    what = "slirp4netns is missing, without which podman has no networks for an ordinary user"
    return Finding(what, distribution().command_remedy("slirp4netns"))


def _check_tun() -> Optional[Finding]:
    if os.access(_TUN, os.R_OK | os.W_OK):
        return None
    what = f"{_TUN}, which podman's networks of an ordinary user need, is missing or closed to this user"
    return Finding(what, f"{_ROOT}: modprobe tun; in a container, give the device to the container")
