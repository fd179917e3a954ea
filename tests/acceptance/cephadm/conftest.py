# SPDX-License-Identifier: Apache-2.0
"""The test cluster with cephadm for an orchestrator, as scripts/cephadm has set it up, and its gateways."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.acceptance.cluster.conftest import Cluster

HOSTS = ("ceph1", "ceph2")


class Cephadm(Cluster):
    """The hosts, and what their orchestrator says."""

    def daemons(self) -> dict[str, dict[str, Any]]:
        """The gateways by host."""
        return {one["hostname"]: one for one in self.ceph("orch", "ps") if one["daemon_type"] == "rgw"}

    def services(self) -> list[str]:
        output = self.run("ceph1", "ceph orch ls --format json")
        return [] if output == "No services reported" else sorted(one["service_name"] for one in json.loads(output))

    def keys(self) -> list[str]:
        return [entry["entity"] for entry in self.ceph("auth", "ls")["auth_dump"] if "client.rgw" in entry["entity"]]

    def certificates(self) -> list[str]:
        """Where the monitors keep one, with its private key."""
        return [key for key in self.ceph("config-key", "ls") if key.startswith("rgw/cert/")]

    def options(self) -> list[str]:
        return sorted({entry["section"] for entry in self.ceph("config", "dump") if "client.rgw" in entry["section"]})

    def refused(self, *options: str, **variables: object) -> str:
        """What a play on the first host says that has to fail."""
        play = self.begin("gateway", "--limit", "ceph1", *options, **variables)
        output = play.wait()
        assert play.process.returncode != 0, output[-6000:]
        return " ".join(output.split())


@pytest.fixture(scope="session")
def cephadm() -> Cephadm:
    return Cephadm(os.environ.get("RGWKIT_CEPHADM", "rgwkit-cephadm"), ["molecule/cephadm/inventory"])


@pytest.fixture(scope="session")
def gateways(cephadm: Cephadm) -> Cephadm:
    """With a gateway on each host, and the ingress before them."""
    if cephadm.services() != [f"rgw.{host}.a" for host in HOSTS]:
        cephadm.play("gateway")
    cephadm.play("ingress")
    return cephadm
