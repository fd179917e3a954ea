# SPDX-License-Identifier: Apache-2.0
"""The sentences with which the roles rgw_gateway and rgw_ingress end."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.gateway.outcome import gateway_outcome, ingress_outcome

ANSWERS = [
    {"item": {"name": "rgw", "port": 80}, "status": 404},
    {"item": {"name": "registry", "port": 443}, "status": 401},
]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"changed": {"key": False, "configuration": False}}, "unchanged; verified at its own address: 2 probes ok"),
        ({"changed": {"key": True, "configuration": True}, "check_mode": True}, "key and configuration would change; "),
    ],
)
def test_a_gateway_is_told_with_its_probes(facts: dict[str, Any], said: str) -> None:
    verify = {"verdicts": [{"ok": True}, {"ok": True}, {"ok": False}]}
    gateway = {"entity": "client.rgw.a", "url": "http://192.0.2.1:8080", "check_mode": False, "verify": verify}
    sentence = gateway_outcome({**gateway, **facts})
    assert sentence.startswith(f"gateway client.rgw.a at http://192.0.2.1:8080: {said}")
    assert sentence.endswith("not verified in check mode") == bool(facts.get("check_mode"))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"answers": ANSWERS},
            "unchanged; answers through HAProxy: rgw on port 80 (404) and registry on port 443 (401)",
        ),
        ({"answers": []}, "unchanged; no service was sent a request"),
        (
            {"answers": ANSWERS[:1], "changed": {"HAProxy": True}, "virtual_address": "192.0.2.10/24"},
            "HAProxy changed; answers through HAProxy: rgw on port 80 (404); virtual address 192.0.2.10/24",
        ),
        (
            {"answers": [{"item": {"name": "a", "port": 1}, "skipped": True}], "check_mode": True},
            "unchanged; not verified in check mode",
        ),
    ],
)
def test_an_ingress_is_told_with_its_services(facts: dict[str, Any], said: str) -> None:
    ingress = {"name": "rgwkit-ingress", "changed": {"HAProxy": False}, "check_mode": False, "virtual_address": ""}
    assert ingress_outcome({**ingress, **facts}) == f"ingress rgwkit-ingress: {said}"
