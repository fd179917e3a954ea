# SPDX-License-Identifier: Apache-2.0
"""What most of these tests need."""

from __future__ import annotations

import io
import os
import secrets
import subprocess
import tarfile
from typing import Iterator

import pytest

from tests.integration.gateway import Gateway, running_gateway

from .client_site import LAYER_BYTES, docker


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway with plain HTTP, for one file's tests."""
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


@pytest.fixture
def image() -> Iterator[str]:
    """An image of docker with one layer of random bytes; its name."""
    layer, name = io.BytesIO(), f"rgwkit-test/{secrets.token_hex(4)}"
    with tarfile.open(fileobj=layer, mode="w") as archive:
        member = tarfile.TarInfo("random")
        member.size = LAYER_BYTES
        archive.addfile(member, io.BytesIO(os.urandom(LAYER_BYTES)))
    subprocess.run(["docker", "import", "-", name], input=layer.getvalue(), capture_output=True, check=True)
    yield name
    docker("rmi", "--force", docker("inspect", "--format={{.Id}}", name))
