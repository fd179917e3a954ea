# SPDX-License-Identifier: Apache-2.0
"""What a release of Ceph has of Keystone, held against the release's own list of options."""

from __future__ import annotations

import re
import subprocess

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.options import API_VERSION, keystone_options

from tests.ceph import IMAGE, RELEASE

ALL = keystone_options(
    {
        "url": "https://keystone.example.com:5000",
        "user": "rgw",
        "accepted_admin_roles": ["admin"],
    },
    "/password",
)


@pytest.fixture(scope="module")
def defaults() -> dict[str, str]:
    """All options of the release, by name."""
    command = ["docker", "run", "--rm", "--cpu-shares=2", "--entrypoint=sh", IMAGE, "-c"]
    shown = "touch /tmp/conf; radosgw -c /tmp/conf --show-config 2>/dev/null"
    done = subprocess.run([*command, shown], capture_output=True, text=True, check=True)
    return dict(re.findall(r"^(\w+) = ?(.*)$", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_release_has_the_options_but_for_the_version_of_the_api(defaults, name):
    assert (name in defaults) == (name != API_VERSION or RELEASE <= 18)


def test_the_release_s_own_values_are_those_of_the_documentation(defaults):
    assert defaults["rgw_keystone_verify_ssl"] == "true"
    assert defaults["rgw_keystone_implicit_tenants"] == "false"
    assert defaults["rgw_keystone_token_cache_size"] == "10000"
    assert defaults.get("rgw_keystone_api_version", "2") == "2"
