# SPDX-License-Identifier: Apache-2.0
"""The portal's log; the service that runs the portal keeps it."""

from __future__ import annotations

import logging

LOG = logging.getLogger("portal")


def one_line(text: object) -> str:
    """A text that may hold what somebody else has chosen, so that it cannot look like further lines of the log."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in str(text))
