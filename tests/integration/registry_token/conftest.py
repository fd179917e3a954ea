# SPDX-License-Identifier: Apache-2.0
"""What the tests share with those of the probe: a certificate."""

from tests.integration.registry_probe.conftest import certificate

__all__ = ["certificate"]
