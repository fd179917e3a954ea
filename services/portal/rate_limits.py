# SPDX-License-Identifier: Apache-2.0
"""How often somebody may ask: a bucket of tokens for each person, and for each address from which nobody signs in.

Kept in memory, as the portal is one process. Behind a server that front_addresses does not name, all who are not signed
in share the address of that server.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from .config import RateLimit, RateLimits
from .identity.addresses import site_of
from .problems import TooManyRequests

# The names of those who have not asked for the longest time are forgotten first.
_MOST_NAMES = 10_000


class TokenBuckets:
    """A bucket of tokens for each name; each request takes a token. now: seconds of a clock that never goes back."""

    def __init__(self, limit: RateLimit, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._now = limit.per_minute / 60, limit.burst, now
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when they were counted

    def take(self, name: str) -> None:
        """Take a token. Raises TooManyRequests if there is none."""
        if not self._rate:
            return
        with self._lock:
            now = self._now()
            tokens, counted = self._buckets.pop(name, (float(self._burst), now))
            tokens = min(self._burst, tokens + (now - counted) * self._rate)
            self._buckets[name] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > _MOST_NAMES:
                self._buckets.popitem(last=False)
        if tokens < 1:
            raise TooManyRequests((1 - tokens) / self._rate)


class Limiter:
    """The limits that are configured."""

    def __init__(self, limits: RateLimits) -> None:
        self._people, self._addresses = TokenBuckets(limits.person), TokenBuckets(limits.address)

    def person(self, subject: str) -> None:
        """Count a request of somebody who is signed in. Raises TooManyRequests."""
        self._people.take(subject)

    def address(self, peer: str) -> None:
        """Count a request of nobody who is signed in. Raises TooManyRequests."""
        self._addresses.take(site_of(peer))
