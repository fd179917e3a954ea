# SPDX-License-Identifier: Apache-2.0
"""The judge of pods: each rule of the restricted profile is one that a pod can break."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.manifests import manifests

from .objects import of_kind
from .registries import with_all
from .restricted import violations

POD = of_kind(manifests(with_all()), "Deployment")["spec"]["template"]["spec"]
BROKEN = {
    "hostNetwork": lambda pod, container: pod.update(hostNetwork=True),
    "volume hostPath": lambda pod, container: pod["volumes"].append({"name": "h", "hostPath": {"path": "/"}}),
    "privileged": lambda pod, container: container["securityContext"].update(privileged=True),
    "hostPort": lambda pod, container: container["ports"][0].update(hostPort=5000),
    "allowPrivilegeEscalation": lambda pod, container: container["securityContext"].pop("allowPrivilegeEscalation"),
    "runAsNonRoot": lambda pod, container: pod["securityContext"].pop("runAsNonRoot"),
    "runAsUser": lambda pod, container: pod["securityContext"].update(runAsUser=0),
    "seccompProfile": lambda pod, container: pod["securityContext"].pop("seccompProfile"),
    "drop": lambda pod, container: container["securityContext"].pop("capabilities"),
    "add": lambda pod, container: container["securityContext"]["capabilities"].update(add=["SYS_ADMIN"]),
    "sysctls": lambda pod, container: pod["securityContext"].update(sysctls=[{"name": "kernel.msgmax", "value": "1"}]),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_pod_that_breaks_a_rule_is_refused(rule):
    pod = copy.deepcopy(POD)
    BROKEN[rule](pod, pod["containers"][0])
    assert list(violations(pod)) == [rule]


def test_a_registry_s_pod_breaks_none():
    assert list(violations(POD)) == []
