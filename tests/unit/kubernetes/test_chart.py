# SPDX-License-Identifier: Apache-2.0
"""A registry as values of the chart: what Helm gets, and what the chart's registry then goes by.

tests/integration/kubernetes/test_helm.py holds the model of the chart against Helm, and against the chart itself.
"""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.chart import (
    CHART_FILES,
    DEFAULT_CONFIG,
    as_variable,
    chart_files,
    pasted,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.effective import coalesced, of_chart
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.pod_registry import HTPASSWD, KEY
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.environment import overlaid
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import with_values
from hypothesis import given
from hypothesis import strategies as st

from .objects import decoded, objects, text_of
from .registries import FILES, FURTHER_SECRETS, ON_S3, ON_SWIFT, SECRETS, SHARED, pod_registry, with_all

THREE = {**ON_S3, "version": "3.1"}


def values_of(registry, chart="2"):
    values = {}
    for file in chart_files(registry, chart):
        if file.name.startswith("values"):
            values.update(yaml.safe_load(file.text))
    return values


def named(files, name):
    return next(file for file in files if file.name == name)


def test_secrets_are_in_files_of_their_own():
    files = chart_files(with_all(), "2")
    assert [file.name for file in files] == list(CHART_FILES)
    assert [file.name for file in files if file.secret] == ["secret.yaml", "values-secret.yaml"]
    public = text_of(files, secret=False)
    for secret in (SHARED, *SECRETS["swift"].values(), *FURTHER_SECRETS.values(), FILES[KEY], FILES[HTPASSWD].strip()):
        assert secret not in public


@pytest.mark.parametrize(
    ("role", "chart"), [(ON_SWIFT, "3"), ({**ON_SWIFT, "version": "3.1"}, "3"), ({**ON_SWIFT, "version": "3.1"}, "2")]
)
def test_chart_3_with_swift_is_refused(role, chart):
    with pytest.raises(InputError, match=r"registry 3, which has no swift driver\. Next: .*registry_migrate\.yml"):
        chart_files(pod_registry(role), chart)


@pytest.mark.parametrize(("role", "chart"), [(ON_S3, "3"), (THREE, "2")])
def test_chart_and_registry_are_of_one_version(role, chart):
    with pytest.raises(InputError, match=f"chart {chart} runs registry {chart}, and registry_version is"):
        chart_files(pod_registry(role), chart)


@pytest.mark.parametrize("role", [ON_SWIFT, ON_S3, THREE, {"storage": "inmemory"}], ids=str)
def test_the_chart_s_registry_goes_by_the_same_configuration(role):
    registry = pod_registry(role)
    seen = of_chart(registry)
    environment = {name: value for name, value in seen.environment.items() if name.startswith("REGISTRY_")}
    laid = overlaid(seen.config, environment, registry.version)
    assert laid.config == with_values(registry.config, registry.secrets) and laid.findings == []


def test_with_tls_and_users_it_differs_in_where_the_chart_has_the_files():
    registry = with_all()
    seen = of_chart(registry)
    laid = overlaid(seen.config, seen.environment, "2.8").config
    wanted = with_values(registry.config, registry.secrets)
    wanted["auth"] = {"htpasswd": {"realm": "Registry Realm", "path": "/auth/htpasswd"}}
    wanted["http"]["tls"].update(certificate="/etc/ssl/docker/tls.crt", key="/etc/ssl/docker/tls.key")
    assert laid == wanted


def test_what_only_the_chart_sets_is_taken_out():
    data = values_of(pod_registry({**ON_SWIFT, "cache": "none", "health": {}}))["configData"]
    assert data["http"]["debug"] is None and data["storage"]["cache"] is None and data["health"] is None
    assert data["log"]["fields"] is None
    debug = {**ON_SWIFT, "http": {"debug": {"addr": ":5001"}}}
    assert values_of(pod_registry(debug))["configData"]["http"]["debug"] == {"addr": ":5001", "prometheus": None}


@pytest.mark.parametrize(
    ("image", "repository", "tag"),
    [
        ("docker.io/library/registry:2.8.3", "docker.io/library/registry", "2.8.3"),
        ("hub.example:5000/registry:2", "hub.example:5000/registry", "2"),
        ("registry@sha256:12ab", "registry@sha256", "12ab"),
        ("registry", "registry", "latest"),
        ("hub.example:5000/registry", "hub.example:5000/registry", "latest"),
    ],
)
def test_the_image_s_parts(image, repository, tag):
    assert values_of(pod_registry(image=image))["image"] == {"repository": repository, "tag": tag}


def test_secrets_that_the_chart_has_no_value_for_come_from_a_secret_of_their_own():
    files = chart_files(with_all(), "2")
    by_name = {one["metadata"]["name"]: one for one in objects([named(files, "secret.yaml")])}
    assert set(decoded(by_name["hub-variables"])) == {"REGISTRY_REDIS_PASSWORD", "REGISTRY_NOTIFICATIONS_ENDPOINTS"}
    assert by_name["hub-tls"]["type"] == "kubernetes.io/tls"
    assert decoded(by_name["hub-tls"]) == {"tls.crt": FILES["certificate.pem"], "tls.key": FILES["key.pem"]}
    values = values_of(with_all())
    references = [one["valueFrom"]["secretKeyRef"] for one in values["extraEnvVars"] if "valueFrom" in one]
    assert {one["name"] for one in references} == {"hub-variables"} and values["tlsSecretName"] == "hub-tls"


def test_nothing_beside_the_values_where_nothing_is_needed():
    files = chart_files(pod_registry(create_namespace=False), "2")
    assert [file.name for file in files] == ["values.yaml", "values-secret.yaml"]


@pytest.mark.parametrize("text", ["12345", "yes", "0x10", "1e3", "a b", "a: b", "a #b", "~", "1:30", "", "x:", "[a]"])
def test_what_the_chart_pastes_is_read_twice_and_stays_a_text(text):
    assert yaml.safe_load(yaml.safe_load(f"value: {pasted(text)}")["value"]) == text


@given(st.text())
def test_any_text_can_be_pasted(text):
    once = yaml.safe_load(f"value: {pasted(text)}")["value"]
    assert once == as_variable(text) and yaml.safe_load(once) == text


def test_plain_words_stay_plain():
    assert pasted("http://rgw.example:8080/auth/v1") == "http://rgw.example:8080/auth/v1"


def test_null_removes_what_the_chart_has():
    assert coalesced({"a": 1, "b": {"c": 1, "d": 2}}, {"a": None, "b": {"c": None}}) == {"b": {"d": 2}}
    assert coalesced(DEFAULT_CONFIG, {}) == DEFAULT_CONFIG
