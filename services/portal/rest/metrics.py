# SPDX-License-Identifier: Apache-2.0
"""What the portal counts, for a Prometheus at one of the configured addresses."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from ..identity.addresses import is_in
from ..portal import Portal
from ..problems import Forbidden, NotFound
from .call import peer_of

router = APIRouter()
# Proxies add one of these (RFC 7239; RFC 9110, 7.6.3): somebody else asks, although the address is the proxy's.
_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-user", "x-real-ip")


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Tell what the portal has counted, in the text format of Prometheus."""
    portal: Portal = request.app.state.portal
    if not portal.settings.metrics_addresses:
        raise NotFound
    if not is_watcher(request):
        raise Forbidden("Metrics are for the configured addresses, and not through a proxy.")
    text, media = portal.metrics.text(request.headers.get("accept", ""))
    return Response(text, headers={"Content-Type": media})


def is_watcher(request: Request) -> bool:
    """Whether a request comes from one of the addresses that watch the portal, and not through a proxy."""
    portal: Portal = request.app.state.portal
    proxy = portal.settings.proxy
    is_forwarded = any(name in request.headers for name in (*_OF_PROXIES, *(proxy.headers if proxy else ())))
    return is_in(peer_of(request), portal.settings.metrics_addresses) and not is_forwarded
