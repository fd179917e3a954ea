# SPDX-License-Identifier: Apache-2.0
"""Probes of waiting times."""

from __future__ import annotations

from ...http.outcomes import WrongAnswer
from ...http.verdicts import SLOW
from ..checks import expect_body, expect_status
from ..latency import Histogram
from ..probe import WARNING, Probe
from ..session import SwiftSession

READS = 20
MEDIAN_MS = 15.0
CONTENT = b"a small object: what a link or a manifest is to a registry\n"


def check_small_reads(session: SwiftSession) -> None:
    """GET a small object again and again over one connection; the median must stay below what a LAN and RGW need."""
    session.make_container()
    expect_status(session.put("small", CONTENT), 201)
    times = []
    for _turn in range(READS):
        answer = session.get("small")
        expect_status(answer, 200, stored=True)
        expect_body(answer, CONTENT)
        times.append(answer.seconds)
    session.latency = Histogram(times).as_dict()
    median = session.latency["p50_ms"]
    if median >= MEDIAN_MS:
        raise WrongAnswer(SLOW, f"a median below {MEDIAN_MS:g} ms for {READS} GETs", f"{median:.1f} ms")


LATENCY_PROBES = (
    Probe(
        name="small-reads",
        group="latency",
        cause="Each small answer waits: about 40 ms are the delayed ACK of a frontend without tcp_nodelay, with which "
        "a push of ten small layers takes ten seconds.",
        remedy="Add tcp_nodelay=1 to rgw_frontends and restart the gateway; other times have other reasons.",
        affected="any version with beast's or civetweb's defaults",
        reference="rook/rook#17988, https://docs.ceph.com/en/latest/radosgw/frontends/",
        check=check_small_reads,
        severity=WARNING,
    ),
)
