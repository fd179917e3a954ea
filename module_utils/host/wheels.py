# SPDX-License-Identifier: Apache-2.0
"""How pip on a host gets packages for the Python of an image, which may be another release than the host's."""

from __future__ import annotations

from typing import Dict, List, Tuple

from ..base.errors import InputError

__all__ = ["pip_options"]

# Python, and the minor version of glibc 2, of Debian's releases.
_SUITES: Dict[str, Tuple[str, int]] = {"bullseye": ("3.9", 31), "bookworm": ("3.11", 36), "trixie": ("3.13", 41)}
# The oldest glibc whose platform tag has no other name (PEP 600; manylinux2014 is manylinux_2_17).
_OLDEST_GLIBC = 17


def pip_options(suite: str, machine: str) -> List[str]:
    """Options of `pip install` for wheels that run in an image of a Debian release.

    suite: the release's name. machine: as uname -m says it. pip takes each platform tag by its own name (pip
    documentation, "--platform"). Raises InputError for a suite whose Python is not known here.
    """
    if suite not in _SUITES:
        raise InputError(f"there are no Python packages for an image of Debian {suite}. Next: use {', '.join(_SUITES)}")
    python, glibc = _SUITES[suite]
    tags = [f"manylinux_2_{minor}" for minor in range(glibc, _OLDEST_GLIBC - 1, -1)]
    options = ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}"]
    options += [f"--abi={abi}" for abi in (f"cp{python.replace('.', '')}", "abi3", "none")]
    return options + [f"--platform={tag}_{machine}" for tag in (*tags, "manylinux2014")]
