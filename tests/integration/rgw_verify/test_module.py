# SPDX-License-Identifier: Apache-2.0
"""The module by way of Ansible, and what it leaves when it is ended from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway
from tests.integration.processes import heed_interrupts

ROOT = Path(__file__).parents[3]


def test_a_playbook_verifies_and_asserts(gateway: Gateway) -> None:
    slow = FaultyGateway(gateway.host, gateway.port, "nagle")
    pardoned = FaultyGateway(gateway.host, gateway.port, "head-no-status-line")
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy, slow, pardoned:
        variables = {
            "ansible_python_interpreter": sys.executable,
            "healthy": gateway.url,
            "faulty": proxy.url,
            "slow": slow.url,
            "pardoned": pardoned.url,
            "access_key": gateway.access_key,
            "user": gateway.user,
            "secret_file": str(gateway.secret_file),
        }
        done = subprocess.run(
            [
                Path(sys.executable).with_name("ansible-playbook"),
                "--inventory=localhost,",
                f"--extra-vars={json.dumps(variables)}",
                Path(__file__).with_name("verify.yml"),
                "-vvv",
            ],
            cwd=ROOT,
            env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".collections")},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert gateway.secret not in done.stdout + done.stderr
    in_check_mode = proxy.requests[proxy.requests.index("GET /auth/v1 HTTP/1.1", 1) :]
    assert {line.split(" ")[0] for line in in_check_mode} == {"GET", "HEAD"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_module_that_is_ended_removes_its_container(gateway: Gateway, number: signal.Signals, tmp_path: Path) -> None:
    """The fixture that looks for leftovers judges the end."""
    with FaultyGateway(gateway.host, gateway.port, "head-hangs") as proxy:
        params = {"endpoint": proxy.url, "user": gateway.user, "secret_file": str(gateway.secret_file), "timeout": 60}
        arguments = {"ANSIBLE_MODULE_ARGS": {**params, "_ansible_remote_tmp": str(tmp_path)}}
        module = subprocess.Popen(
            [sys.executable, "-m", "ansible_collections.rgwkit.ceph.plugins.modules.rgw_verify"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / ".collections")},
            preexec_fn=heed_interrupts,
        )
        assert module.stdin
        module.stdin.write(json.dumps(arguments))
        module.stdin.close()
        deadline = time.monotonic() + 20
        while not proxy.injected and time.monotonic() < deadline:
            time.sleep(0.02)
        assert proxy.injected, "the module did not get as far as the hanging request"
        module.send_signal(number)
        began = time.monotonic()
        module.wait(timeout=10)
        assert time.monotonic() - began < 3
        assert proxy.requests[-1].startswith("DELETE /swift/v1/rgwkit-verify-")
