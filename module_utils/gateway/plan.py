# SPDX-License-Identifier: Apache-2.0
"""Which gateways of a host a run has to change, from a comparison with their records and from their verification."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ..host.service_plan import service_differences


def gateway_differences(
    instances: Sequence[Mapping[str, Any]], compared: Mapping[str, Any], verified: Mapping[str, Any] | None = None
) -> list[str]:
    """A line for each instance that a run has to change, with the reasons.

    compared, verified: the results of the modules service_record and rgw_verify, each in a loop over the instances. An
    instance that was not compared differs; one whose verification was skipped does not.
    """
    looks = compared.get("results") or [{}] * len(instances)
    proofs = (verified or {}).get("results") or [{}] * len(instances)
    reasons = {
        str(one["entity"]): service_differences(look, _failure(proof))
        for one, look, proof in zip(instances, looks, proofs)
    }
    return [f"{entity}: {', '.join(found)}" for entity, found in reasons.items() if found]


def _failure(proof: Mapping[str, Any]) -> str:
    # With failed_when, a module that could not do its work has `failed: false`, and no `passed`.
    done = proof and not proof.get("skipped")
    return "the verification failed" if done and proof.get("passed") is not True else ""
