#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long the first `make demo` takes on a Debian host with Python and make only, from the clone to the proof.

The host is a container with a docker daemon of its own, and gets Debian and Python packages from where this machine
gets them. Ends in one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from functools import partial
from pathlib import Path

import against

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.acceptance.bare.host import CLONE, SUITES, bare_host
from tests.playbooks import PROJECT


def measure(tree: Path, suite: str) -> dict[str, float]:
    """Seconds of a tree's first demo. Raises AssertionError with the end of the output if the demo does not run."""
    with bare_host("plain", suite) as host:
        host.put(tree)
        began = time.monotonic()
        host.do(f"cd {CLONE} && make demo")
        return {"cold_demo_s": round(time.monotonic() - began, 1)}


def main() -> int:
    """Measure and report; 1 if a demo did not run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", choices=SUITES, default=SUITES[0], help="Debian release (default: %(default)s)")
    against.add_option(parser)
    arguments = parser.parse_args()
    try:
        if arguments.against:
            return against.compare(partial(measure, suite=arguments.suite), arguments.against, 1)
        print(json.dumps(measure(PROJECT, arguments.suite)))
    except (AssertionError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
