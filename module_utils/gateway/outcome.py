# SPDX-License-Identifier: Apache-2.0
"""The outcomes of the roles rgw_gateway and rgw_ingress in one sentence each: what changed, and how it was verified."""

from __future__ import annotations

from typing import Any, Mapping

from ..base.words import changes, listed, one_line, plural

_NOT_VERIFIED = "not verified in check mode"


def gateway_outcome(facts: Mapping[str, Any]) -> str:
    """One line about a gateway instance.

    facts: entity, the instance's cephx name; url; changed, whether each of its parts changed; check_mode, in which
    parts would change; verify, the result of the module rgw_verify, empty where the module did not run.
    """
    would = bool(facts["check_mode"])
    passed = sum(bool(verdict["ok"]) for verdict in facts["verify"].get("verdicts", []))
    proof = _NOT_VERIFIED if would else f"verified at its own address: {plural(passed, 'probe')} ok"
    return one_line(f"gateway {facts['entity']} at {facts['url']}: {changes(facts['changed'], would)}; {proof}")


def ingress_outcome(facts: Mapping[str, Any]) -> str:
    """One line about the ingress of a host.

    facts: name; changed, whether each part of the ingress changed; check_mode, in which parts would change; answers,
    for each service that was sent a request the result with its `item` and `status`, without a status in check mode,
    which sends none; virtual_address, may be empty.
    """
    would = bool(facts["check_mode"])
    if would:
        proof = _NOT_VERIFIED
    else:
        answered = [
            f"{one['item']['name']} on port {one['item']['port']} ({one['status']})" for one in facts["answers"]
        ]
        proof = f"answers through HAProxy: {listed(answered)}" if answered else "no service was sent a request"
    address = f"; virtual address {facts['virtual_address']}" if facts["virtual_address"] else ""
    return one_line(f"ingress {facts['name']}: {changes(facts['changed'], would)}; {proof}{address}")
