# SPDX-License-Identifier: Apache-2.0
"""What a Debian suite is installed from: its own archive, its updates and its security updates, where there are any."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from typing import Dict, List, Mapping, NamedTuple, Optional

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
    listed = {} if mirror and security_mirror else _listed()
    mirror = mirror or _host_mirror(listed)
    with ThreadPoolExecutor(3) as threads:
        own = threads.submit(_source, mirror, suite)
        updates = threads.submit(_updates, mirror, suite)
        security = threads.submit(_security, suite, mirror, security_mirror, listed)
        # The suite first, since a suite that does not exist has neither updates nor security updates.
        found = [own.result()]
        if found[0] is None:
            raise ToolError(
                "find",
                f"Debian {suite} on {mirror}",
                "the mirror has no such suite",
                "Check suite, or name another mirror.",
            )
        found += [updates.result(), security.result()]
    return [source for source in found if source]


def digest_of_states(sources: List[Source]) -> str:
    """Suites and dates as one line of text, for a label."""
    return " ".join(f"{source.suite}={source.released}" for source in sources)


def hint(said: str, otherwise: str) -> str:
    """What the reader can do about what apt said."""
    return next((advice for word, advice in HINTS if word in said), otherwise)


def _updates(mirror: str, suite: str) -> Optional[Source]:
    return None if suite in _ROLLING else _source(mirror, f"{suite}-updates")


def _security(
    suite: str, mirror: str, security_mirror: Optional[str], listed: Mapping[str, List[str]]
) -> Optional[Source]:
    if suite in _ROLLING or security_mirror == NO_SECURITY:
        return None
    # Where the host names no security archive, it is looked for beside the main one, as on all of Debian's mirrors.
    beside = mirror.rstrip("/") + "-security"
    archive = security_mirror or (listed.get("Debian-Security") or [beside])[0]
    # Until buster the suite was called otherwise (release notes of bullseye, 5.1.2).
    for name in (f"{suite}-security", f"{suite}/updates"):
        found = _source(archive, name)
        if found:
            return found
    raise ToolError(
        "find",
        f"the security updates of Debian {suite} on {archive}",
        "the archive has none",
        "Name the archive that has them with security_mirror, or install without them with "
        f"security_mirror={NO_SECURITY}.",
    )


def _host_mirror(listed: Mapping[str, List[str]]) -> str:
    mirrors = listed.get("Debian")
    if not mirrors:
        raise ToolError(
            "find",
            "this host's Debian mirror",
            "apt knows none",
            "Run 'apt-get update', or name a mirror with the option mirror.",
        )
    return mirrors[0]


def _listed() -> Dict[str, List[str]]:
    """Base URLs of Debian's archives that the host installs from, by the archives' labels."""
    command = ["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages", "Origin: Debian"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolError(
            "find", "this host's Debian mirror", str(error), "Name a mirror with the option mirror."
        ) from error
    listed: Dict[str, List[str]] = {}
    for line in done.stdout.decode().splitlines():
        # A label may have blanks, a URL has none.
        label, _blank, url = line.rpartition(" ")
        listed.setdefault(label, []).append(url)
    return listed


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
