# SPDX-License-Identifier: Apache-2.0
"""A real provider of OpenID Connect, and a person who signs in there with a browser."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.environments import python_of
from tests.playbooks import PROJECT, free_port

SERVER = PROJECT / "images" / "canaille" / "server.py"
_MOST_FORMS = 5


@dataclass(frozen=True)
class Provider:
    """A provider that answers. people: passwords by name."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    people: Mapping[str, str] = field(repr=False)

    def sign_in(self, session: requests.Session, page: requests.Response, name: str) -> requests.Response:
        """Fill in the provider's forms until it leads back; the page after that."""
        for _number in range(_MOST_FORMS):
            if not page.url.startswith(self.url):
                return page
            form = _Form(page.text)
            assert form.fields, page.text[-2000:]
            known = {"login": name, "password": self.people[name]}
            data = {key: known.get(key, value) for key, value in form.fields.items()}
            page = session.post(urljoin(page.url, form.action), data, headers={"Referer": page.url}, timeout=30)
        raise AssertionError(f"the provider leads nowhere: {page.url}\n{page.text[-2000:]}")


class _Form(HTMLParser):
    """The form of a page that has fields to fill in."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action, self.fields = "", {}
        self._open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post" and not self.fields:
            self._open, self.action = True, given.get("action") or ""
        elif tag == "input" and self._open and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""
        elif tag == "button" and self._open and given.get("value") == "accept":
            self.fields[str(given["name"])] = "accept"

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "form"


@contextmanager
def running_provider(
    folder: Path,
    redirect_uris: Sequence[str],
    groups: Mapping[str, Sequence[str]],
    client_secret: str,
    address: str = "127.0.0.1",
    certificate: str = "",
) -> Iterator[Provider]:
    """Start a provider that knows the portal, and people in groups; everything is gone when it ends.

    address: of this machine, where browsers and the portal reach the provider. certificate: a file in PEM with its key;
    over plain HTTP, clients talk to 127.0.0.1 alone.
    """
    port = free_port()
    names = sorted({name for members in groups.values() for name in members})
    people = {name: f"correct horse of {name}" for name in names}
    url = f"{'https' if certificate else 'http'}://{address}:{port}"
    given: dict[str, Any] = {
        "url": url,
        "address": address,
        "certificate": certificate,
        "port": port,
        "client_id": "portal",
        "client_secret_file": _written(folder / "provider.secret", client_secret),
        "redirect_uris": list(redirect_uris),
        "people": {name: _written(folder / f"provider.{name}", password) for name, password in people.items()},
        "groups": {name: list(members) for name, members in groups.items()},
    }
    described = folder / "canaille.json"
    described.write_text(json.dumps(given))
    log = folder / "canaille.log"
    with log.open("ab") as out:
        process = subprocess.Popen([python_of("canaille"), str(SERVER), str(described)], stdout=out, stderr=out)
    try:
        provider = Provider(url, "portal", client_secret, people)
        _wait(provider, process, log, certificate or True)
        yield provider
    finally:
        process.terminate()
        process.wait(20)


def _written(path: Path, secret: str) -> str:
    path.touch(mode=0o600)
    path.write_text(secret)
    return str(path)


def _wait(provider: Provider, process: subprocess.Popen[bytes], log: Path, trust: str | bool) -> None:
    until = time.monotonic() + 120
    while True:
        assert process.poll() is None, log.read_text()
        try:
            answer = requests.get(f"{provider.url}/.well-known/openid-configuration", timeout=10, verify=trust)
            assert answer.json()["issuer"] == provider.url
            return
        except requests.ConnectionError:
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
