#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_probe
short_description: Test a registry with the requests of its clients, without docker
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Pushes a synthetic image to a registry over the OCI distribution API, pulls it back and checks every digest, pushes
    an index, mounts a blob across repositories, resumes uploads, deletes everything again, and measures the transfer
    rates.
  - With several replicas of one registry, uploads that begin on the first replica are finished on the others, and
    images that were pushed to the first are pulled from the others.
  - Each step ends in a verdict with the expected answer, the actual answer, the cause and the remedy.
  - The module needs no docker daemon and keeps no layer in memory. It computes the image from a random seed, so that no
    storage can have the image already.
  - All data go to two repositories with a random name, C(rgwkit-probe-...). At the end, and after a failure, the module
    deletes manifests and links of blobs if the registry allows deletion. The blobs themselves remain until the
    registry's next garbage collection, and aborted uploads until its upload purging.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.test
attributes:
  check_mode: {details: "In check mode, only V(ping) runs; the other steps are reported as skipped."}
options:
  registries:
    description:
      - URL of the registry, such as V(http://127.0.0.1:5000), without the path of its API. If C(http.prefix) is set,
        the prefix is part of the URL.
      - Several URLs are replicas that share their storage and C(http.secret).
    type: list
    elements: str
    required: true
    aliases: [registry]
  username: {description: User of the registry., type: str}
  password: {description: The user's password., type: str}
  password_file: {description: File on the host where the module runs with the password., type: path}
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether the registry's certificate must be valid., type: bool, default: true}
  server_name:
    description: Name that the certificate must be for, if this is not the host of the URL.
    type: str
    default: ""
  layer_sizes:
    description:
      - Bytes in each layer of the image. A layer above C(storage.swift.chunksize) is stored in several segments. The
        default has one such layer, as C(chunksize) is 20 MiB unless it is set.
    type: list
    elements: int
    default: [1024, 20971521]
  timeout:
    description:
      - Seconds that one step may take. On a gateway with the HEAD bug, the registry itself takes 15 seconds to give up.
    type: float
    default: 120
  redirect:
    version_added: "0.3.0"
    description:
      - The registry has to redirect its clients to the gateway. The step V(redirect) then names the way in which
        redirects break, in RV(verdicts[].verdict).
      - The keys tell why the gateway refuses a signature. Without them, the verdict is V(redirect-signature).
    type: dict
    suboptions:
      gateway:
        description: URL of the gateway as the host reaches the gateway, without the path of an API.
        type: str
        default: ""
      ca_file:
        description: As O(ca_file), for the URLs of redirects. By default the same file.
        type: path
      temp_url_key_file:
        description: File on the host where the module runs with the key that signs temporary URLs of swift.
        type: path
      s3_access_key: {description: Access key of the registry's s3 driver., type: str}
      s3_secret_key_file:
        description: File on the host where the module runs with the secret key.
        type: path
  steps:
    description:
      - Names of the steps to run; all when empty. V(ping) always runs, and V(push) runs if a step needs its image. If
        one of these two fails, the steps after it are skipped.
      - V(ping) logs in as the registry asks, without a login, with basic authentication or with tokens. V(push) uploads
        the image.
      - V(location) checks whether uploads lead back to the client's URL. V(head) reads size and digest of every blob,
        V(pull) fetches the image and checks every digest, and V(index) does both with an index.
      - V(redirect) fetches a layer by GET, by HEAD and in part from where the registry redirects its clients. For a
        registry that sends blobs itself, the step is skipped unless O(redirect) is set.
      - V(mount) mounts a blob in another repository. V(resume) resumes an upload over a new connection.
        V(broken-upload) resumes an upload that broke off inside a chunk. Registry 2 does not support that, so the step
        is skipped there.
      - V(replica-upload) and V(replica-pull) need several O(registries).
      - V(delete) deletes everything and checks that it is gone. The step is skipped if the registry does not allow
        deletion.
      - V(mirror) runs only when named. The step checks that the registry refuses pushes, as a mirror (pull-through
        cache) does, and pulls O(image).
    type: list
    elements: str
    default: []
  image:
    description:
      - Image, as V(REPOSITORY:TAG), that V(mirror) pulls. A mirror gets the image from the registry that it mirrors. Of
        an image for several platforms, the step pulls the first one.
    type: str
    default: ""
    version_added: "0.3.0"
"""

EXAMPLES = r"""
- name: Test a registry
  rgwkit.ceph.registry_probe:
    registry: http://127.0.0.1:5000
    username: ci
    password_file: /etc/registry/ci.password

- name: Test two replicas of a registry
  rgwkit.ceph.registry_probe:
    registries: [https://a.example:5000, https://b.example:5000]
    username: ci
    password: "{{ registry_ci_password }}"
    ca_file: /etc/ssl/certs/example-ca.pem

- name: Test a mirror of another registry
  rgwkit.ceph.registry_probe:
    registry: http://127.0.0.1:5000
    steps: [mirror]
    image: library/debian:bookworm

- name: Measure the transfer of a layer of 1 GiB
  rgwkit.ceph.registry_probe:
    registry: http://127.0.0.1:5000
    layer_sizes: [1073741824]
    steps: [push, pull]
    timeout: 600
  register: probe

- name: Show the rates in MiB a second
  ansible.builtin.debug:
    msg: "{{ dict(probe.verdicts | map(attribute='step') | zip(probe.verdicts | map(attribute='rate'))) }}"
"""

RETURN = r"""
passed: {description: Whether no step found a fault., returned: when the steps ran, type: bool, sample: true}
summary:
  description: One line for each step.
  returned: when the steps ran
  type: list
  elements: str
  sample:
    - ok    ping      0.004 s
    - ok    push      0.412 s  20972545 bytes, 48.5 MiB/s
    - ok    pull      0.167 s  20972545 bytes, 119.8 MiB/s
registries:
  description: URLs of the registries.
  returned: always
  type: list
  elements: str
  sample: ["http://127.0.0.1:5000"]
repository:
  description: Common beginning of the names of the test repositories.
  returned: when the steps ran
  type: str
  sample: rgwkit-probe-5f0c9a1e2b7d4c38
seconds: {description: Seconds that all steps took., returned: when the steps ran, type: float, sample: 1.92}
leftover:
  description: Manifests and blobs that could not be deleted, each as V(repository@digest).
  returned: when the steps ran
  type: list
  elements: str
  sample: []
verdicts:
  description: Verdict of each step, in the order in which the steps ran.
  returned: when the steps ran
  type: list
  elements: dict
  sample:
    - step: push
      verdict: ok
      ok: true
      expected: ""
      got: ""
      cause: ""
      remedy: ""
      seconds: 0.412
      bytes: 20972545
      rate: 48.5
  contains:
    step: {description: Name of the step., returned: always, type: str, sample: push}
    ok: {description: Whether the step ran and found no fault., returned: always, type: bool, sample: true}
    verdict:
      description:
        - V(ok), V(skipped) with the reason in C(got), or the kind of fault.
        - No complete answer came with V(refused), V(tls-error), V(timeout), V(closed), V(bad-status-line),
          V(bad-header), V(too-large).
        - The login failed with V(unauthorized) or V(wrong-realm).
        - The answer is wrong with V(wrong-status), V(header-missing), V(wrong-location), V(length-mismatch),
          V(body-mismatch) or V(digest-mismatch).
        - A redirect breaks with V(redirect-address) where clients cannot reach the gateway's address,
          V(redirect-path) where the gateway sees another path than the signed one, V(redirect-key) where the gateway
          does not know the key, V(redirect-info) where the driver found no temporary URLs at C(/info),
          V(redirect-plain-http) where the URL has C(http) instead of C(https), V(redirect-host) where the gateway sees
          another host name than the signed one, V(redirect-authorization) where the gateway refuses the login that
          clients send along, or V(redirect-signature) where no key tells these apart.
      returned: always
      type: str
      sample: ok
    expected:
      description: The expected answer; empty without a fault.
      returned: always
      type: str
      sample: GET /v2/ answered with 200
    got:
      description: The actual answer, or the reason why the step was skipped; otherwise empty.
      returned: always
      type: str
      sample: 401 Unauthorized
    cause:
      description: Cause of the fault; empty without a fault.
      returned: always
      type: str
      sample: "The registry refuses user or password, or wants them and was given none."
    remedy:
      description: What to do about the fault; empty without a fault.
      returned: always
      type: str
      sample: Give username and password as the registry's htpasswd file or its token service knows them.
    seconds: {description: Seconds that the step took., returned: always, type: float, sample: 0.412}
    bytes:
      description: Bytes of the image's blobs that the step sent or fetched.
      returned: always
      type: int
      sample: 20972545
    rate:
      description: Transfer rate in MiB a second; V(null) for a step without a transfer, and for one with a fault.
      returned: always
      type: float
      sample: 48.5
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "there is no step 'pul'; did you mean pull?"
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
      sample: "there is no step 'pul'; did you mean pull?"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.http.evidence import without_login
from ..module_utils.registry.api.client import OciRegistry
from ..module_utils.registry.probe.report import failure_message, summary
from ..module_utils.registry.probe.run import prove
from ..module_utils.registry.probe.steps import select
from ..module_utils.registry.redirect.diagnosis import SigningKeys
from ..module_utils.registry.redirect.proof import RedirectProof

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
    "redirect": {
        "type": "dict",
        "options": {
            "gateway": {"type": "str", "default": ""},
            "ca_file": {"type": "path"},
            "temp_url_key_file": {"type": "path", "no_log": False},
            "s3_access_key": {"type": "str", "no_log": False},
            "s3_secret_key_file": {"type": "path", "no_log": False},
        },
        "required_together": [("s3_access_key", "s3_secret_key_file")],
    },
    "steps": {"type": "list", "elements": "str", "default": []},
    "image": {"type": "str", "default": ""},
}


def login_of(module: CensoredModule) -> Login | None:
    """The login, with its password masked in results; None without a user. Raises ValueError."""
    options = module.params
    if options["username"] is None:
        return None
    password = given_secret("the registry password", options["password"], options["password_file"]).value
    module.strike([password])
    return Login(options["username"], password)


def redirects_of(module: CensoredModule) -> RedirectProof:
    """What the step redirect proves, with its keys masked in results. Raises ValueError."""
    options, trust = module.params["redirect"], module.params["validate_certs"]
    if options is None:
        return RedirectProof(False, None, module.params["ca_file"], trust)
    temp_url = s3 = None
    if options["temp_url_key_file"]:
        temp_url = given_secret("the key of temporary URLs", None, options["temp_url_key_file"])
        module.strike([temp_url.value])
    if options["s3_access_key"]:
        s3 = Login(
            options["s3_access_key"], given_secret("the S3 secret key", None, options["s3_secret_key_file"]).value
        )
        module.strike([s3.secret])
    keys = SigningKeys(temp_url, s3, options["gateway"])
    return RedirectProof(True, keys, options["ca_file"] or module.params["ca_file"], trust)


def probe(module: CensoredModule) -> dict:
    """Run the steps; the module's result. Fails where a registry does."""
    options = module.params
    urls = [without_login(url) for url in options["registries"]]
    shown = ", ".join(urls)
    if options["image"] and ":" not in options["image"].rpartition("/")[2]:
        raise InputError(f"image: {options['image']} has no tag; write REPOSITORY:TAG")
    login, steps = login_of(module), select(options["steps"])
    tls = options["ca_file"], options["validate_certs"], options["server_name"]
    storage_ca_file = (options["redirect"] or {}).get("ca_file")
    registries = [OciRegistry(url, login, *tls, storage_ca_file) for url in options["registries"]]
    report = prove(
        registries,
        options["layer_sizes"],
        steps,
        options["timeout"],
        module.check_mode,
        redirects=redirects_of(module),
        existing=options["image"],
    )
    verdicts = report.as_dict()
    if report.leftover:
        module.warn(f"{shown}: some test data below {report.repository} could not be deleted, see leftover.")
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
    module.strike(set(module.params["registries"]) - set(urls))
    end_by_exception()
    run(module, lambda: probe(module), f"The probe of {', '.join(urls)}", registries=urls)


if __name__ == "__main__":
    main()
