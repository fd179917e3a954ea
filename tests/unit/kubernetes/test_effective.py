# SPDX-License-Identifier: Apache-2.0
"""The linter judges file and environment together, as the registry does."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.effective import of_chart, of_manifests

from .registries import ON_S3, ON_SWIFT, SECRETS, SHARED, pod_registry, with_all

BOTH = pytest.mark.parametrize("effective", [of_manifests, of_chart], ids=["manifests", "chart"])


@BOTH
@pytest.mark.parametrize("registry", [pod_registry(), pod_registry(ON_S3), with_all()], ids=["swift", "s3", "all"])
def test_a_registry_as_the_role_makes_it_has_no_findings(registry, effective):
    assert effective(registry).findings(registry.version) == []


@BOTH
def test_a_variable_that_spoils_a_good_file_is_named(effective):
    registry = pod_registry(environment={"REGISTRY_HTTP_DRAINTIMEOUT": "10"})
    [finding] = effective(registry).findings("2.8")
    assert (finding.place, finding.variable) == ("http.draintimeout", "REGISTRY_HTTP_DRAINTIMEOUT")
    assert (finding.line, finding.column) == (0, 0)


@BOTH
def test_a_variable_that_mends_a_file_is_heard(effective):
    role = {**ON_SWIFT, "http": {"draintimeout": 10}}
    assert effective(pod_registry(role)).findings("2.8")
    assert effective(pod_registry(role, environment={"REGISTRY_HTTP_DRAINTIMEOUT": "10s"})).findings("2.8") == []


@BOTH
def test_a_proxy_before_the_gateway_is_a_finding(effective):
    [finding] = effective(pod_registry(environment={"HTTP_PROXY": "http://proxy:3128"})).findings("2.8")
    assert finding.variable == "HTTP_PROXY"


def test_a_service_whose_variables_are_settings_is_found_with_the_chart_alone():
    registry = pod_registry(name="registry-storage")
    [finding] = [one for one in of_chart(registry).findings("2.8") if one.severity == "error"]
    assert finding.place == "storage" and "storage drivers" in finding.what
    assert of_manifests(registry).findings("2.8") == []


@BOTH
def test_no_finding_shows_a_secret(effective):
    secrets = {"storage.swift.password": SECRETS["swift"]["storage.swift.password"], "http.secret": SHARED}
    registry = pod_registry({**ON_SWIFT, "log": {"level": "x"}, "http": {"net": "x"}}, secrets)
    said = "".join(map(str, effective(registry).findings("2.8")))
    assert said and not [secret for secret in secrets.values() if secret in said]
