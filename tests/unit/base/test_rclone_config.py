# SPDX-License-Identifier: Apache-2.0
"""rclone's configuration, as rclone reads it."""

from __future__ import annotations

from configparser import RawConfigParser

from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.rclone_config import section, swift_remote


def test_remotes_of_one_file():
    swift = swift_remote("http://gateway.example:8080/", Login("a:swift", "k%y=1#;"))
    found = RawConfigParser(delimiters=["="], comment_prefixes=[])
    found.read_string(section("rgw", swift) + section("other", {"type": "s3"}))
    assert found.sections() == ["rgw", "other"]
    assert dict(found["rgw"]) == {
        "type": "swift",
        "auth": "http://gateway.example:8080/auth/v1",
        "auth_version": "1",
        "user": "a:swift",
        "key": "k%y=1#;",
    }
