# SPDX-License-Identifier: Apache-2.0
"""Owner, group and mode of a file, as modules take them."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.file_access import file_access, octal_mode
from ansible_collections.rgwkit.ceph.plugins.modules import registry_htpasswd


def test_what_parameters_ask_for():
    assert file_access({"owner": 5, "group": -1, "mode": "0640"}) == (5, -1, 0o640)
    assert octal_mode("600") == 0o600


@pytest.mark.parametrize("text", ["rw-r-----", "0888", "", "-1", "10000", "u=rw"])
def test_what_is_no_mode(text, run_module, tmp_path):
    with pytest.raises(InputError, match="octal digits"):
        octal_mode(text)
    result = run_module(registry_htpasswd, path=str(tmp_path / "htpasswd"), users=[], mode=text)
    assert result["failed"] and result["msg"].startswith(f"mode: {text} is no mode")
    assert not list(tmp_path.iterdir())
