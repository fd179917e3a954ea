# SPDX-License-Identifier: Apache-2.0
"""What pip is told about the Python of an image."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.host.wheels import pip_options


def test_wheels_are_for_the_python_and_the_libraries_of_the_suite():
    options = pip_options("bookworm", "aarch64")
    assert {"--only-binary=:all:", "--python-version=3.11", "--abi=cp311", "--abi=abi3", "--abi=none"} <= set(options)
    platforms = [option for option in options if option.startswith("--platform=")]
    assert platforms[0] == "--platform=manylinux_2_36_aarch64" and platforms[-1] == "--platform=manylinux2014_aarch64"
    assert "--platform=manylinux_2_17_aarch64" in platforms and "--platform=manylinux_2_37_aarch64" not in platforms


def test_a_suite_without_a_known_python_is_refused():
    with pytest.raises(InputError, match=r"no Python packages for an image of Debian sid\. Next: use bullseye"):
        pip_options("sid", "x86_64")
