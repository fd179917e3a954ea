# SPDX-License-Identifier: Apache-2.0
"""Which gateways of a host a run has to change, from a comparison with their records and from their verification."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ..services.plan import service_differences


def gateway_differences(
    instances: Sequence[Mapping[str, Any]], compared: Mapping[str, Any], verified: Mapping[str, Any] | None = None
) -> list[str]:
    """A line for each instance that a run has to change, with the reasons.

    compared: the result of the module service_record with a service for each instance, in the same order; it may have
    failed, and it is empty where nothing was compared: then each instance differs. verified: the result of the module
    rgw_verify in a loop over the instances. An instance whose verification was skipped does not differ for that.
    """
    looks = compared.get("services") or [None] * len(instances)
    proofs = (verified or {}).get("results") or [{}] * len(instances)
    reasons = {
        str(one["entity"]): service_differences(_of_one(compared, look), _failure(proof))
        for one, look, proof in zip(instances, looks, proofs)
    }
    return [f"{entity}: {', '.join(found)}" for entity, found in reasons.items() if found]


def _of_one(compared: Mapping[str, Any], look: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The comparison of one instance, in the form of the module's result."""
    whole = {name: value for name, value in compared.items() if name != "services"}
    return whole if look is None else {**whole, "services": [look]}


def _failure(proof: Mapping[str, Any]) -> str:
    # With failed_when, a module that could not do its work has `failed: false`, and no `passed`.
    done = proof and not proof.get("skipped")
    return "the verification failed" if done and proof.get("passed") is not True else ""
