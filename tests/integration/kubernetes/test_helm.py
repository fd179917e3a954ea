# SPDX-License-Identifier: Apache-2.0
"""Values through Helm: what the engine says that a chart's registry goes by is what Helm makes of the values.

The chart docker-registry is in no package registry. Where RGWKIT_REGISTRY_CHARTS names a folder with the charts 2.3.0
and 3.0.0 unpacked as `2` and `3`, the templates of the chart itself are rendered, too, and compared in full.
"""

from __future__ import annotations

import os
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.chart import chart_files
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.chart_secrets import secret_values
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.effective import of_chart

from tests.unit.kubernetes.objects import objects
from tests.unit.kubernetes.restricted import violations

from .cases import REGISTRIES, write
from .stand_in import written

pytestmark = pytest.mark.long

CHARTS = os.environ.get("RGWKIT_REGISTRY_CHARTS", "")


def template(program, folder, chart, name):
    """The documents that Helm makes of the chart and of the values, by the command of docs/kubernetes.md."""
    version, registry = REGISTRIES[name]
    values = write(folder / name, chart_files(registry, version))
    command = [program, "template", "hub", chart, f"--values={values}/values.yaml"]
    done = subprocess.run(
        [*command, f"--values={values}/values-secret.yaml"],
        env={**os.environ, "HOME": str(folder), "HELM_NO_PLUGINS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


@pytest.mark.parametrize("name", REGISTRIES)
def test_helm_lays_the_values_over_a_chart_s(helm_program, tmp_path, name):
    _version, registry = REGISTRIES[name]
    [values] = template(helm_program, tmp_path, written(tmp_path / "chart"), name)
    assert values["configData"] == of_chart(registry).config
    assert values["secrets"] == {"htpasswd": "", **secret_values(registry)["secrets"]}
    context = values["containerSecurityContext"]
    assert (context["runAsUser"], context["runAsGroup"], context["runAsNonRoot"]) == (65532, 65532, True)
    assert (values["image"]["tag"], values["configPath"]) == ("2.8.3", "/etc/docker/registry")


@pytest.mark.skipif(not CHARTS, reason="RGWKIT_REGISTRY_CHARTS names no folder with the charts")
@pytest.mark.parametrize("name", REGISTRIES)
def test_the_chart_itself_gives_the_registry_what_the_linter_has_judged(helm_program, tmp_path, name):
    version, registry = REGISTRIES[name]
    documents = template(helm_program, tmp_path, Path(CHARTS) / version, name)
    by_kind = {document["kind"]: document for document in documents}
    beside = objects(file for file in chart_files(registry, version) if not file.name.startswith("values"))
    secrets = {one["metadata"]["name"]: one["data"] for one in [*documents, *beside] if one["kind"] == "Secret"}
    pod = by_kind["Deployment"]["spec"]["template"]["spec"]
    seen = of_chart(registry)
    config = yaml.safe_load(by_kind["ConfigMap"]["data"]["config.yml"])
    own = {name: value for name, value in seen.environment.items() if not name.startswith("HUB_")}
    assert config == seen.config
    assert {one["name"]: value_of(one, secrets) for one in pod["containers"][0]["env"]} == own
    assert list(violations(pod)) == []
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in pod["containers"][0]["volumeMounts"]} <= volumes
    assert by_kind["Deployment"]["metadata"]["namespace"] == "registry"


def value_of(variable, secrets):
    """The value of a container's variable, looked up in a Secret where it is a reference."""
    if "value" in variable:
        return variable["value"]
    reference = variable["valueFrom"]["secretKeyRef"]
    return b64decode(secrets[reference["name"]][reference["key"]]).decode()
