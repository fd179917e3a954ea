# SPDX-License-Identifier: Apache-2.0
"""What the portal counts, for Prometheus. Labels are templates of paths, names of the configuration and words of the
code: their number is bounded, and none of them is about a person or a project.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_OTHER = "other"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

# When a series began says nothing that Prometheus needs, and doubles the text.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The counters of one portal. registry: for what is looked up at the time of the question."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "rgwkit_portal_http_requests",
            "Requests by the template of their path, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "rgwkit_portal_http_request_duration_seconds",
            "Seconds from a request to the end of its answer.",
            ["route", "method"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._operations = Counter(
            "rgwkit_portal_backend_operations",
            "Operations of back-ends by their outcome: ok, or the kind of the problem.",
            ["backend", "operation", "outcome"],
            registry=self.registry,
        )
        self._operation_seconds = Histogram(
            "rgwkit_portal_backend_operation_duration_seconds",
            "Seconds that an operation of a back-end takes.",
            ["backend"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._lookups = Counter(
            "rgwkit_portal_view_lookups",
            "Looks at what is kept of back-ends for a few seconds: hit, or miss.",
            ["outcome"],
            registry=self.registry,
        )

    def request(self, route: str | None, method: str, status: int, seconds: float) -> None:
        """Count a request; route: the template of its path, None for a path that the portal does not have."""
        known = (route or _OTHER, method if method in _METHODS else _OTHER)
        self._requests.labels(*known, str(status)).inc()
        self._request_seconds.labels(*known).observe(seconds)

    def operation(self, backend: str, operation: str, outcome: str, seconds: float) -> None:
        """Count an operation of a back-end."""
        self._operations.labels(backend, operation, outcome).inc()
        self._operation_seconds.labels(backend).observe(seconds)

    def lookup(self, is_kept: bool) -> None:
        """Count a look at what is kept of a back-end."""
        self._lookups.labels("hit" if is_kept else "miss").inc()

    def text(self, accept: str) -> tuple[bytes, str]:
        """All of it in the text format that suits an Accept field, and the media type."""
        encode, media = choose_encoder(accept)
        return encode(self.registry), media
