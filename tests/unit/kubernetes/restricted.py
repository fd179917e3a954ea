# SPDX-License-Identifier: Apache-2.0
"""The restricted profile, as a judge of pods.

Source: Kubernetes, "Pod Security Standards", profiles baseline and restricted (v1.37). What baseline forbids and no pod
here could have by mistake (SELinux types, sysctls, /proc mounts, AppArmor, Windows) is refused as a whole by name.
"""

from __future__ import annotations

from typing import Any, Iterator

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
NEVER_TRUE = ("hostNetwork", "hostPID", "hostIPC")
NO_PLACE = ("seLinuxOptions", "windowsOptions", "sysctls", "appArmorProfile", "procMount")


def violations(pod: dict[str, Any]) -> Iterator[str]:
    """What the profile has against the specification of a pod."""
    yield from (name for name in NEVER_TRUE if pod.get(name))
    for volume in pod.get("volumes", []):
        yield from (f"volume {kind}" for kind in set(volume) - {"name"} - VOLUMES)
    own = pod.get("securityContext", {})
    yield from (name for name in NO_PLACE if own.get(name))
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        yield from _of_container(container, own)


def _of_container(container: dict[str, Any], of_pod: dict[str, Any]) -> Iterator[str]:
    own = container.get("securityContext", {})
    context = {**of_pod, **own}
    yield from (name for name in NO_PLACE if own.get(name))
    yield from ["privileged"] if own.get("privileged") else []
    yield from ["hostPort"] if any(port.get("hostPort") for port in container.get("ports", [])) else []
    yield from ["allowPrivilegeEscalation"] if own.get("allowPrivilegeEscalation") is not False else []
    yield from ["runAsNonRoot"] if context.get("runAsNonRoot") is not True else []
    yield from ["runAsUser"] if context.get("runAsUser", 1) == 0 else []
    profile = context.get("seccompProfile", {}).get("type")
    yield from ["seccompProfile"] if profile not in ("RuntimeDefault", "Localhost") else []
    capabilities = own.get("capabilities", {})
    yield from ["drop"] if "ALL" not in capabilities.get("drop", []) else []
    yield from ["add"] if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"} else []
