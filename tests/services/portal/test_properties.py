# SPDX-License-Identifier: Apache-2.0
"""The REST interface holds what its description promises, whatever it is asked: Schemathesis asks, for a while."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environments import python_of
from tests.portal import RunningPortal, running_portal
from tests.services.portal.conftest import People, settings
from tests.services.portal.issuer import Issuer

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Memory has no objects to show and says so by a 501, which is a server's error to Schemathesis.
NOT_OFFERED = "/(objects|downloads|uploads)$"
# Seconds of each run: a minute together.
PATIENCE_S = 10
PROJECT, BUCKET = "genomes", "genomes-raw"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer, people: People) -> Iterator[RunningPortal]:
    """A portal with a bucket; all of its storage answers."""
    folder = tmp_path_factory.mktemp("properties")
    backends = {"dummy": {"kind": "dummy", "limits": {"max_buckets": 1000}}}
    with running_portal(folder, **settings(folder, issuer, backends=backends)) as portal:
        new = {"name": PROJECT, "groups": ["users"], "people": ["ann"]}
        portal.ask("POST", "/v1/projects", people.admin, json=new).raise_for_status()
        buckets = f"/v1/dummy/projects/{PROJECT}/buckets"
        portal.ask("POST", buckets, people.user, json={"name": BUCKET}).raise_for_status()
        yield portal


@pytest.mark.parametrize("names", ["real", "made-up"])
@pytest.mark.parametrize("role", ["user", "admin", "uber"])
def test_answers_are_as_described(tmp_path: Path, portal: RunningPortal, people: People, role: str, names: str):
    config = tmp_path / "schemathesis.toml"
    config.touch(mode=0o600)
    lines = ["[headers]", f"Authorization = {json.dumps(f'Bearer {getattr(people, role)}')}"]
    if names == "real":
        lines += ["[parameters]", 'backend = "dummy"', f'project = "{PROJECT}"', f'"path.bucket" = "{BUCKET}"']
    config.write_text("\n".join([*lines, ""]))
    done = subprocess.run(
        [
            *(str(Path(python_of("portal-tests")).with_name("schemathesis")), f"--config-file={config}", "run"),
            *(f"--checks={CHECKS}", "--phases=coverage,fuzzing", f"--max-time={PATIENCE_S}", "--seed=1"),
            *(f"--exclude-path-regex={NOT_OFFERED}", "--continue-on-failure", "--request-timeout=10", "--no-color"),
            f"{portal.url}/openapi.json",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=20 * PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert portal.ask("GET", "/health/ready").status_code == 200
