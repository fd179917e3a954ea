#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_roundtrip
short_description: Test a registry with a real push and pull by docker or podman
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates an image with one layer of random bytes, lets docker or podman push it, removes it, pulls it back, and
    compares the manifest's digest and the image's id.
  - Afterwards the module removes the local copies and deletes the manifest from the registry, if the registry allows
    deletion. The blobs go with the registry's next garbage collection.
  - The password is on no command line and in no environment. The docker daemon gets it in the body of a request, podman
    from a file that only the module's user can read, and that the module removes.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.test
attributes:
  check_mode: {details: "In check mode, the module pushes nothing and reports the task as skipped."}
options:
  registry: {description: "The registry as docker or podman reaches it, V(host:port).", type: str, required: true}
  runtime:
    version_added: "0.3.0"
    description: Program that pushes and pulls. V(docker) needs its daemon, V(podman) only the command.
    type: str
    choices: [docker, podman]
    default: docker
  repository: {description: Repository to push to., type: str, default: rgwkit/roundtrip}
  username: {description: User of the registry., type: str}
  password: {description: The user's password., type: str}
  password_file: {description: File on the host where the module runs with the password., type: path}
  tls: {description: Whether the registry speaks TLS., type: bool, default: false}
  ca_file:
    version_added: "0.2.0"
    description:
      - File with the certificates of the authorities to trust, for the deletion, and for podman. The docker daemon has
        its own trusted authorities (C(/etc/docker/certs.d)). At a loopback address, both accept any certificate.
    type: path
  server_name:
    version_added: "0.2.0"
    description: Name that the certificate must be for, for the deletion, if this is not the host of O(registry).
    type: str
    default: ""
  size: {description: Bytes in the image's layer., type: int, default: 1048576}
  timeout: {description: Seconds that one call to the docker daemon or of podman may take., type: int, default: 120}
"""

EXAMPLES = r"""
- name: Push an image to the demo's registry and pull the image back
  rgwkit.ceph.registry_roundtrip:
    registry: 127.0.0.1:5000
    username: demo
    password_file: /etc/rgwkit/registry/demo

- name: Push a layer larger than the swift driver's chunk of 20 MiB
  rgwkit.ceph.registry_roundtrip:
    registry: registry.example.com:5000
    tls: true
    username: ci
    password: "{{ registry_ci_password }}"
    size: 41943040

- name: Push an image on a host that has podman and no docker
  rgwkit.ceph.registry_roundtrip:
    registry: 127.0.0.1:5000
    runtime: podman

- name: Measure push and pull
  rgwkit.ceph.registry_roundtrip:
    registry: 127.0.0.1:5000
  register: roundtrip
"""

RETURN = r"""
image:
  description: Name of the image that was pushed.
  returned: success, except in check mode
  type: str
  sample: "127.0.0.1:5000/rgwkit/roundtrip:5f0c9a1e2b7d4c38"
digest:
  description: Digest of the image's manifest.
  returned: success, except in check mode
  type: str
  sample: sha256:9f2c1d7e4b6a8035d1c2b3a4958677fedcba98765432100123456789abcdef01
runtime:
  description: Program that pushed and pulled.
  returned: success, except in check mode
  type: str
  sample: docker
size: {description: Bytes in the image's layer., returned: "success, except in check mode", type: int, sample: 1048576}
push_seconds:
  description: Seconds that the push took.
  returned: success, except in check mode
  type: float
  sample: 1.06
pull_seconds:
  description: Seconds that the pull took.
  returned: success, except in check mode
  type: float
  sample: 0.31
removed:
  description: Whether the registry deleted the manifest.
  returned: success, except in check mode
  type: bool
  sample: true
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "push"
    target: "127.0.0.1:5000/rgwkit/roundtrip:5f3a"
    status: null
    code: "unauthorized: authentication required"
    hint: "The registry refused the user or the password."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "push"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "127.0.0.1:5000/rgwkit/roundtrip:5f3a"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "unauthorized: authentication required"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "The registry refused the user or the password."
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.host.docker.client import connect
from ..module_utils.registry.api.session import OciSession
from ..module_utils.registry.probe.engines import DockerEngine, Engine, PodmanEngine
from ..module_utils.registry.probe.roundtrip import roundtrip

ARGUMENTS = {
    "registry": {"type": "str", "required": True},
    "runtime": {"type": "str", "choices": ["docker", "podman"], "default": "docker"},
    "repository": {"type": "str", "default": "rgwkit/roundtrip"},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
    "tls": {"type": "bool", "default": False},
    "ca_file": {"type": "path"},
    "server_name": {"type": "str", "default": ""},
    "size": {"type": "int", "default": 1048576},
    "timeout": {"type": "int", "default": 120},
}


def login_of(module: CensoredModule) -> Login | None:
    """The login, with its password masked in results; None without a user. Raises InputError."""
    params = module.params
    if not params["username"]:
        return None
    password = given_secret("the registry password", params["password"], params["password_file"]).value
    module.no_log_values.add(password)
    return Login(params["username"], password)


def session_of(params: dict, login: Login | None) -> OciSession:
    """The module's own connection to the registry, besides that of docker or podman. Raises InputError."""
    url = f"{'https' if params['tls'] else 'http'}://{params['registry']}"
    return OciSession(url, login, params["ca_file"], server_name=params["server_name"])


def engine_of(params: dict) -> Engine:
    """What pushes and pulls. Raises InputError and ToolError."""
    if params["runtime"] == "podman":
        return PodmanEngine(params["registry"], params["tls"], params["ca_file"], params["timeout"])
    return DockerEngine(connect(timeout=params["timeout"]))


def push_and_pull(module: CensoredModule) -> dict:
    """What was measured; the module's result."""
    params = module.params
    if module.check_mode:
        return {"skipped": True, "msg": "check mode: nothing was pushed"}
    login = login_of(module)
    engine, session = engine_of(params), session_of(params, login)
    done = roundtrip(engine, params["registry"], params["repository"], params["size"], login, session)
    return {**done._asdict(), "runtime": params["runtime"]}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, mutually_exclusive=[("password", "password_file")])
    run(module, lambda: push_and_pull(module), f"The round trip through {module.params['registry']}")


if __name__ == "__main__":
    main()
