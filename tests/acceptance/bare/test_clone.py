# SPDX-License-Identifier: Apache-2.0
"""README's first way, as typed, in a clone on a Debian host with Python and make only."""

from __future__ import annotations

import time

import pytest

from tests.acceptance.bare.host import CLONE, SUITES, bare_host
from tests.playbooks import PROJECT, unchanged


@pytest.mark.parametrize("suite", SUITES)
def test_make_demo_does_all_of_it_on_a_host_that_has_nothing(suite: str) -> None:
    with bare_host("plain", suite) as host:
        assert host.run("command -v docker ansible-playbook mmdebstrap podman")[1] == ""
        host.put(PROJECT)
        began = time.monotonic()
        first = host.do(f"cd {CLONE} && make demo")
        print(f"make demo on a host that has nothing: {time.monotonic() - began:.0f} s", first[-1500:], sep="\n")
        assert "rgwkit demo is ready and proven." in first and "digests equal" in first
        assert unchanged(host.do(f"cd {CLONE} && make demo"))
        host.do(f"cd {CLONE} && make teardown DATA=yes")
        assert host.do("docker ps --all --quiet; docker volume ls --quiet") == ""
