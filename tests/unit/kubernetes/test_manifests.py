# SPDX-License-Identifier: Apache-2.0
"""A registry as plain manifests: what Kubernetes gets, and what only the file of secrets has."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.manifests import MANIFEST_FILES, manifests
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.pod_registry import HTPASSWD, KEY

from .objects import decoded, objects, of_kind, text_of
from .registries import FILES, FURTHER_SECRETS, ON_S3, ON_SWIFT, SECRETS, SHARED, pod_registry, with_all

KINDS = [pod_registry(), pod_registry(ON_S3), with_all(), pod_registry({"storage": "inmemory"})]


def container_of(registry):
    return of_kind(manifests(registry), "Deployment")["spec"]["template"]["spec"]["containers"][0]


def test_secrets_are_in_one_file_and_nowhere_else():
    files = manifests(with_all())
    assert [file.name for file in files] == list(MANIFEST_FILES)
    assert [file.name for file in files if file.secret] == ["secret.yaml"]
    public = text_of(files, secret=False)
    for secret in (SHARED, *SECRETS["swift"].values(), *FURTHER_SECRETS.values(), FILES[KEY], FILES[HTPASSWD].strip()):
        assert secret not in public
    assert {"certificate.pem", "gateway-ca.pem", "config.yml"} == set(of_kind(files, "ConfigMap")["data"])


def test_every_variable_of_the_pod_with_a_secret_is_a_reference():
    registry = with_all(environment={"NO_PROXY": "rgw.example"})
    environment = {one["name"]: one for one in container_of(registry)["env"]}
    assert environment["NO_PROXY"]["value"] == "rgw.example"
    assert environment["SSL_CERT_FILE"]["value"] == "/etc/docker/registry/gateway-ca.pem"
    held = decoded(of_kind(manifests(registry), "Secret"))
    references = {name: one["valueFrom"]["secretKeyRef"] for name, one in environment.items() if "valueFrom" in one}
    assert references == {name: {"name": "hub", "key": name} for name in held if name.startswith("REGISTRY_")}
    assert held["REGISTRY_STORAGE_SWIFT_PASSWORD"] == '"0123456789"'


def test_the_folder_is_the_one_of_every_runtime():
    files = manifests(with_all())
    [volume] = [
        one for one in of_kind(files, "Deployment")["spec"]["template"]["spec"]["volumes"] if "projected" in one
    ]
    names = [
        item["path"] for source in volume["projected"]["sources"] for part in source.values() for item in part["items"]
    ]
    assert sorted(names) == ["certificate.pem", "config.yml", "gateway-ca.pem", "htpasswd", "key.pem"]
    held = {**of_kind(files, "ConfigMap")["data"], **decoded(of_kind(files, "Secret"))}
    assert {name: held[name] for name in FILES} == FILES
    assert yaml.safe_load(held["config.yml"])["auth"]["htpasswd"]["path"] == "/etc/docker/registry/htpasswd"


@pytest.mark.parametrize("registry", KINDS, ids=lambda registry: registry.storage)
def test_service_deployment_and_pods_belong_together(registry):
    files = manifests(registry)
    deployment, service = of_kind(files, "Deployment"), of_kind(files, "Service")
    template = deployment["spec"]["template"]
    for selector in (deployment["spec"]["selector"]["matchLabels"], service["spec"]["selector"]):
        assert selector and selector.items() <= template["metadata"]["labels"].items()
    [port] = service["spec"]["ports"]
    [inside] = template["spec"]["containers"][0]["ports"]
    assert port["targetPort"] == inside["name"] and inside["containerPort"] == 5000
    marks = [one["metadata"]["annotations"]["io.rgwkit.home"] for one in objects(files)]
    assert set(marks) == {"/inventories/one"} and len(marks) == 5


def test_kubernetes_describes_no_services_to_the_registry():
    # A Service registry-storage would give the registry a storage driver: REGISTRY_STORAGE_PORT.
    assert of_kind(manifests(pod_registry()), "Deployment")["spec"]["template"]["spec"]["enableServiceLinks"] is False


def test_an_outage_of_the_gateway_restarts_no_pod():
    container = container_of(pod_registry())
    assert "tcpSocket" in container["livenessProbe"] and container["readinessProbe"]["httpGet"]["path"] == "/"
    assert container_of(with_all())["readinessProbe"]["httpGet"]["scheme"] == "HTTPS"


def test_a_stopping_pod_has_time_for_open_requests():
    pod = of_kind(manifests(pod_registry()), "Deployment")["spec"]["template"]["spec"]
    leaving = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    drain = yaml.safe_load(of_kind(manifests(pod_registry()), "ConfigMap")["data"]["config.yml"])["http"][
        "draintimeout"
    ]
    assert pod["terminationGracePeriodSeconds"] > leaving + int(drain.rstrip("s"))


def test_pods_are_replaced_for_a_new_configuration_and_for_a_new_secret_and_else_stay():
    def annotations(registry):
        return of_kind(manifests(registry), "Deployment")["spec"]["template"]["metadata"]["annotations"]

    first = annotations(pod_registry())
    assert annotations(pod_registry(port=5001)) == first
    config = annotations(pod_registry({**ON_SWIFT, "log_level": "debug"}))
    secret = annotations(pod_registry(secrets={"storage.swift.password": "another"}))
    assert [name for name in first if config[name] != first[name]] == ["io.rgwkit/config"]
    assert [name for name in first if secret[name] != first[name]] == ["io.rgwkit/secrets"]


def test_the_namespace_refuses_what_is_not_restricted():
    files = manifests(pod_registry())
    labels = of_kind(files, "Namespace")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert [file.name for file in manifests(pod_registry(create_namespace=False))] == ["registry.yaml", "secret.yaml"]


def test_config_yml_is_readable_line_by_line():
    text = text_of(manifests(pod_registry()), secret=False)
    assert '  "config.yml": |\n    version: "0.1"\n' in text


def test_resources_and_replicas_reach_the_deployment():
    limits = {"limits": {"memory": "1Gi"}, "requests": {"cpu": "100m"}}
    registry = pod_registry(resources=limits, replicas=3)
    assert of_kind(manifests(registry), "Deployment")["spec"]["replicas"] == 3
    assert container_of(registry)["resources"] == limits and "resources" not in container_of(pod_registry())
