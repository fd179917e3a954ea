#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_probe
short_description: Prove a registry by what clients do, without docker
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Pushes a synthetic image to a registry by the OCI distribution API, pulls it back and checks every digest, pushes an
    index, mounts a blob across repositories, resumes uploads, deletes it all again, and measures the rates.
  - On several replicas of one registry, uploads begun on the first are finished on the others, and what was pushed to
    the first is pulled from the others.
  - Each step ends in a verdict with what was expected, what came, the cause and the remedy.
  - Needs no docker daemon, and holds no layer in memory. The image is computed from a random seed, so that no storage
    can have it already.
  - All goes to two repositories of a random name, C(rgwkit-probe-...). Manifests and links of blobs are deleted at the
    end, also after a failure, where the registry allows it. The blobs themselves wait for the registry's garbage
    collection, uploads that were broken off for its upload purging.
attributes:
  check_mode:
    description: Only V(ping) runs; the other steps are reported as skipped.
    support: full
  diff_mode: {description: Nothing that lasts is changed., support: none}
  idempotent: {description: A second run sees nothing of the first., support: full}
options:
  registries:
    description:
      - URL of the registry, such as V(http://127.0.0.1:5000), without the path of its API. With C(http.prefix), that
        belongs to the URL.
      - Several URLs are replicas that share their storage and C(http.secret).
    type: list
    elements: str
    required: true
    aliases: [registry]
  username: {description: User of the registry., type: str}
  password: {description: The user's password., type: str}
  password_file: {description: File on the host where the module runs that holds the password., type: path}
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether the registry's certificate must be valid., type: bool, default: true}
  server_name:
    description: Whom the certificate has to be for, where that is not the host of the URL.
    type: str
    default: ""
  layer_sizes:
    description:
      - Bytes in each layer of the image. A layer above C(storage.swift.chunksize) is stored in several segments. The
        default has one, as C(chunksize) is 20 MiB unless it is set.
    type: list
    elements: int
    default: [1024, 20971521]
  timeout:
    description:
      - Seconds that one step may take. On a gateway with the HEAD bug, the registry itself takes 15 to give up.
    type: float
    default: 120
  steps:
    description:
      - Names of the steps to run; all when empty. V(ping) always runs, and V(push) where a step needs its image. When
        one of these two fails, the steps after it are skipped.
      - V(ping) logs in as the registry asks, not at all, with basic authentication or with tokens. V(push) uploads the
        image.
      - V(location) looks whether uploads lead back to the URL that the client has. V(head) asks size and digest of
        every blob, V(pull) fetches the image and checks every digest, V(index) does both with an index.
      - V(mount) gives a blob to another repository. V(resume) goes on with an upload over a new connection.
        V(broken-upload) goes on with one that broke inside a chunk, which registry 2 does not support, so that it is
        skipped there.
      - V(replica-upload) and V(replica-pull) need several O(registries).
      - V(delete) deletes all and looks whether it is gone. A registry that allows no deletion skips it.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: The registry takes and gives images
  rgwkit.ceph.registry_probe:
    registry: http://127.0.0.1:5000
    username: ci
    password_file: /etc/registry/ci.password

- name: Two replicas are one registry
  rgwkit.ceph.registry_probe:
    registries: [https://a.example:5000, https://b.example:5000]
    username: ci
    password: "{{ registry_ci_password }}"
    ca_file: /etc/ssl/certs/example-ca.pem

- name: How fast is a layer of 1 GiB?
  rgwkit.ceph.registry_probe:
    registry: http://127.0.0.1:5000
    layer_sizes: [1073741824]
    steps: [push, pull]
    timeout: 600
  register: probe

- name: The rates in MiB a second
  ansible.builtin.debug:
    msg: "{{ dict(probe.verdicts | map(attribute='step') | zip(probe.verdicts | map(attribute='rate'))) }}"
"""

RETURN = r"""
passed: {description: Whether no step found anything wrong., returned: always, type: bool}
summary: {description: One line for each step., returned: always, type: list, elements: str}
registries: {description: The URLs of the registries., returned: always, type: list, elements: str}
repository: {description: What the names of the repositories began with., returned: always, type: str}
seconds: {description: How long all took., returned: always, type: float}
leftover:
  description: "What could not be deleted, V(repository@digest)."
  returned: always
  type: list
  elements: str
verdicts:
  description: What each step found, in the order in which they ran.
  returned: always
  type: list
  elements: dict
  contains:
    step: {description: Name of the step., type: str}
    ok: {description: Whether it ran and found nothing wrong., type: bool}
    verdict:
      description:
        - V(ok), V(skipped) with the reason in C(got), or what is wrong.
        - No whole answer came with V(refused), V(tls-error), V(timeout), V(closed), V(bad-status-line), V(bad-header),
          V(too-large).
        - The log-in failed with V(unauthorized) or V(wrong-realm).
        - The answer is wrong with V(wrong-status), V(header-missing), V(wrong-location), V(length-mismatch) or
          V(digest-mismatch).
      type: str
    expected: {description: What was expected., type: str}
    got: {description: What came instead., type: str}
    cause: {description: Why., type: str}
    remedy: {description: What to do., type: str}
    seconds: {description: How long the step took., type: float}
    bytes: {description: Bytes of the image's blobs that the step sent or fetched., type: int}
    rate: {description: "The same in MiB a second, or null.", type: float}
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.http.evidence import without_login
from ..module_utils.registry.api.client import OciRegistry
from ..module_utils.registry.probe.report import failure_message, summary
from ..module_utils.registry.probe.run import prove
from ..module_utils.registry.probe.steps import select

ARGUMENTS = {
    "registries": {"type": "list", "elements": "str", "required": True, "aliases": ["registry"]},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "server_name": {"type": "str", "default": ""},
    "layer_sizes": {"type": "list", "elements": "int", "default": [1024, 20971521]},
    "timeout": {"type": "float", "default": 120},
    "steps": {"type": "list", "elements": "str", "default": []},
}


def login_of(module: CensoredModule) -> Login | None:
    """The login, its password known to the module as secret; None without a user. Raises ValueError."""
    options = module.params
    if options["username"] is None:
        return None
    password = given_secret("the registry password", options["password"], options["password_file"]).value
    module.no_log_values.add(password)
    return Login(options["username"], password)


def probe(module: CensoredModule) -> dict:
    """Run the steps; the module's result. Fails where a registry does."""
    options = module.params
    urls = [without_login(url) for url in options["registries"]]
    shown = ", ".join(urls)
    login, steps = login_of(module), select(options["steps"])
    tls = options["ca_file"], options["validate_certs"], options["server_name"]
    registries = [OciRegistry(url, login, *tls) for url in options["registries"]]
    report = prove(registries, options["layer_sizes"], steps, options["timeout"], module.check_mode)
    verdicts = report.as_dict()
    if report.leftover:
        module.warn(f"{shown}: what was pushed below {report.repository} is still there, see leftover.")
    result = {**verdicts, "registries": urls, "summary": summary(verdicts["verdicts"])}
    if not report.passed:
        module.fail_json(msg=failure_message(shown, verdicts["verdicts"]), changed=False, **result)
    return result


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[("password", "password_file")],
        required_by={"password": "username", "password_file": "username"},
    )
    urls = [without_login(url) for url in module.params["registries"]]
    module.no_log_values.update(set(module.params["registries"]) - set(urls))
    end_by_exception()
    run(module, lambda: probe(module), f"The probe of {', '.join(urls)}", registries=urls)


if __name__ == "__main__":
    main()
