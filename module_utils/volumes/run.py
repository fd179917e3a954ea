# SPDX-License-Identifier: Apache-2.0
"""One run of the module docker_swift_volume: the driver first, then the volumes, then the mounts of containers."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from ..base.errors import InputError, ToolError
from ..base.login import Login
from ..base.secret_files import given_secret
from ..host.docker.client import connect
from ..host.docker.volumes import Volumes
from ..rgw.admin_session import AdminSession
from .cache import not_uploaded
from .containers import Containers
from .dead_mounts import DeadMount, dead_mounts
from .driver import Driver, leftovers
from .plan import Found, Site, plan_volume
from .reconcile import Outcome, others_of, reconcile
from .report import report, summary, warnings
from .settings import REMOTE
from .spec import DesiredVolume, parse_volumes, problem_with_host

__all__ = ["Run", "login_of"]

# A restart of a container takes as long as the container takes to stop, beside what its volumes take.
_DOCKER_SECONDS = 120


def login_of(params: Mapping[str, Any]) -> Login:
    """The swift login that a module's parameters give. Raises InputError."""
    user = params["user"]
    if ":" not in user or not user.isascii() or not user.isprintable() or " " in user:
        raise InputError(f"user: {user!r} is no swift user; give uid:subuser.")
    return Login(user, given_secret("the swift key", params["key"], params["key_file"]).value)


class Run:
    """params: of the module, with `host`. Raises InputError and ToolError."""

    def __init__(self, params: Mapping[str, Any], check_mode: bool) -> None:
        problem = problem_with_host(params["host"])
        if problem:
            raise InputError(f"host: {problem}")
        self._params, self._dry = params, check_mode
        self._site = Site(
            params["home"], params["host"], params["driver"], REMOTE, bool(params["takeover"]), check_mode
        )
        self._desired = parse_volumes(params["volumes"], params["host"])
        self._outcomes: List[Outcome] = []
        self._dead: List[DeadMount] = []
        self._lost: List[str] = []
        self._running: List[str] = []
        self._waiting: List[str] = []

    def result(self) -> Dict[str, Any]:
        """Do the work; the module's result without its summary."""
        login = login_of(self._params)
        if self._dry and self._params["driver_to_be_made"]:
            plans = [plan_volume(one, Found(None, [], None), self._site) for one in self._desired]
            self._outcomes = [Outcome(plan, plan.identity) for plan in plans]
        else:
            self._work(login)
        told = report(self._outcomes, self._dead, self._restarts, self._lost)
        cache = self._params["cache"]
        self._waiting = not_uploaded(cache) if cache else []
        return {**told, "running": self._running, "not_uploaded": self._waiting}

    @property
    def warnings(self) -> List[str]:
        """What the run leaves as it is although somebody has to know of it."""
        return warnings(self._dead, self._restarts, self._lost, self._waiting)

    def summary(self, endpoint: str) -> str:
        """The outcome in one sentence."""
        return summary(self._outcomes, self._dead, self._restarts, endpoint, self._dry)

    @property
    def _restarts(self) -> bool:
        return bool(self._params["restart_containers"])

    def _work(self, login: Login) -> None:
        """No call of docker that needs a driver comes before the driver has answered."""
        driver = Driver(self._params["driver"])
        if self._desired:
            driver.check()
        volumes = Volumes(connect(_DOCKER_SECONDS))
        self._lost = leftovers(volumes.drivers())
        answers = not driver.problem
        purged = others_of(volumes, self._site, self._desired) if self._params["purge"] and answers else []
        self._reconcile(volumes, [*purged, *self._desired], login)
        self._running = [str(one["name"]) for one in volumes.running_with(driver.name)]
        self._dead = dead_mounts(volumes, driver.name)
        if self._dead and self._restarts:
            driver.check()
            self._restart(volumes)

    def _reconcile(self, volumes: Volumes, desired: Sequence[DesiredVolume], login: Login) -> None:
        if not desired:
            return
        given = self._params
        session = AdminSession(
            given["endpoint"],
            login,
            ca_file=given["ca_file"],
            validate_certs=given["validate_certs"],
            timeout=given["timeout"],
            wait=given["wait"],
        )
        containers = Containers(session, login)
        try:
            self._outcomes = reconcile(volumes, containers, desired, self._site)
        finally:
            containers.close()

    def _restart(self, volumes: Volumes) -> None:
        if self._dry:
            return
        for identity, name in sorted({(one.identity, one.container) for one in self._dead}, key=lambda one: one[1]):
            volumes.restart(identity, name)
        for one in dead_mounts(volumes, self._site.driver):
            target = f"container '{one.container}' to give it volume '{one.volume}' again"
            raise ToolError("restart", target, one.problem, "Read the driver's log, and what the container says.")
