# SPDX-License-Identifier: Apache-2.0
"""The name server of molecule's scenario dns.

python -m tests.dns.scenario NAME FOLDER    its address is then in FOLDER/address
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.dns.service import start_name_server


def start(name: str, folder: Path) -> None:
    """Start the name server; the secrets of its keys are in files of mode 0600."""
    shutil.rmtree(folder, ignore_errors=True)
    server = start_name_server(folder, name)
    (folder / "address").write_text(server.address)


if __name__ == "__main__":
    start(sys.argv[1], Path(sys.argv[2]).absolute())
