# SPDX-License-Identifier: Apache-2.0
"""Whatever answers in a gateway's or a registry's place, each client ends in time, in bounds, and with a message."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hostile_servers import ADMIN, ANY, REGISTRY, S3, Behaviour, hostile_server

ROOT = Path(__file__).parents[3]
# Far more than a client needs for its few requests, far less than "for ever"; and what one may take of memory.
LIMIT_SECONDS = 60
LIMIT_BYTES = 1 << 30
CANARY = "canary-4f1c90d2a7e86b35"


def admin(place: str, secret: Path) -> dict[str, Any]:
    key = {"access_key": "admin", "secret_key_file": str(secret)}
    return {"endpoint": f"http://{place}", **key, "timeout": 1, "wait": 0, "parallel": 1}


def bucket(place: str, secret: Path) -> dict[str, Any]:
    login = {"access_key": "key", "secret_key_file": str(secret)}
    return {"endpoint": f"http://{place}", **login, "bucket": "registry", "depth": "links", "timeout": 1}


def registry(place: str, secret: Path) -> dict[str, Any]:
    login = {"username": "u", "password_file": str(secret)}
    return {"registry": f"http://{place}", **login, "layer_sizes": [1024], "timeout": 2}


def swift(place: str, secret: Path) -> dict[str, Any]:
    return {"endpoint": f"http://{place}", "user": "u:s", "secret_file": str(secret), "probes": ["auth"], "timeout": 1}


# Whole answers of HTTP; what is in them is odd.
PARSED = ("second-answer", "deep-arrays", "deep-objects", "long-number", "no-utf8", "null")
CLIENTS = {
    "rgw_users_info": (admin, ANY | ADMIN),
    # Its requests are repeated, with pauses: one behaviour of each kind that ends a connection.
    "registry_blobs": (bucket, {name: ANY[name] for name in ("drip-body", "body-in-chunks", *PARSED)} | S3),
    "registry_probe": (registry, ANY | REGISTRY),
    "rgw_verify": (swift, ANY),
}
CASES = [(module, name) for module, (_arguments, behaviours) in CLIENTS.items() for name in behaviours]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.touch(mode=0o600)
    file.write_text(CANARY)
    return file


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))


def run(module: str, arguments: dict[str, Any], directory: Path) -> tuple[dict[str, Any], str]:
    """What a module returns, and all that it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"ansible_collections.rgwkit.ceph.plugins.modules.{module}"],
        input=json.dumps({"ANSIBLE_MODULE_ARGS": {**arguments, "_ansible_remote_tmp": str(directory)}}),
        env={**os.environ, "PYTHONPATH": str(ROOT / ".collections")},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        preexec_fn=limit_memory,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stdout + done.stderr
    result: dict[str, Any] = json.loads(lines[-1])
    return result, done.stdout + done.stderr


@pytest.mark.parametrize(("module", "name"), CASES, ids=lambda value: value)
def test_a_client_ends_with_a_message(module: str, name: str, secret: Path, tmp_path: Path) -> None:
    arguments, behaviours = CLIENTS[module]
    behaviour: Behaviour = behaviours[name]
    with hostile_server(behaviour) as place:
        result, output = run(module, arguments(place, secret), tmp_path)
    assert result.get("msg") or result.get("warnings"), output
    for word in ("Traceback", "RecursionError", "MemoryError", "Module failed", CANARY):
        assert word not in output
