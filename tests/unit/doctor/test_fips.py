# SPDX-License-Identifier: Apache-2.0
"""A host in FIPS mode: OpenSSL gives no MD5 that is to guard something, and the engine starts and compares ETags."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.playbooks import PROJECT

ROOT = PROJECT
# The default provider, asked for algorithms of a FIPS module only, has none.
CONFIG = """openssl_conf = openssl_init
[openssl_init]
alg_section = algorithms
providers = providers
[providers]
default = default_provider
[default_provider]
activate = 1
[algorithms]
default_properties = fips=yes
"""
SCRIPT = """
import hashlib
try:
    hashlib.md5(b"x")
except ValueError:
    print("refused")
import module_utils.doctor.probes.s3, module_utils.doctor.runner
from module_utils.doctor.load_operations import StoredObject
from module_utils.doctor.checks import md5_of
print(md5_of(b"x"), StoredObject("/x", b"x").md5)
"""


def test_an_etag_is_no_matter_of_security(tmp_path: Path) -> None:
    config = tmp_path / "fips.cnf"
    config.write_text(CONFIG)
    environment = {"PATH": os.environ["PATH"], "OPENSSL_CONF": str(config)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    md5 = "9dd4e461268c8034f5c8564e155c67a6"
    # From Python 3.15 on, the interpreter's own MD5 takes the place of the one that OpenSSL does not give.
    refused = ["refused"] if sys.version_info < (3, 15) else []
    assert (done.stdout.split(), done.stderr) == ([*refused, md5, md5], "")
