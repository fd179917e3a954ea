# SPDX-License-Identifier: Apache-2.0
"""Secrets of Pulp are made once, with mode 0600, and a file that is no secret file is refused."""

from __future__ import annotations

import base64
import stat
import subprocess

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.pulp.secrets import make_secrets

NAMES = ["django.key", "fields.key", "token.key", "token.pub"]


def test_secrets_are_made_once(tmp_path):
    folder, admin = tmp_path / "secrets", tmp_path / "admin.password"
    assert len(make_secrets(str(folder), str(admin), check_mode=True)) == 5 and not folder.exists()
    assert len(make_secrets(str(folder), str(admin), check_mode=False)) == 5
    assert sorted(path.name for path in folder.iterdir()) == NAMES
    paths = [admin, *folder.iterdir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    before = [path.read_bytes() for path in paths]
    assert make_secrets(str(folder), str(admin), check_mode=False) == []
    assert [path.read_bytes() for path in paths] == before


def test_the_keys_have_the_forms_that_pulp_needs(tmp_path):
    make_secrets(str(tmp_path), str(tmp_path / "admin.password"), check_mode=False)
    assert len(base64.urlsafe_b64decode((tmp_path / "fields.key").read_text().strip())) == 32
    shown = subprocess.run(
        ["openssl", "ec", "-in", str(tmp_path / "token.key"), "-pubout"], capture_output=True, text=True, check=True
    )
    assert shown.stdout == (tmp_path / "token.pub").read_text()


def test_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").write_text("canary")
    (tmp_path / "admin.password").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="symbolic link"):
        make_secrets(str(tmp_path / "secrets"), str(tmp_path / "admin.password"), check_mode=False)
    assert not (tmp_path / "secrets").exists()
