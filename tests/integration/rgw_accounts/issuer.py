# SPDX-License-Identifier: Apache-2.0
"""An issuer of tokens of OpenID Connect (oidc-provider-mock of PyPI), in a virtual environment of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests

CLIENT = "storage"
_REQUIREMENTS = Path(__file__).with_name("issuer-requirements.txt")
_BACK = "http://localhost/back"
_SERVE = """
import sys, oidc_provider_mock
from werkzeug.serving import make_server
make_server(sys.argv[1], int(sys.argv[2]), oidc_provider_mock.app(), threaded=True).serve_forever()
"""


@dataclass(frozen=True)
class Issuer:
    url: str

    @property
    def host(self) -> str:
        """The name of the issuer in ARNs and conditions."""
        return self.url.partition("://")[2]

    def token(self, subject: str, client: str = CLIENT) -> str:
        """An ID token: authorization code flow, as a browser and a client would go through it."""
        query = {"client_id": client, "redirect_uri": _BACK, "response_type": "code", "scope": "openid"}
        url = f"{self.url}/oauth2/authorize"
        seen = requests.post(url, params=query, data={"sub": subject}, allow_redirects=False, timeout=10)
        code = parse_qs(urlsplit(seen.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _BACK}
        answer = requests.post(f"{self.url}/oauth2/token", data=form, auth=(client, "none"), timeout=10)
        return str(answer.json()["id_token"])


@contextmanager
def running_issuer(folder: Path, address: str) -> Iterator[Issuer]:
    """An issuer at an address of this host that containers reach."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin/pip"), "install", "--quiet", "--requirement", str(_REQUIREMENTS)]
    subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind((address, 0))
        port = free.getsockname()[1]
    # Tokens go through the tests' own network.
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    command = [str(folder / "bin/python"), "-c", _SERVE, address, str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        issuer = Issuer(f"http://{address}:{port}")
        until = time.monotonic() + 30
        while True:
            with suppress(requests.RequestException):
                requests.get(f"{issuer.url}/.well-known/openid-configuration", timeout=2)
                break
            assert process.poll() is None and time.monotonic() < until, "the issuer does not answer"
            time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(timeout=10)
