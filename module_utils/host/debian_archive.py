# SPDX-License-Identifier: Apache-2.0
"""What a Debian suite is installed from: its own archive, its updates and its security updates, where there are any."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from email.utils import parsedate_to_datetime
from typing import List, NamedTuple, Optional

from ..base.errors import ToolError

APT_HELPER = "/usr/lib/apt/apt-helper"
NO_SECURITY = "none"
_TIMEOUT_SECONDS = 120
# Suites that take every fix themselves (https://www.debian.org/security/faq).
_ROLLING = ("sid", "unstable", "experimental", "rc-buggy")
# What apt says of a file that the archive does not have, by http and from a disk.
_NOT_THERE = re.compile(r" 404 |File not found")
# What apt says -> what the reader can do about it.
HINTS = (
    (
        "is expired",
        "the mirror's release file is out of date (a frozen or abandoned mirror): use another mirror, or accept it "
        "with allow_expired_release",
    ),
    ("Could not resolve", "the package mirror's name does not resolve: check DNS, the network and any proxy"),
    ("Could not connect", "the package mirror does not answer: check the network and any proxy"),
    ("Unable to connect", "the package mirror does not answer: check the network and any proxy"),
    (
        "404  Not Found",
        "the archive lists packages that it does not have, as while it is renewed, or where a suite's support has "
        "ended: run again later, use another mirror, or do without its security updates with security_mirror=none",
    ),
    ("Unable to locate package", "this suite has no such package: check suite and packages"),
    ("NO_PUBKEY", "the suite is signed by a key that this host's debian-archive-keyring lacks: update that package"),
    ("No space left", "the disk is full: free some space"),
)


class Source(NamedTuple):
    """One line of sources.list. released: when its present state was published, for example 2026-11-26T02:14Z."""

    mirror: str
    suite: str
    released: str

    def line(self) -> str:
        """As apt and mmdebstrap read it."""
        return f"deb {self.mirror} {self.suite} main"


def find_sources(suite: str, mirror: Optional[str], security_mirror: Optional[str]) -> List[Source]:
    """The lines that `suite` is installed from, each with its present state.

    mirror, security_mirror: base URLs of the two archives; None takes those that this host installs from. A suite that
    has security updates is never installed without: an archive that lacks them is an error, unless security_mirror is
    "none". Raises ToolError.
    """
    mirror = mirror or _host_mirror()
    own = _source(mirror, suite)
    if own is None:
        raise ToolError(
            "find",
            f"Debian {suite} on {mirror}",
            "the mirror has no such suite",
            "Check suite, or name another mirror.",
        )
    if suite in _ROLLING:
        return [own]
    updates = _source(mirror, f"{suite}-updates")
    found = [own] + ([updates] if updates else [])
    return found if security_mirror == NO_SECURITY else found + [_security(suite, mirror, security_mirror)]


def digest_of_states(sources: List[Source]) -> str:
    """Suites and dates as one line of text, for a label."""
    return " ".join(f"{source.suite}={source.released}" for source in sources)


def hint(said: str, otherwise: str) -> str:
    """What the reader can do about what apt said."""
    return next((advice for word, advice in HINTS if word in said), otherwise)


def _security(suite: str, mirror: str, security_mirror: Optional[str]) -> Source:
    # Where the host names no security archive, it is looked for beside the main one, as on all of Debian's mirrors.
    beside = mirror.rstrip("/") + "-security"
    mirrors = [security_mirror] if security_mirror else (_listed("Debian-Security")[:1] or [beside])
    # Until buster the suite was called otherwise (release notes of bullseye, 5.1.2).
    for name in (f"{suite}-security", f"{suite}/updates"):
        found = _source(mirrors[0], name)
        if found:
            return found
    raise ToolError(
        "find",
        f"the security updates of Debian {suite} on {mirrors[0]}",
        "the archive has none",
        "Name the archive that has them with security_mirror, or install without them with "
        f"security_mirror={NO_SECURITY}.",
    )


def _host_mirror() -> str:
    mirrors = _listed("Debian")
    if not mirrors:
        raise ToolError(
            "find",
            "this host's Debian mirror",
            "apt knows none",
            "Run 'apt-get update', or name a mirror with the option mirror.",
        )
    return mirrors[0]


def _listed(label: str) -> List[str]:
    """Base URLs of Debian's archives with this label that the host installs from."""
    filters = ["Created-By: Packages", "Origin: Debian", f"Label: {label}"]
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)"]
    try:
        done = subprocess.run(command + filters, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(
            "find", "this host's Debian mirror", str(error), "Name a mirror with the option mirror."
        ) from error
    return done.stdout.decode().split()


def _source(mirror: str, suite: str) -> Optional[Source]:
    """The suite's present state on this mirror; None when the mirror does not have it.

    apt itself asks, since it knows the host's proxies. What comes back is believed only as a date: the signature is
    checked by mmdebstrap.
    """
    for name in ("InRelease", "Release"):
        text = _fetch(f"{mirror.rstrip('/')}/dists/{suite}/{name}")
        if text is not None:
            return Source(mirror, suite, _date(text))
    return None


def _fetch(url: str) -> Optional[str]:
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "release")
        command = [APT_HELPER, "-o", "APT::Sandbox::User=root", "download-file", url, target]
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                timeout=_TIMEOUT_SECONDS,
                stdin=subprocess.DEVNULL,
                env=dict(os.environ, LC_ALL="C"),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ToolError("fetch", url, str(error), "Install the Debian package apt.") from error
        said = (done.stdout + done.stderr).decode(errors="replace")
        if done.returncode == 0:
            with open(target, encoding="utf-8", errors="replace") as file:
                return file.read()
    if _NOT_THERE.search(said):
        return None
    errors = " | ".join(line for line in said.splitlines() if line.startswith("E:"))
    raise ToolError("fetch", url, errors or said.strip(), f"{hint(said, 'see apt.conf(5)')}.")


def _date(release: str) -> str:
    for line in release.splitlines():
        if line.startswith("Date:"):
            try:
                return parsedate_to_datetime(line[5:].strip()).strftime("%Y-%m-%dT%H:%MZ")
            except (TypeError, ValueError):
                break
    return "undated"
