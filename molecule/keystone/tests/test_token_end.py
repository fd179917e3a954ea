# SPDX-License-Identifier: Apache-2.0
"""A token of Keystone ends in the middle of a push through the registry."""

from __future__ import annotations

from typing import Any

from tests.keystone.gateway import KeystoneGateway
from tests.registry_push import REGISTRY_AGENTS


def test_the_registry_gets_a_new_token_and_stores_the_blob(site: KeystoneGateway, slow_push: Any) -> None:
    assert slow_push.intact.result()
    assert site.keystone.logins(*REGISTRY_AGENTS) > slow_push.logins
