#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: a Docker registry as manifests of Kubernetes, or as values of a Helm chart."""

from __future__ import annotations

DOCUMENTATION = r"""
module: registry_manifests
short_description: Write a Docker registry as Kubernetes manifests or as Helm values
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Writes files for C(kubectl apply) or C(helm install) into a folder. The module talks to no cluster.
  - Secrets are in files of their own with mode 0600, all else is in files with mode 0644. The pod gets secrets as
    variables of its environment, from a Secret. A registry reads the value of a variable as YAML, so each value is
    quoted, and a password of digits stays a text.
  - Before the module writes anything, it validates what the registry will go by, which is the configuration as the
    variables of the environment change it. A setting that the registry would ignore, or with which it would not start,
    is an error.
  - With V(manifests), the files are C(namespace.yaml), C(secret.yaml) and C(registry.yaml), which has a ConfigMap, a
    Deployment and a Service. The pod meets the restricted profile of the Pod Security Standards. The manifests need
    Kubernetes 1.30 or newer.
  - With V(helm), the files are C(values.yaml) and C(values-secret.yaml) for the chart docker-registry of
    C(https://helm.twun.io), and the objects that the chart does not create in C(objects.yaml) and C(secret.yaml).
  - A file with a name from these lists that the options no longer ask for is removed if this module wrote the file.
requirements: [PyYAML]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  check_mode:
    details: In check mode O(htpasswd_file) and the folder need not exist yet.
  diff_mode: {details: "The diff shows files without secrets. Of the others, the diff says that they change."}
options:
  path: {description: Folder to write to. The folder must exist., type: path, required: true}
  target: {description: What to write., type: str, choices: [manifests, helm], required: true}
  home: {description: "Identity of the inventory, which all objects carry as an annotation.", type: str, default: ""}
  name:
    description:
      - Name of the Deployment, the Service and the other objects. At most 63 lower-case letters, digits and C(-),
        beginning with a letter.
    type: str
    required: true
  namespace: {description: Namespace of the objects., type: str, required: true}
  create_namespace:
    description:
      - Whether to write the namespace, too. In that namespace, Kubernetes refuses pods that do not meet the restricted
        profile.
    type: bool
    default: true
  chart:
    description:
      - Major version of the chart, for V(helm). Chart 2 runs registry 2. Chart 3 runs registry 3, which has no swift
        driver.
    type: str
    choices: ["2", "3"]
    default: "2"
  image: {description: Reference of the registry's image., type: str, required: true}
  registry_version:
    description: Version of the registry in the image.
    type: str
    choices: ["2.7", "2.8", "3.0", "3.1"]
    default: "2.8"
  uid: {description: "User and group id of the registry's process, other than 0.", type: int, default: 65532}
  port: {description: Port of the Service., type: int, default: 5000}
  replicas: {description: Number of pods., type: int, default: 1}
  resources:
    description: Resources of the container, C(limits) and C(requests) as in Kubernetes.
    type: dict
    default: {}
  environment:
    description:
      - Variables of the container without secrets, such as C(HTTP_PROXY) and C(NO_PROXY). A variable C(REGISTRY_*)
        overrules O(config).
    type: dict
    default: {}
  config:
    description:
      - The registry's configuration as data, without secrets. C(http.addr) is V(:5000). Certificates and C(htpasswd)
        are in C(/etc/docker/registry), under the names that the role P(rgwkit.ceph.registry#role) uses.
    type: dict
    required: true
  secrets:
    description:
      - Secrets of the configuration, as in O(rgwkit.ceph.registry_config#module:secrets). The key is the dotted path of
        the setting, the value a file on this host. C(http.secret) is required.
      - A missing file is created with a random secret of 64 hexadecimal digits, mode 0600.
    type: dict
    default: {}
  htpasswd_file: {description: File with the entries of users., type: path}
  tls_certificate_file: {description: "PEM file with the registry's certificate and its chain.", type: path}
  tls_key_file: {description: "PEM file with the certificate's key.", type: path}
  gateway_ca_file:
    description: PEM file with the authorities that signed the gateway's certificate, if the image does not know them.
    type: path
seealso:
  - module: rgwkit.ceph.registry_config
  - module: rgwkit.ceph.registry_config_info
"""

EXAMPLES = r"""
- name: Write the manifests of a registry on Ceph's swift
  rgwkit.ceph.registry_manifests:
    path: /srv/deploy/registry
    target: manifests
    name: registry
    namespace: registry
    image: docker.io/library/registry:2.8.3
    config: &config
      version: "0.1"
      storage:
        swift:
          authurl: http://rgw.example.com:8080/auth/v1
          authversion: 1
          username: registry:swift
          container: registry
        redirect: {disable: true}
      http: {addr: ":5000"}
    secrets: &secrets
      storage.swift.password: /srv/secrets/registry.swift.secret
      http.secret: /srv/secrets/http.secret

- name: Write the same registry as values for the chart
  rgwkit.ceph.registry_manifests:
    path: /srv/deploy/registry-chart
    target: helm
    chart: "2"
    name: registry
    namespace: registry
    image: docker.io/library/registry:2.8.3
    config: *config
    secrets: *secrets

- name: Write a registry 3 with three pods, behind a proxy
  rgwkit.ceph.registry_manifests:
    path: /srv/deploy/hub
    target: manifests
    name: hub
    namespace: registry
    create_namespace: false
    image: docker.io/library/registry:3.1.1
    registry_version: "3.1"
    replicas: 3
    environment: {HTTPS_PROXY: "http://proxy.example.com:3128", NO_PROXY: rgw.example.com}
    config: "{{ my_registry }}"
    secrets: {storage.s3.secretkey: /srv/secrets/registry.s3.secret, http.secret: /srv/secrets/http.secret}
"""

RETURN = r"""
path:
  description: The folder.
  returned: success
  type: str
  sample: /srv/deploy/registry
files:
  description: Names of the files that belong there.
  returned: success
  type: list
  elements: str
  sample: [namespace.yaml, registry.yaml, secret.yaml]
changes:
  description: Names of the files that the run wrote or removed, or in check mode would.
  returned: success
  type: list
  elements: str
  sample: [secret.yaml, registry.yaml]
findings:
  description: Problems of the configuration together with the environment. A finding never shows a value.
  returned: when the configuration was validated
  type: list
  elements: dict
  sample:
    - severity: error
      place: http.draintimeout
      what: a number without a unit (by REGISTRY_HTTP_DRAINTIMEOUT)
      effect: the registry takes it as nanoseconds
      remedy: write a quoted number with its unit, such as 10s or 24h (ns, us, ms, s, m, h)
      source: distribution 2.8, configuration
      variable: REGISTRY_HTTP_DRAINTIMEOUT
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    place:
      description: Dotted path of the setting, or the name of the variable.
      returned: when the finding is not about the whole configuration
      type: str
      sample: http.draintimeout
    what: {description: What is there., returned: always, type: str, sample: a number without a unit}
    effect:
      description: What the registry does with it.
      returned: always
      type: str
      sample: the registry takes it as nanoseconds
    remedy:
      description: What to write instead.
      returned: always
      type: str
      sample: write a quoted number with its unit, such as 10s or 24h (ns, us, ms, s, m, h)
    source:
      description: Version and part of the registry that the rule is based on.
      returned: always
      type: str
      sample: distribution 2.8, configuration
    variable:
      description: Variable of the environment that brought the problem about.
      returned: when a variable did
      type: str
      sample: REGISTRY_HTTP_DRAINTIMEOUT
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "registry_uid: 0 is root, which the restricted profile refuses. Next: set 65532"
    hint: ""
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "use"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "the given parameters"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "registry_uid: 0 is root, which the restricted profile refuses. Next: set 65532"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""

import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.findings import ERROR, as_data, counted
from ..module_utils.base.managed_file import read_text
from ..module_utils.base.module_run import run
from ..module_utils.kubernetes.chart import CHART_FILES, CHARTS, chart_files
from ..module_utils.kubernetes.checks import check
from ..module_utils.kubernetes.effective import of_chart, of_manifests
from ..module_utils.kubernetes.folder import apply, changes
from ..module_utils.kubernetes.manifests import MANIFEST_FILES, manifests
from ..module_utils.kubernetes.pod_registry import AUTHORITIES, CERTIFICATE, HTPASSWD, KEY, PodRegistry
from ..module_utils.registry.config.schema import VERSIONS
from ..module_utils.registry.config.secrets import look, make_missing
from ..module_utils.registry.config.strangers import strangers
from ..module_utils.registry.config.yaml import NEEDS_YAML, YamlMissing

FILES = {
    "htpasswd_file": HTPASSWD,
    "tls_certificate_file": CERTIFICATE,
    "tls_key_file": KEY,
    "gateway_ca_file": AUTHORITIES,
}
ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "target": {"type": "str", "choices": ["manifests", "helm"], "required": True},
    "home": {"type": "str", "default": ""},
    "name": {"type": "str", "required": True},
    "namespace": {"type": "str", "required": True},
    "create_namespace": {"type": "bool", "default": True},
    "chart": {"type": "str", "choices": list(CHARTS), "default": "2"},
    "image": {"type": "str", "required": True},
    "registry_version": {"type": "str", "choices": list(VERSIONS), "default": "2.8"},
    "uid": {"type": "int", "default": 65532},
    "port": {"type": "int", "default": 5000},
    "replicas": {"type": "int", "default": 1},
    "resources": {"type": "dict", "default": {}},
    "environment": {"type": "dict", "default": {}},
    "config": {"type": "dict", "required": True},
    "secrets": {"type": "dict", "default": {}, "no_log": False},
    **{name: {"type": "path", "no_log": False} for name in FILES},
}


def content(option: str, path: str, check_mode: bool) -> str:
    """The text of a file that goes into the pod. Raises InputError."""
    text = read_text(path)
    if text is None and not (check_mode and option == "htpasswd_file"):
        raise InputError(f"{option}: there is no file {path} on this host. Next: check the path")
    return text or ""


def registry_of(params: dict, secrets: dict, check_mode: bool) -> PodRegistry:
    """The registry that the options describe. Raises InputError."""
    files = {name: content(option, params[option], check_mode) for option, name in FILES.items() if params[option]}
    given = ("name", "namespace", "home", "image", "uid", "port", "config", "create_namespace", "replicas")
    same = {name: params[name] for name in (*given, "resources", "environment")}
    return PodRegistry(version=params["registry_version"], secrets=secrets, files=files, **same)


def files_of(registry: PodRegistry, params: dict) -> tuple:
    """The files, their possible names, and the findings in what the registry will go by. Raises InputError."""
    try:
        check(registry)
        if params["target"] == "helm":
            files = chart_files(registry, params["chart"])
            return files, CHART_FILES, of_chart(registry).findings(registry.version)
        return manifests(registry), MANIFEST_FILES, of_manifests(registry).findings(registry.version)
    except YamlMissing as error:
        raise InputError(NEEDS_YAML) from error


def reach(module: CensoredModule) -> dict:
    """Write the files; the module's result. Fails where findings speak against them."""
    params = module.params
    kept = look(params["secrets"])
    secrets = {place: one.secret.value for place, one in kept.items()}
    module.strike(secrets.values())
    registry = registry_of(params, secrets, module.check_mode)
    files, names, findings = files_of(registry, params)
    errors = [finding for finding in findings if finding.severity == ERROR]
    if errors:
        said = "\n".join(f"- {finding}" for finding in errors)
        what = f"configuration and environment of {registry.name}, for a registry {registry.version}: {counted(errors)}"
        module.fail_json(msg=f"{what}\n{said}", findings=as_data(findings))
    for finding in findings:
        module.warn(f"{registry.name}: {finding}")
    found = changes(params["path"], files, names, os.geteuid())
    if not module.check_mode:
        make_missing(kept)
        apply(found, os.geteuid())
    return {
        "changed": bool(found),
        "path": params["path"],
        "files": [file.name for file in files],
        "changes": [os.path.basename(change.path) for change in found],
        "findings": as_data(findings),
        "diff": [change.diff() for change in found],
    }


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        {"config": strangers},
        supports_check_mode=True,
        required_together=[("tls_certificate_file", "tls_key_file")],
    )
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
