# SPDX-License-Identifier: Apache-2.0
"""What is refused of a registry in pods, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.checks import check

from .registries import ON_S3, ON_SWIFT, pod_registry, with_all

REFUSED = {
    "name": (pod_registry(name="Hub_1"), "registry_name: Kubernetes refuses the name 'Hub_1'"),
    "long": (pod_registry(name="a" * 64), "at most 63 lower-case letters"),
    "namespace": (pod_registry(namespace="a.b"), "registry_kubernetes_namespace: Kubernetes refuses"),
    "root": (pod_registry(uid=0), "registry_uid: 0 is root"),
    "port": (pod_registry(port=0), "registry_port: 0 is no port"),
    "replicas": (pod_registry(replicas=-1), "registry_kubernetes_replicas: -1"),
    "image": (pod_registry(image="registry: 2"), "registry_image_pull: 'registry: 2' is no reference"),
    "resources": (pod_registry(resources={"memory": "1Gi"}), "resources: memory is no key"),
    "number": (pod_registry(environment={"GOGC": 50}), "environment: GOGC is of type int"),
    "filesystem": (pod_registry({"storage": "filesystem"}), "registry_storage: a pod keeps no files"),
    "scheme": (pod_registry({**ON_S3, "s3_regionendpoint": "rgw.example:8080"}), "'rgw.example:8080' has no scheme"),
    "authurl": (pod_registry({**ON_SWIFT, "swift_authurl": "rgw/auth/v1"}), "storage.swift.authurl: 'rgw/auth/v1'"),
    "loopback": (pod_registry({"storage": "swift"}), "storage.swift.authurl: 127.0.0.1 is the pod itself"),
    "ipv6": (pod_registry({**ON_S3, "s3_regionendpoint": "http://[::1]:8080"}), "::1 is the pod itself"),
    "placement": (pod_registry({**ON_S3, "s3_region": "default:fast"}), "'default:fast' names a placement"),
    "address": (pod_registry({**ON_SWIFT, "http": {"addr": "127.0.0.1:5000"}}), "http.addr: '127.0.0.1:5000' is not"),
    "by variable": (pod_registry(environment={"REGISTRY_HTTP_ADDR": "':6000'"}), "http.addr: ':6000' is not"),
    "token": (
        pod_registry({**ON_SWIFT, "token": {"realm": "r", "rootcertbundle": "/b"}}),
        "auth.token.rootcertbundle: names a file",
    ),
    "clients": (
        pod_registry({**ON_SWIFT, "http": {"tls": {"clientcas": ["/ca"]}}}),
        "http.tls.clientcas: names a file",
    ),
    "certificate": (pod_registry({**ON_SWIFT, "http": {"tls": {"certificate": "/c"}}}), "http.tls.certificate: names"),
    "driver": (pod_registry(environment={"REGISTRY_STORAGE": "azure"}), "registry_storage: a pod keeps no files"),
    "inline": (pod_registry({**ON_SWIFT, "redis": {"password": "x"}}), "redis.password: a secret in the configuration"),
    "header": (
        pod_registry({**ON_SWIFT, "notifications": {"endpoints": [{"headers": {"A": ["x"]}}]}}),
        "notifications.endpoints.0.headers: a secret",
    ),
    "variable": (pod_registry(environment={"REGISTRY_PROXY_PASSWORD": "x"}), "REGISTRY_PROXY_PASSWORD, proxy.password"),
    "login": (pod_registry(environment={"HTTP_PROXY": "http://u:p@proxy"}), "HTTP_PROXY: a secret"),
    "URL": (pod_registry({**ON_SWIFT, "proxy": {"remoteurl": "https://u:p@hub"}}), "proxy.remoteurl: a secret"),
    "twice": (
        with_all(environment={"REGISTRY_NOTIFICATIONS_ENDPOINTS": "[]"}),
        "REGISTRY_NOTIFICATIONS_ENDPOINTS carries a secret of registry_secrets, too",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case):
    registry, said = REFUSED[case]
    with pytest.raises(InputError) as error:
        check(registry)
    assert said in str(error.value) and "Next: " in str(error.value)


def test_without_a_shared_secret_each_pod_would_have_its_own():
    with pytest.raises(InputError, match="registry_http_secret_file: names no file"):
        check(replace(pod_registry({"storage": "inmemory"}), secrets={}))


@pytest.mark.parametrize(
    "registry",
    [
        pod_registry(),
        with_all(),
        pod_registry(ON_S3),
        pod_registry({**ON_S3, "version": "3.1"}),
        pod_registry({"storage": "inmemory"}, replicas=0),
        pod_registry(environment={"HTTP_PROXY": "http://proxy:3128", "REGISTRY_LOG_LEVEL": "debug"}),
        pod_registry(resources={"limits": {"memory": "1Gi"}}),
    ],
    ids=lambda registry: f"{registry.storage}-{registry.version}",
)
def test_accepted(registry):
    check(registry)
