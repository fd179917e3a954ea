# SPDX-License-Identifier: Apache-2.0
"""What cannot be asked of gateways that cephadm makes, though others could have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..base.findings import Finding

# The release whose specification of a service has rgw_frontend_extra_args: 18.2.7's has, 16.2.15's has not
# (python-common, service_spec.py).
_SINCE_EXTRA_ARGS = 18


def look_at_cephadm(instances: Sequence[Mapping[str, Any]], version: str | None) -> Iterator[Finding]:
    """All findings; version: the orchestrator's."""
    for one in instances:
        if one["address"] not in ("0.0.0.0", "::"):  # noqa: S104
            problem = f"{one['name']}: cephadm's gateways listen on every address, and {one['address']} is asked for"
            yield Finding(problem, "leave its address out")
        if one["frontend"] != "beast":
            yield Finding(f"{one['name']}: no gateway of cephadm's has been tried with {one['frontend']}", "take beast")
        if version and int(version.partition(".")[0]) < _SINCE_EXTRA_ARGS and one["frontend_options"]:
            names = ", ".join(one["frontend_options"])
            problem = f"{one['name']}: cephadm of Ceph {version} hands the web server no options ({names})"
            remedy = f"rgw_gateway_frontend_options: {{}} does without, or upgrade Ceph to {_SINCE_EXTRA_ARGS}"
            yield Finding(problem, remedy)
