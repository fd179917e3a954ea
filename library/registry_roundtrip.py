#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_roundtrip
short_description: Prove a registry by a real docker push and pull
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Makes an image with one layer of random bytes, lets the docker daemon push it, removes it, pulls it back, and
    compares the manifest's digest and the image's id.
  - Afterwards the local copies are removed and the manifest is deleted from the registry, where the registry allows
    that (its blobs go with the registry's next garbage collection).
requirements: [the Python package docker]
attributes:
  check_mode: {description: Does nothing and says so., support: full}
  diff_mode: {description: Nothing that lasts is changed., support: none}
  idempotent: {description: Leaves nothing behind that a second run would see., support: full}
options:
  registry: {description: "The registry as the docker daemon sees it, V(host:port).", type: str, required: true}
  repository: {description: Repository to push to., type: str, default: rgwkit/roundtrip}
  username: {description: User of the registry., type: str}
  password: {description: The user's password., type: str}
  password_file: {description: File on the host where the module runs that holds the password., type: path}
  tls: {description: Whether the registry speaks TLS., type: bool, default: false}
  ca_file:
    description:
      - File with the certificates of the authorities to trust, for the deletion. Which ones the docker daemon trusts is
        its own affair (C(/etc/docker/certs.d)); at a loopback address it trusts any.
    type: path
  server_name:
    description: Whom the certificate has to be for, for the deletion, where that is not the host of O(registry).
    type: str
    default: ""
  size: {description: Bytes in the image's layer., type: int, default: 1048576}
  timeout: {description: Seconds that one call to the docker daemon may take., type: int, default: 120}
"""

EXAMPLES = r"""
- name: The demo's registry takes and gives images
  rgwkit.ceph.registry_roundtrip:
    registry: 127.0.0.1:5000
    username: demo
    password_file: /etc/rgwkit/registry/demo

- name: A layer larger than the swift driver's chunk of 20 MiB
  rgwkit.ceph.registry_roundtrip:
    registry: registry.example.com:5000
    tls: true
    username: ci
    password: "{{ registry_ci_password }}"
    size: 41943040

- name: How long does it take?
  rgwkit.ceph.registry_roundtrip:
    registry: 127.0.0.1:5000
  register: roundtrip
"""

RETURN = r"""
image: {description: Name of the image that was pushed., returned: success, type: str}
digest: {description: Digest of its manifest., returned: success, type: str}
size: {description: Bytes in its layer., returned: success, type: int}
push_seconds: {description: How long the push took., returned: success, type: float}
pull_seconds: {description: How long the pull took., returned: success, type: float}
removed: {description: Whether the registry deleted the manifest., returned: success, type: bool}
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.host.docker_client import connect
from ..module_utils.registry.api.session import OciSession
from ..module_utils.registry.probe.roundtrip import roundtrip

ARGUMENTS = {
    "registry": {"type": "str", "required": True},
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
    """The login, its password known to the module as secret; None when no user is named. Raises InputError."""
    params = module.params
    if not params["username"]:
        return None
    password = given_secret("the registry password", params["password"], params["password_file"]).value
    module.no_log_values.add(password)
    return Login(params["username"], password)


def session_of(params: dict, login: Login | None) -> OciSession:
    """What speaks to the registry beside the docker daemon. Raises InputError."""
    url = f"{'https' if params['tls'] else 'http'}://{params['registry']}"
    return OciSession(url, login, params["ca_file"], server_name=params["server_name"])


def push_and_pull(module: CensoredModule) -> dict:
    """What was measured; the module's result."""
    params = module.params
    if module.check_mode:
        return {"skipped": True, "msg": "check mode: nothing was pushed"}
    login = login_of(module)
    api = connect(timeout=params["timeout"]).api
    session = session_of(params, login)
    return roundtrip(api, params["registry"], params["repository"], params["size"], login, session)._asdict()


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True, mutually_exclusive=[("password", "password_file")])
    run(module, lambda: push_and_pull(module), f"The round trip through {module.params['registry']}")


if __name__ == "__main__":
    main()
