# SPDX-License-Identifier: Apache-2.0
"""The fixture that starts registries, as the tests of the module registry_probe have it."""

from __future__ import annotations

from tests.integration.registry_probe.conftest import start

__all__ = ["start"]
