# SPDX-License-Identifier: Apache-2.0
"""A RabbitMQ with a password, from Debian's package, in a container that the gateway's container reaches."""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.playbooks import BIN, PROJECT

IMAGE = "rgwkit/rabbitmq:3"
START_SECONDS = 120
USER = "rgw"
# Its management API takes the place of a client of AMQP.
MANAGEMENT_PORT, AMQP_PORT = 15672, 5672


@dataclass(frozen=True)
class Rabbit:
    """Where it listens on the containers' network."""

    address: str
    password: str = field(repr=False)

    @property
    def url(self) -> str:
        return f"amqp://{self.address}:{AMQP_PORT}"

    def bind(self, exchange: str, queue: str, routing_key: str) -> None:
        """Create an exchange and a queue that gets what is sent to the exchange with that key."""
        self._ask("PUT", f"exchanges/%2F/{exchange}", {"type": "topic", "durable": True})
        self._ask("PUT", f"queues/%2F/{queue}", {"durable": True})
        self._ask("POST", f"bindings/%2F/e/{exchange}/q/{queue}", {"routing_key": routing_key})

    def wait(self, queue: str, seconds: float) -> dict[str, Any]:
        """Wait for the next message of a queue; its routing key, and its content as JSON in `content`."""
        until = time.monotonic() + seconds
        wanted = {"count": 1, "ackmode": "ack_requeue_false", "encoding": "base64"}
        while True:
            messages = self._ask("POST", f"queues/%2F/{queue}/get", wanted)
            if messages:
                return {**messages[0], "content": json.loads(base64.b64decode(messages[0]["payload"]))}
            assert time.monotonic() < until, f"no message in queue '{queue}' within {seconds} s"
            time.sleep(0.2)

    def is_ready(self) -> bool:
        try:
            self._ask("GET", "overview")
        except requests.RequestException:
            return False
        return True

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        url = f"http://{self.address}:{MANAGEMENT_PORT}/api/{path}"
        answer = requests.request(method, url, json=body, auth=(USER, self.password), timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None


@contextmanager
def running_rabbit(folder: Path) -> Iterator[Rabbit]:
    """A RabbitMQ that goes at the end; `folder` takes its files."""
    image = f"name={IMAGE} suite=bookworm packages=rabbitmq-server allow_expired_release=true"
    command = [str(BIN / "ansible"), "localhost", "-m", "rgwkit.ceph.debian_image", "-a", image]
    command += ["-e", f"ansible_python_interpreter={sys.executable}"]
    subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    password = secrets.token_hex(16)
    config = folder / "rabbitmq"
    config.mkdir()
    options = f"default_user = {USER}\ndefault_pass = {password}\nloopback_users = none\n"
    (config / "rabbitmq.conf").write_text(options)
    (config / "enabled_plugins").write_text("[rabbitmq_management].\n")
    # rabbitmq-server becomes the package's own account, which has to read the files.
    config.chmod(0o755)
    mount = f"--volume={config}:/etc/rabbitmq:ro"
    run = ["docker", "run", "--detach", "--hostname=rabbit", mount, IMAGE, "rabbitmq-server"]
    container = subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()
    try:
        form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        inspected = subprocess.run(["docker", "inspect", form, container], capture_output=True, text=True, check=True)
        rabbit = Rabbit(inspected.stdout.strip(), password)
        until = time.monotonic() + START_SECONDS
        while not rabbit.is_ready():
            assert time.monotonic() < until, "RabbitMQ does not answer"
            time.sleep(0.5)
        yield rabbit
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", container], capture_output=True, check=True)
