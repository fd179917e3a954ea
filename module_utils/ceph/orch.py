# SPDX-License-Identifier: Apache-2.0
"""A service of Ceph's orchestrator and its daemons: read, changed and awaited by `ceph orch`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ..base.errors import ToolError
from ..base.remote_json import loads
from .tool import CephTool

_POLL_SECONDS = 2.0
# It goes round once a minute, and what failed (a host that it has not looked at yet) may work the next time.
_ROUND_SECONDS = 75.0
# Asked to look at a host again, it takes the host for unknown until it has; asked all the time, it places nothing.
_REFRESH_SECONDS = 30.0
# Numbers of orchestrator/_interface.py, DaemonDescriptionStatus.
_STATUS = {-2: "unknown", -1: "error", 0: "stopped", 1: "running", 2: "starting"}
# Before the first service or daemon is there, the answer is a sentence, whatever the format.
_NONE = ("No services reported", "No daemons reported")
_HINTS = (
    ("Module not found", "Is the orchestrator's module enabled (`ceph mgr module ls`)?"),
    ("No orchestrator configured", "Have one: `ceph orch set backend cephadm`."),
    ("Unknown hosts", "Make the host known: `ceph orch host add`."),
    ("not found", "Look at `ceph orch ls`."),
    ("Invalid", "The orchestrator's release does not take this specification."),
)


class Daemon(NamedTuple):
    """One daemon as the orchestrator sees it. container: its id, another one after each start."""

    name: str
    host: str
    ports: list[int]
    status: str
    version: str | None
    image: str | None
    container: str | None


class Awaited(NamedTuple):
    """What its daemons are to be, in words, too. known: troubles from before, which say nothing of what was asked."""

    what: str
    holds: Callable[[Sequence[Daemon]], bool]
    known: Sequence[str]


class Orchestrator:
    """What `ceph orch` is asked and told."""

    def __init__(self, ceph: CephTool) -> None:
        self._ceph = ceph

    def hosts(self) -> list[str]:
        """The names of the hosts that it may use. Raises ToolError, InputError."""
        return sorted(host["hostname"] for host in self._list("the orchestrator's hosts", "host", "ls"))

    def specification(self, service: str) -> dict[str, Any] | None:
        """What a service is asked to be; None where there is no such service. Raises ToolError, InputError."""
        found = self._list(f"service '{service}'", "ls", f"--service_name={service}", "--export")
        return next((one for one in found if one.get("service_name") == service), None)

    def daemons(self, service: str, refresh: bool = False) -> list[Daemon]:
        """Its daemons; refresh: have the orchestrator look at its hosts again, soon. Raises ToolError, InputError."""
        again = ["--refresh"] if refresh else []
        found = self._list(f"daemons of '{service}'", "ps", f"--service_name={service}", *again)
        return sorted(_daemon(one) for one in found)

    def troubles(self, service: str) -> list[str]:
        """What went wrong with it and its daemons of late, as the orchestrator tells. Raises ToolError, InputError."""
        found = self._list(f"service '{service}'", "ls", f"--service_name={service}")
        found += self._list(f"daemons of '{service}'", "ps", f"--service_name={service}")
        return [event for one in found for event in one.get("events") or [] if "[ERROR]" in event]

    def apply(self, specification: Mapping[str, Any]) -> None:
        """Apply a specification, which may hold a private key, by standard input. Raises ToolError, InputError."""
        done = self._ceph.run("orch", "apply", "-i", "-", stdin=json.dumps(specification))
        self._ceph.success(
            "apply", f"service '{specification['service_type']}.{specification['service_id']}'", done, _HINTS
        )

    def give_certificate(self, service: str, pem: str) -> None:
        """Put chain and private key where a gateway's daemons read them. Raises ToolError, InputError.

        cephadm does so when it makes a daemon, and at no later change (serve.py of 16.2.15; 18.2.7 reads the same key).
        """
        done = self._ceph.run("config-key", "set", f"rgw/cert/{service}", "-i", "-", stdin=pem)
        self._ceph.success("store the certificate of", f"service '{service}'", done)

    def forget_certificate(self, service: str) -> None:
        """Take them away, where it has any. Raises ToolError, InputError.

        cephadm does so when the service goes, not when it no longer speaks TLS (cephadmservice.py of 16.2.15).
        """
        done = self._ceph.run("config-key", "rm", f"rgw/cert/{service}")
        self._ceph.success("remove the certificate of", f"service '{service}'", done)

    def remove(self, service: str) -> None:
        """Have a service and its daemons removed. Raises ToolError, InputError."""
        self._ceph.success("remove", f"service '{service}'", self._ceph.run("orch", "rm", service), _HINTS)

    def act(self, action: str, daemon: str) -> None:
        """Have a daemon restarted, redeployed ... Raises ToolError, InputError."""
        self._ceph.success(action, f"daemon '{daemon}'", self._ceph.run("orch", "daemon", action, daemon), _HINTS)

    def wait(self, service: str, awaited: Awaited, seconds: float) -> list[Daemon]:
        """Look until something holds for its daemons; they are returned. What goes wrong may do so for one of the
        orchestrator's rounds, then it is an error. Raises ToolError, InputError.
        """
        until, refresh = time.monotonic() + seconds, time.monotonic() + _REFRESH_SECONDS
        new: list[str] = []
        while True:
            due = time.monotonic() > refresh
            refresh += _REFRESH_SECONDS if due else 0
            daemons = self.daemons(service, due)
            if awaited.holds(daemons):
                return daemons
            if not new:
                new = [event for event in self.troubles(service) if event not in awaited.known]
                until = min(until, time.monotonic() + _ROUND_SECONDS) if new else until
            if time.monotonic() > until:
                raise self._failure(service, awaited.what, seconds, daemons, new)
            time.sleep(_POLL_SECONDS)

    def _failure(
        self, service: str, what: str, seconds: float, daemons: Sequence[Daemon], events: Sequence[str]
    ) -> ToolError:
        said = "the orchestrator says: " + " ".join(events[-1].split()) if events else f"not so within {seconds:.0f} s"
        seen = ", ".join(f"{one.name} is {one.status}" for one in daemons) or "no daemon"
        port = "already in use" in said
        hint = (
            "Choose another port, or stop who has it." if port else "Mend that: `ceph log last cephadm` has the rest."
        )
        return ToolError(f"see {what} of", f"'{service}' by {self._ceph.name}", f"{said} ({seen})", hint)

    def _list(self, what: str, *command: str) -> list[dict[str, Any]]:
        out = self._ceph.success("read", what, self._ceph.run("orch", *command, "--format", "json"), _HINTS)
        return [] if out.strip() in ("", *_NONE) else list(loads(out))


def _daemon(entry: Mapping[str, Any]) -> Daemon:
    return Daemon(
        f"{entry['daemon_type']}.{entry['daemon_id']}",
        entry["hostname"],
        list(entry.get("ports") or []),
        _STATUS.get(entry.get("status", -2), "unknown"),
        entry.get("version"),
        entry.get("container_image_name"),
        entry.get("container_id"),
    )
