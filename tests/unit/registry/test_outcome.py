# SPDX-License-Identifier: Apache-2.0
"""The sentence with which the role registry ends."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.outcome import registry_outcome

REGISTRY = {"name": "rgwkit-registry", "address": "127.0.0.1:5000"}
ROUNDTRIP = {"push_seconds": 1.06, "pull_seconds": 0.3, "size": 1048576, "runtime": "docker", "changed": False}
SKIPPED = {"skipped": True, "changed": False}


def probe(*steps: str) -> dict[str, Any]:
    done = [{"step": step, "ok": True, "verdict": "ok"} for step in steps]
    return {"verdicts": [*done, {"step": "broken-upload", "ok": False, "verdict": "skipped"}]}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"changed": {"configuration": False, "container": False}, "roundtrip": ROUNDTRIP, "probe": SKIPPED},
            "unchanged; verified by docker push and pull of 1.0 MiB, digests equal",
        ),
        (
            {
                "changed": {"configuration": True, "users": False, "container": True},
                "roundtrip": ROUNDTRIP,
                "probe": probe("ping", "push", "mount"),
            },
            "configuration and container changed; verified by docker push and pull of 1.0 MiB, digests equal, "
            "and by push and mount over its API",
        ),
        ({"changed": {}, "roundtrip": SKIPPED, "probe": probe("ping")}, "verified by ping over its API"),
        ({"changed": {"service": True}, "roundtrip": {}, "probe": {}}, "service changed; not verified"),
        (
            {"changed": {"users": True}, "check_mode": True, "roundtrip": ROUNDTRIP, "probe": {}},
            "users would change; not verified in check mode",
        ),
    ],
)
def test_the_sentence_says_what_changed_and_how_it_was_verified(facts: dict[str, Any], said: str) -> None:
    expected = f"registry 127.0.0.1:5000 (rgwkit-registry): {said}"
    assert registry_outcome({**REGISTRY, "check_mode": False, **facts}) == expected
