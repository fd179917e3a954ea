# SPDX-License-Identifier: Apache-2.0
"""What mmdebstrap's hooks do in the file system of an image, as options of mmdebstrap (1.3 and 0.7)."""

from __future__ import annotations

from typing import List

__all__ = ["UNPACKED_PACKAGES", "configured", "unpacked"]

# Documentation and translations are half of a Ceph image's files and of no use in a container.
_EXCLUDED_PATHS = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*")
# What dpkg in the image reads, too, so that later packages bring no documentation either.
_DPKG_OPTIONS = ("force-unsafe-io", *(f"path-exclude={path}" for path in _EXCLUDED_PATHS))
_DPKG_FILE = "etc/dpkg/dpkg.cfg.d/99mmdebstrap"

# In an image whose packages are unpacked alone: folders, accounts, a shell and its tools, the resolver's configuration.
UNPACKED_PACKAGES = ("base-files", "base-passwd", "bash", "coreutils", "dash", "libc-bin")
# What the scripts of packages need, which do not run there; awk stands for mawk. apt takes them for installed.
_OF_SCRIPTS = "adduser awk debconf debconf-2.0 debianutils dpkg init-system-helpers libdebconfclient0 lsb-base openssl"
_INSTALLED = "\n".join(
    [
        "",
        "Package: rgwkit-unpacked",
        "Status: install ok installed",
        "Maintainer: rgwkit",
        "Architecture: all",
        "Multi-Arch: foreign",
        "Version: 1",
        "Provides: " + ", ".join(f"{name} (= 999:1)" for name in f"{_OF_SCRIPTS} usr-is-merged".split()),
        "Description: packages that only scripts of packages need",
        "",
    ]
)
_MERGED_USR = (
    "for folder in bin sbin lib lib64; do mkdir -p usr/$folder;"
    " [ -L $folder ] || [ -e $folder ] || ln -s usr/$folder $folder; done"
)
# In the place of the scripts of base-passwd, libc-bin and ca-certificates. A folder of status.d has the packages' names
# and versions, where scanners look for them.
_UNPACKED = (
    ": >var/lib/dpkg/status",
    "mkdir -p var/lib/dpkg/status.d",
    # A mirror on this host's disk leaves no files there.
    'for file in var/cache/apt/archives/*.deb; do [ -e "$file" ] || continue;'
    ' dpkg-deb --field "$file" >"var/lib/dpkg/status.d/$(dpkg-deb --field "$file" Package)"; done',
    "cp usr/share/base-passwd/passwd.master etc/passwd",
    "cp usr/share/base-passwd/group.master etc/group",
    "cp usr/share/libc-bin/nsswitch.conf etc/nsswitch.conf",
    "if [ -d usr/share/ca-certificates ]; then mkdir -p etc/ssl/certs; find usr/share/ca-certificates -name '*.crt' |"
    " LC_ALL=C sort | xargs sed -s -e '$a\\' >etc/ssl/certs/ca-certificates.crt; fi",
)


def configured() -> List[str]:
    """The options for an image whose packages are installed.

    mmdebstrap with --dpkgopt=path-exclude would start a filter for each package that it extracts, which takes longer
    than the packages do. The files go here instead, before dpkg installs the packages, which knows the paths from then.
    """
    return ["--extract-hook=" + _script(*_without_documentation())]


def unpacked() -> List[str]:
    """The options for an image whose packages are unpacked alone."""
    installed = f"printf '%s\\n' '{_INSTALLED}' >>var/lib/dpkg/status"
    return [
        "--setup-hook=" + _script(_MERGED_USR, installed),
        "--extract-hook=" + _script(*_without_documentation(), *_UNPACKED),
    ]


def _without_documentation() -> List[str]:
    options = " ".join(f"'{option}'" for option in _DPKG_OPTIONS)
    # The shell reads the same patterns below the image's root.
    return ["rm -rf " + " ".join(path[1:] for path in _EXCLUDED_PATHS), f"printf '%s\\n' {options} >{_DPKG_FILE}"]


def _script(*commands: str) -> str:
    # mmdebstrap gives the image's root. Without it, `cd` would stay where files of this host are.
    return "\n".join(["set -e", 'cd "${1:?}"', *commands])
