# SPDX-License-Identifier: Apache-2.0
"""A report with one of everything, and with text in every place that a page or a terminal must not obey."""

from __future__ import annotations

from typing import Any, Mapping

from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.catalogue import PROBES
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.report.json import document, run_of

HOSTILE = '</pre><script>document.title = "owned"</script><img src="http://127.0.0.1:9/x">\x1b[2J\x00\u202e]]>&amp;'
LATENCY = {
    "count": 1000,
    "p50_ms": 1.4,
    "p95_ms": 3.6,
    "p99_ms": 7.9,
    "max_ms": 41.0,
    "histogram": [[0.5, 0], [1, 210], [2, 560], [4, 190], [8, 31], [16, 7], [32, 1], [64, 1], [128, 0]],
}
EXCHANGE = "> HEAD /swift/v1/c/manifest HTTP/1.1\n> X-Auth-Token: ***\n< Content-Length: 0\n< Date: today"


def verdict(probe: str, word: str = "ok", **more: Any) -> dict[str, Any]:
    """A verdict as rgw_verify returns it."""
    wrong = {"expected": "status 200", "got": "nothing", "cause": "It is old.", "remedy": "Upgrade."}
    texts = wrong if word not in ("ok", "skipped") else {"expected": "", "got": "", "cause": "", "remedy": ""}
    given = {"probe": probe, "group": "head", "ok": word == "ok", "verdict": word, "seconds": 0.008, **texts}
    return {**given, "affected": "", "reference": "", "evidence": [EXCHANGE], **more}


def asked(wrong: Mapping[str, str] | None = None, skipped: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """A verdict for each probe of the catalogue: those that are `wrong`, those `skipped` and why, the others ok."""
    wrong, skipped = wrong or {}, skipped or {}
    verdicts = []
    for probe in PROBES:
        known = {"group": probe.group, "severity": probe.severity}
        if probe.name in skipped:
            verdicts.append(verdict(probe.name, "skipped", got=skipped[probe.name], evidence=[], **known))
        elif probe.name in wrong:
            texts = {name: getattr(probe, name) for name in ("cause", "remedy", "affected", "reference")}
            verdicts.append(verdict(probe.name, wrong[probe.name], **known, **texts))
        else:
            verdicts.append(verdict(probe.name, **known))
    return verdicts


def behind_a_gate(gate: str) -> dict[str, str]:
    """All probes but a gate that failed, and why they were skipped."""
    return {probe.name: f"{gate} failed" for probe in PROBES if probe.name != gate}


def healthy(**more: Any) -> dict[str, Any]:
    """What rgw_verify returns for a gateway where nothing is wrong."""
    return {
        "endpoint": "http://gw1.example:8080",
        "user": "registry:swift",
        "when": "2026-11-20T08:01:20Z",
        "seconds": 0.081,
        "passed": True,
        "leftover": None,
        "facts": {"version": "20.2.4", "zone": "default", "server": "Ceph Object Gateway (tentacle)"},
        "verdicts": [verdict("auth"), verdict("plain-object"), verdict("head-latency", latency=LATENCY)],
        "summary": ["what a document has no place for"],
        "changed": False,
        **more,
    }


def faulty() -> dict[str, Any]:
    """What rgw_verify returns for a gateway with faults, hostile ones among them."""
    reference = "https://github.com/ceph/ceph/pull/5996"
    return healthy(
        endpoint="http://gw2.example:8080",
        passed=False,
        leftover="rgwkit-verify-0123",
        facts={},
        verdicts=[
            verdict("auth"),
            verdict("later", "skipped", got="check mode only reads", evidence=[]),
            verdict("slow-head", "slow", severity="warning", latency=LATENCY),
            verdict("head-empty-manifest", "no-status-line", reference=reference, affected="0.53 to 0.94.3"),
            verdict("hostile", "bad-header", got=HOSTILE, evidence=[EXCHANGE, HOSTILE]),
        ],
        load={
            "objects": 10000,
            "connections": 8,
            "seconds": 4.2,
            "wrong": 3,
            "put": {**LATENCY, "rate": 2380.5},
            "head_after_put": {**LATENCY, "rate": 2380.5},
            "head": {**LATENCY, "rate": 7142.1},
            "delete": {**LATENCY, "rate": 3571.0},
            "findings": [
                {
                    **{key: verdict("", "closed")[key] for key in ("verdict", "expected", "got", "evidence")},
                    "operation": "head",
                    "count": 3,
                }
            ],
        },
    )


def sample() -> dict[str, Any]:
    """A document: one run that passed, one that failed, one that did not take place."""
    runs = {"reg1": healthy(), "reg2": faulty(), "reg3": {}}
    return document(run_of(host, result) for host, result in runs.items())
