# SPDX-License-Identifier: Apache-2.0
"""Files that are no registry's configuration, and keys of other programs that look like a registry's."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ...base.findings import Finding
from .finding import REFUSED, Fault, found

_GITLAB = "GitLab's own registry has it, a fork of this one"
# What else has a key of this name.
OTHERS_HAVE = {
    **dict.fromkeys(("s3_v2", "azure_v2", "database", "migration", "gc", "rate_limiter", "profiling"), _GITLAB),
    "rados": "registry 2.0 to 2.5 had it: use swift or s3 with the object gateway",
    "applicationcredentialid": "OpenShift's own registry has it, a fork of this one",
    "applicationcredentialname": "OpenShift's own registry has it, a fork of this one",
    "applicationcredentialsecret": "OpenShift's own registry has it, a fork of this one",
}


def foreign(config: Any) -> Optional[Finding]:
    """The finding that a file is another program's."""
    whose = _whose(config) if isinstance(config, Mapping) else ""
    if not whose:
        return None
    fix = "give the registry's own config.yml, which begins with version: 0.1"
    return found("", Fault(f"{whose}, no configuration of a registry", REFUSED, fix), "the keys at its top")


def _whose(config: Mapping[Any, Any]) -> str:
    parts = [value for value in config.values() if isinstance(value, Mapping)]
    if isinstance(config.get("services"), Mapping) or (
        "storage" not in config and any("image" in part or "build" in part for part in parts)
    ):
        return "a docker compose file"
    if "apiVersion" in config and "kind" in config:
        return "a Kubernetes manifest"
    if isinstance(config.get("common"), Mapping) or any(
        "storage_path" in part or (isinstance(part.get("storage"), str) and "loglevel" in part) for part in parts
    ):
        return "a file of registry 1 (docker-registry in Python)"
    return ""
