# SPDX-License-Identifier: Apache-2.0
"""A proxy before a healthy gateway that shows, by name, faults which gateways of today no longer have."""

from .faults import FAULTS
from .running import FaultyGateway

__all__ = ["FAULTS", "FaultyGateway"]
