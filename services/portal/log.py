# SPDX-License-Identifier: Apache-2.0
"""The portal's log; the service that runs the portal keeps it."""

from __future__ import annotations

import logging

LOG = logging.getLogger("portal")
