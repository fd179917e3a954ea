# SPDX-License-Identifier: Apache-2.0
"""The check of what modules return, which every test that runs a module relies on."""

from __future__ import annotations

from types import ModuleType

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import registry_config, registry_lease, registry_probe

from tests.returned import undocumented

SEEN = {"changed": False, "failed": True, "msg": "words", "warnings": [], "diff": {}, "invocation": {}}


@pytest.mark.parametrize(
    ("module", "result", "missing"),
    [
        (registry_lease, {"found": True}, []),
        (registry_lease, {"found": True, "guard": "x"}, ["guard"]),
        (registry_probe, {"verdicts": [{"step": "ping"}, {"step": "push", "cost": 1}]}, ["verdicts.cost"]),
        (registry_config, {"path": "/etc/config.yml", "mode": "0600"}, []),
        (registry_config, {"mode": "0600"}, ["mode"]),
        (registry_probe, {"verdicts": None, "leftover": ["a@b"]}, []),
    ],
)
def test_a_key_that_return_does_not_have_is_found(module: ModuleType, result: dict, missing: list[str]) -> None:
    assert undocumented(module, {**SEEN, **result}) == missing
