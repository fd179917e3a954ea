# SPDX-License-Identifier: Apache-2.0
"""A portal that is killed when its storage has carried out the n-th operation of a change, and started again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.faulty_gateway.fault import Fault, Reply
from tests.faulty_gateway.messages import Request, Response
from tests.faulty_gateway.running import FaultyGateway
from tests.portal import RunningPortal, running_portal
from tests.services.portal.issuer import AUDIENCE, Issuer

ROLES = {"user": ["users"], "admin": ["admins"], "uber_admin": ["ubers"]}
PROXY_SECRET = "canary-" + secrets.token_hex(16)
SOON_S = 60
INTERRUPTED = -1


class Killer:
    """Kills a portal when an answer of the storage is about to reach the portal."""

    def __init__(self) -> None:
        self._portal: RunningPortal | None = None
        self._left = 0
        self.fault = Fault("killed", "the portal is killed before an answer arrives", {}, on_answer=self._see)

    def arm(self, portal: RunningPortal, answers: int) -> None:
        """Kill the portal at the n-th answer, counted from 1."""
        self._left, self._portal = answers, portal

    def disarm(self) -> None:
        """Let all answers pass."""
        self._portal = None

    def _see(self, _request: Request, _response: Response) -> Reply | None:
        portal = self._portal
        if portal is None:
            return None
        self._left -= 1
        if self._left:
            return None
        self.disarm()
        portal.process.kill()
        portal.process.wait()
        return Reply(cut=True)


class KillSite:
    """The portal, which has one back-end, and people who ask for things. settings: of the portal."""

    def __init__(self, folder: Path, issuer: Issuer, settings: dict[str, Any], killer: Killer) -> None:
        self._folder, self._settings, self._killer = folder, settings, killer
        self._running = ExitStack()
        (self.backend,) = settings["backends"]
        self.tokens = {
            "user": issuer.token(),
            "admin": issuer.token("eve", ["admins"]),
            "uber": issuer.token("zoe", ["ubers"]),
        }
        self.start()

    def start(self) -> None:
        """Start the portal, again if it was killed."""
        self._running.close()
        self.portal = self._running.enter_context(running_portal(self._folder, **self._settings))

    def close(self) -> None:
        """End the portal."""
        self._running.close()

    def ask(self, method: str, path: str, who: str = "user", **options: Any) -> requests.Response:
        """A request; path: below /v1."""
        return self.portal.ask(method, f"/v1{path}", self.tokens[who], **options)

    def got(self, path: str, who: str = "user") -> Any:
        """What a GET tells."""
        answer = self.ask("GET", path, who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, path: str) -> str:
        """A page that ann sees, as the proxy has signed her in."""
        person = {"X-Portal-Proxy-Secret": PROXY_SECRET, "X-Forwarded-User": "ann", "X-Forwarded-Groups": "users"}
        return requests.get(self.portal.url + path, headers=person, timeout=30).text

    def project(self) -> str:
        """A new project of ann's; its name."""
        name = f"p{secrets.token_hex(5)}"
        made = self.ask("POST", "/projects", "admin", json={"name": name, "people": ["ann"]})
        assert made.status_code == 201, made.text
        return name

    def survives(self, answers: int, method: str, path: str, who: str = "user", **options: Any) -> bool:
        """Send a request, and kill the portal at the n-th answer of its storage. False if there were fewer answers.

        A portal that was killed has been started again.
        """
        self._killer.arm(self.portal, answers)
        try:
            answer = self.ask(method, path, who, **options)
        except requests.ConnectionError:
            self.start()
            return True
        finally:
            self._killer.disarm()
        assert answer.status_code < 300, answer.text
        return False

    def kill_at_its_answer(self, method: str, path: str, who: str = "user", **options: Any) -> None:
        """Send a request, and kill the portal when the change is made and its answer is on the way; start it again."""
        place, killer = urlsplit(self.portal.url), Killer()
        with FaultyGateway(str(place.hostname), int(place.port or 0), killer.fault) as front:
            killer.arm(self.portal, 1)
            bearer = {"Authorization": f"Bearer {self.tokens[who]}", **options.pop("headers", {})}
            try:
                answer = requests.request(method, f"{front.url}/v1{path}", headers=bearer, timeout=30, **options)
            except requests.ConnectionError:
                self.start()
            else:
                raise AssertionError(f"the answer has arrived: {answer.text}")

    def interruptions(self, project: str) -> list[str]:
        """The actions of a project during which the portal was ended, as the audit log has them."""
        entries = self.got("/audit?limit=200", "uber")["items"]
        return [one["action"] for one in entries if one["project"] == project and one["status"] == INTERRUPTED]


# Makes the settings of a back-end, whose answers come by way of the killer.
BackEnd = Callable[[Killer, ExitStack], dict[str, Any]]


@contextmanager
def kill_site(folder: Path, issuer: Issuer, back_end: BackEnd, **more: Any) -> Iterator[KillSite]:
    """A portal in a folder. more: settings."""
    killer = Killer()
    proxy = folder / "proxy.secret"
    proxy.touch(mode=0o600)
    proxy.write_text(PROXY_SECRET)
    with ExitStack() as stack:
        given = back_end(killer, stack)
        settings = {
            "roles": ROLES,
            "oidc": {"issuer": issuer.url, "audience": AUDIENCE},
            "proxy": {"addresses": ["127.0.0.1/32"], "secret_file": str(proxy)},
            "web": {"url": "http://127.0.0.1:9", "client_id": AUDIENCE},
            "rate_limits": {"person": {"per_minute": 0, "burst": 1}, "address": {"per_minute": 0, "burst": 1}},
            "backends": {given["kind"]: given},
            **more,
        }
        site = KillSite(folder, issuer, settings, killer)
        stack.callback(site.close)
        yield site


def soon(happens: Callable[[], bool]) -> None:
    """Wait for what the portal does by itself after a while."""
    until = time.monotonic() + SOON_S
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.2)
