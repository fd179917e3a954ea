# SPDX-License-Identifier: Apache-2.0
"""Run the portal.

    python3 -m services.portal [--check] CONFIG

--check: only say whether a portal can be made of the configuration.
Exit codes: 0 ended as asked, 2 a configuration that cannot be used.
"""

from __future__ import annotations

import logging
import sys

import uvicorn

from module_utils.base.errors import InputError

from .application import application
from .check import check
from .config import load


def main(arguments: list[str]) -> int:
    """Serve until a signal ends it."""
    is_trial = arguments[:1] == ["--check"]
    if len(arguments) != (2 if is_trial else 1):
        print("usage: python3 -m services.portal [--check] CONFIG", file=sys.stderr)
        return 2
    try:
        settings = load(arguments[-1])
        if is_trial:
            check(settings)
            return 0
        app = application(settings)
    except InputError as error:
        print(f"portal: {error}", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # A header that names another client address would defeat the check of the proxy's.
    uvicorn.run(app, host=settings.host, port=settings.port, proxy_headers=False, server_header=False, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
