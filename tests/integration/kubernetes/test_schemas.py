# SPDX-License-Identifier: Apache-2.0
"""Every object against the schemas of Kubernetes' own API, in which a key that is not there is an error."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.chart import chart_files
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.manifests import manifests

from tests.unit.kubernetes.objects import objects, of_kind

from .cases import REGISTRIES

# The oldest that has the action sleep, and the newest that the package has.
VERSIONS = ("1.30", "1.37")


def validate(document, version):
    import kubernetes_validate  # requirements/dev.in

    kubernetes_validate.validate(document, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", REGISTRIES)
def test_every_object_is_valid(name, version):
    chart, registry = REGISTRIES[name]
    beside = [file for file in chart_files(registry, chart) if not file.name.startswith("values")]
    for document in objects([*manifests(registry), *beside]):
        validate(document, version)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_schemas_find_faults(version):
    import kubernetes_validate

    deployment = of_kind(manifests(REGISTRIES["swift"][1]), "Deployment")
    for path, value in ((("spec", "replicas"), "1"), (("spec", "template", "spec", "enableServiceLink"), False)):
        broken = copy.deepcopy(deployment)
        place = broken
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        with pytest.raises(kubernetes_validate.ValidationError):
            validate(broken, version)
