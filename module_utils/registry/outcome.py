# SPDX-License-Identifier: Apache-2.0
"""The outcome of the role registry in one sentence: which registry, what changed, and how it was verified."""

from __future__ import annotations

from typing import Any, List, Mapping

from ..base.words import changes, listed, one_line

_MIB = 1 << 20


def registry_outcome(facts: Mapping[str, Any]) -> str:
    """One line about a registry.

    facts: name and address of the registry; changed, whether each of its parts changed (empty if that is not asked);
    check_mode, in which parts would change; roundtrip and probe, the results of the modules registry_roundtrip and
    registry_probe, empty or skipped where the module did not run.
    """
    would = bool(facts["check_mode"])
    what = [changes(facts["changed"], would)] if facts["changed"] else []
    proofs = _proofs(facts["roundtrip"], facts["probe"])
    if would:
        proof = "not verified in check mode"
    else:
        proof = f"verified by {', and by '.join(proofs)}" if proofs else "not verified"
    return one_line(f"registry {facts['address']} ({facts['name']}): {'; '.join([*what, proof])}")


def _proofs(roundtrip: Mapping[str, Any], probe: Mapping[str, Any]) -> List[str]:
    proofs = []
    if "push_seconds" in roundtrip:
        proofs.append(f"{roundtrip['runtime']} push and pull of {roundtrip['size'] / _MIB:.1f} MiB, digests equal")
    steps = [verdict["step"] for verdict in probe.get("verdicts", []) if verdict["ok"]]
    # Each run of the probe begins with a ping. By itself the ping shows that the registry answers and lets the user in.
    further = [step for step in steps if step != "ping"] or steps
    if further:
        proofs.append(f"{listed(further)} over its API")
    return proofs
