# SPDX-License-Identifier: Apache-2.0
"""Options of docker by which a container reaches PyPI as this machine does."""

from __future__ import annotations

import os

# Names only: docker takes the values from its own environment, so that they are in no command line.
PIP_ENVIRONMENT = [f"--env={name}" for name in os.environ if name.startswith("PIP_") and name != "PIP_FIND_LINKS"]
CERTIFICATES = "--volume=/etc/ssl/certs:/etc/ssl/certs:ro"
