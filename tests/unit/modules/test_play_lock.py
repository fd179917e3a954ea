# SPDX-License-Identifier: Apache-2.0
"""What the module says of a lock."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.host import play_lock as engine
from ansible_collections.rgwkit.ceph.plugins.modules import play_lock

# AnsibleModule adds the status of the file that such a key names, and fails if the file goes at that moment.
READ_BY_ANSIBLE = {"path", "dest"}


@pytest.mark.parametrize("state", ["held", "released"])
def test_the_result_names_no_file_that_another_play_may_remove(run_module, monkeypatch, tmp_path, state):
    monkeypatch.setattr(engine, "ROOT_FOLDER", str(tmp_path / "locks"))
    monkeypatch.setattr(engine.tempfile, "gettempdir", lambda: str(tmp_path))
    result = run_module(play_lock, name="site", play="controller/1/2/3/4", state=state)
    assert result["held"] == (state == "held") and not READ_BY_ANSIBLE & set(result)
