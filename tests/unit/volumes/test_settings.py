# SPDX-License-Identifier: Apache-2.0
"""The settings of the driver hold the swift key, and nobody but root ever reads them."""

from __future__ import annotations

import os
import stat

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.volumes.settings import write_settings

ENDPOINT = "http://gateway.example:8080"
CANARY = "canary-3f0a92c1"
LOGIN = Login("volumes:swift", CANARY)


def write(path, check=False, login=LOGIN, endpoint=ENDPOINT):
    result = write_settings(str(path), endpoint, login, check)
    assert CANARY not in str(result)
    return result


def test_written_once_with_the_mode_of_a_secret(tmp_path):
    path = tmp_path / "rclone.conf"
    old = os.umask(0)
    try:
        assert write(path, check=True)["changed"] and not path.exists()
        assert write(path) == {"changed": True, "path": str(path), "differs": ["content"]}
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and not write(path)["changed"]
    text = path.read_text()
    assert f"key = {CANARY}\n" in text and f"auth = {ENDPOINT}/auth/v1\n" in text and "[rgw]\n" in text
    path.chmod(0o644)
    assert write(path, check=True)["differs"] == ["mode 0644 -> 0600"] and stat.S_IMODE(path.stat().st_mode) == 0o644
    assert write(path)["changed"] and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert write(path, login=Login("volumes:swift", "canary-3f0a92c1-new"))["differs"] == ["content"]


def test_a_link_and_a_folder_are_refused(tmp_path):
    target = tmp_path / "target"
    target.write_text("theirs")
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("link", "dangling", "."):
        with pytest.raises(InputError, match="is a link, or no file"):
            write(tmp_path / name)
    assert target.read_text() == "theirs"


def test_an_endpoint_that_rclone_cannot_use_is_refused(tmp_path):
    for endpoint in ("gateway.example:8080", f"{ENDPOINT}/swift/v1", "http://user:pw@gateway.example"):
        with pytest.raises(InputError, match="endpoint"):
            write(tmp_path / "rclone.conf", endpoint=endpoint)
    with pytest.raises(InputError, match="folder of"):
        write(tmp_path / "missing" / "rclone.conf")
