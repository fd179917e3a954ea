# SPDX-License-Identifier: Apache-2.0
"""Keystone's WSGI application under gunicorn, whose command line Keystone would take for its own."""

from __future__ import annotations

import sys

from keystone.server.wsgi import initialize_public_application

sys.argv = sys.argv[:1]
application = initialize_public_application()
