# SPDX-License-Identifier: Apache-2.0
"""A container of a run's own: made with the run's mark, and never removed without it.

The mark is a lease: it names the run and the time at which the run is over at the latest. A container whose lease is
over was left by a run that was killed, and the next run removes it.
"""

from __future__ import annotations

import re
import time
from typing import Callable
from urllib.parse import quote

from ..http.deadline import Deadline
from ..http.messages import Answer
from ..http.outcomes import WrongAnswer
from ..http.verdicts import WRONG_STATUS
from .checks import expect_status

PREFIX = "rgwkit-verify-"
MARK = "X-Container-Meta-Rgwkit-Lease"
RETRY_SECONDS = 0.1
# 90 s is the default of rgw_lc_lock_max_time.
LEFTOVER_ADVICE = (
    "Either the user may not remove containers, or the gateway is waiting for lifecycle's lock (up to 90 s after "
    "another gateway was killed). A run that begins after the container's lease has ended removes the container."
)
PAGE = 1000

_LEASE = re.compile(r"run [0-9a-f]{16} until (?P<until>[0-9]{10})\Z")

# SwiftSession.ask: one request below the storage URL.
Ask = Callable[..., Answer]


def lease(run: str, until: float) -> str:
    """The mark of the run with the id `run` (16 hexadecimal digits) that is over at `until`, in seconds since 1970."""
    return f"run {run} until {until:010.0f}"


def is_over(mark: str | None, now: float) -> bool:
    """Whether `mark` is a lease that ended before `now`, in seconds since 1970."""
    match = _LEASE.match(mark or "")
    return match is not None and int(match["until"]) < now


class OwnContainer:
    """One container, `name`, that carries `mark`."""

    def __init__(self, ask: Ask, name: str, mark: str, exists: bool = False) -> None:
        self.name = name
        self._ask = ask
        self._mark = mark
        self._asked = self._made = exists

    def make(self, *headers: tuple[str, str]) -> None:
        """PUT the container, unless it has been made. Raises WrongAnswer, also for one that somebody else has made."""
        if self._made:
            return
        found = self._ask("HEAD", f"/{self.name}")
        if not (self._asked and found.status in (200, 204) and found.header(MARK) == self._mark):
            if found.status in (200, 204):
                raise WrongAnswer(WRONG_STATUS, f"no container {self.name} yet", "one that this run did not make")
            expect_status(found, 404)
            again = self._asked
            self._asked = True  # Noted first: an interrupted PUT can still make the container.
            expect_status(self._ask("PUT", f"/{self.name}", [(MARK, self._mark), *headers], b""), 201, *[202] * again)
        self._made = True

    def remove(self, deadline: Deadline) -> bool:
        """Remove the container and all in it, if it carries the mark; False when that is refused or takes too long."""
        while self._asked and deadline.left():
            listing = self._ask("GET", f"/{self.name}?limit={PAGE}")
            if listing.status == 404:
                self._asked = False
            elif listing.status in (200, 204):
                if listing.header(MARK) != self._mark:
                    return True  # Somebody else's by now.
                status = self._empty_and_delete(listing)
                if status in (401, 403):
                    return False  # RGW lets a subuser make containers that it may not remove, if its access is read.
                self._asked = status not in (204, 404)
            if self._asked:
                time.sleep(RETRY_SECONDS)
        self._made = self._asked
        return not self._asked

    def _empty_and_delete(self, listing: Answer) -> int | None:
        while names := [name for name in listing.body.split(b"\n") if name]:
            removed = [self._ask("DELETE", f"/{self.name}/{quote(name)}").status for name in names]
            if len(names) < PAGE or 204 not in removed:
                break
            listing = self._ask("GET", f"/{self.name}?limit={PAGE}")
        return self._ask("DELETE", f"/{self.name}").status


def remove_leftovers(ask: Ask, now: float, deadline: Deadline) -> list[str]:
    """Remove the containers of runs that were killed, as far as time allows; the names of those removed.

    `now` is the gateway's time in seconds since 1970, by whose clock leases are made.
    """
    removed = []
    listing = ask("GET", f"?prefix={PREFIX}&limit={PAGE}")
    for name in listing.body.decode("utf-8", "replace").split() if listing.status == 200 else []:
        # Asked again here: a gateway, or a proxy before it, need not know `prefix`.
        mark = ask("HEAD", f"/{quote(name)}").header(MARK) if name.startswith(PREFIX) else None
        if mark and is_over(mark, now) and OwnContainer(ask, name, mark, exists=True).remove(deadline):
            removed.append(name)
    return removed
