# SPDX-License-Identifier: Apache-2.0
"""A demo container as a test sees it: by docker from outside, by swift and S3 from the host."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any, Callable

import requests

ACCESS_KEY = "DEMOACCESSKEY"
READY_SECONDS = 30
# What is asked in a gateway's first instant may be lost; it is asked again instead of waited for.
REQUEST_SECONDS = 2


def docker(*arguments: str) -> str:
    """Run a docker command; what it prints, without what it says on stderr."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, f"docker {arguments[0]}: {done.stderr}"
    return done.stdout.strip()


def wait_until(condition: Callable[[], Any], what: str, seconds: float = READY_SECONDS) -> Any:
    """Wait for a condition to hold; what it returned then."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(0.02)


class Demo:
    """One container; it may not be ready yet."""

    def __init__(self, container: str, port: int) -> None:
        self.container = container
        self.port = port

    @classmethod
    def start(cls, image: str, options: Sequence[str], port: int, environment: Mapping[str, str]) -> Demo:
        """Run a container that publishes the gateway's `port` unless the options choose another network."""
        publish = [] if any(option.startswith("--network") for option in options) else ["-p", f"127.0.0.1::{port}"]
        variables = [f"--env={name}={value}" for name, value in environment.items()]
        arguments = [option for option in options if option.startswith("-")]
        command = [option for option in options if not option.startswith("-")]
        return cls(docker("run", "--detach", *publish, *variables, *arguments, image, *command), port)

    def remove(self) -> None:
        docker("rm", "--force", "--volumes", self.container)

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads(docker("inspect", "--format={{json .State}}", self.container))
        return state

    def logs(self) -> str:
        """All that it said, of every start."""
        done = subprocess.run(["docker", "logs", self.container], capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    def run(self, *command: str) -> str:
        return docker("exec", self.container, *command)

    def ended(self) -> str:
        """Wait for its end; the last line of its log, and what follows a message in it."""
        wait_until(lambda: not self.state()["Running"], "the container's end")
        return self.logs()[self.logs().rfind("\n[") + 1 :]

    def running(self, daemon: str) -> list[str]:
        """The argv of each running process of this name."""
        rows = docker("top", self.container, "-eo", "pid,args").splitlines()[1:]
        return [args for _, args in (row.split(None, 1) for row in rows) if args.split()[0] == daemon]

    # From the host

    def url(self) -> str:
        return f"http://{docker('port', self.container, str(self.port)).splitlines()[0]}"

    def swift(self, method: str, path: str, secret: str, data: bytes = b"") -> requests.Response:
        """One request with a fresh token, path as in "/container/object"; repeated until there is an answer."""
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                login = {"X-Auth-User": "demo:swift", "X-Auth-Key": secret}
                token = requests.get(f"{self.url()}/auth/v1.0", headers=login, timeout=REQUEST_SECONDS)
                if token.status_code != 204:
                    return token
                login = {"X-Auth-Token": token.headers["X-Auth-Token"]}
                url = f"{self.url()}/swift/v1{path}"
                return requests.request(method, url, headers=login, data=data, timeout=REQUEST_SECONDS)
            except (requests.ConnectionError, requests.Timeout):
                assert self.state()["Running"], self.logs()[-2000:]
                assert time.monotonic() < deadline, "no answer"
                time.sleep(0.02)

    def ready(self, secret: str) -> Demo:
        """Wait until swift takes the user's secret."""
        wait_until(lambda: self.swift("GET", "", secret).status_code < 300, "a swift login")
        return self

    def s3(self, method: str, path: str, secret: str, access_key: str = ACCESS_KEY) -> requests.Response:
        """One S3 request, signed after version 2: another way than the container's own."""
        date = formatdate(usegmt=True)
        digest = hmac.new(secret.encode(), f"{method}\n\n\n{date}\n{path}".encode(), hashlib.sha1).digest()
        signature = base64.b64encode(digest).decode()
        headers = {"Date": date, "Authorization": f"AWS {access_key}:{signature}"}
        return requests.request(method, f"{self.url()}{path}", headers=headers, timeout=REQUEST_SECONDS)
