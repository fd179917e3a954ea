#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_orch_rgw
short_description: Manage gateways that Ceph's orchestrator runs
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Creates or changes one service of gateways with C(ceph orch), on a host that has an administrator's keyring, and
    waits until its daemons run, within O(wait) seconds. Tested with cephadm.
  - Fields of the service specification that are not options of this module keep their values.
  - The specification goes to C(ceph orch apply) on standard input. The certificate's private key is in no argument,
    log, diff or return value; the orchestrator itself shows it to every administrator (C(ceph orch ls --export)).
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.ceph_tool
attributes:
  diff_mode: {details: "The diff shows the specification, with a digest of the certificate."}
  idempotent: {details: "With O(restart), every run restarts the daemons."}
options:
  name:
    description: Name of the service, for example V(gateway1.a). The orchestrator calls it C(rgw.NAME).
    type: str
    required: true
  hosts:
    description:
      - Hosts that run one daemon each, by their names in the orchestrator. The orchestrator changes all daemons of a
        service at once. To change the hosts one by one, create one service for each host.
      - With O(state=absent), a service that also has other hosts belongs to somebody else and is not removed.
    type: list
    elements: str
    required: true
  port: {description: Port to listen on., type: int, default: 80}
  frontend_args:
    description: Further options of the web server beast, each as V(NAME=VALUE). Requires Ceph 18.
    type: list
    elements: str
    default: []
  realm: {description: "Realm, together with O(zone); empty for none.", type: str, default: ""}
  zone: {description: "Zone, together with O(realm); empty for the default.", type: str, default: ""}
  certificate: {description: Certificate chain and private key in PEM; empty without TLS., type: str, default: ""}
  restart:
    description: Whether to restart the running daemons, even if the specification needs no change.
    type: bool
    default: false
  wait: {description: Seconds that the orchestrator may take to reach the state., type: float, default: 300}
  state:
    description: V(absent) removes the service, its daemons and their keys.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: rgwkit.ceph.ceph_config
"""

EXAMPLES = r"""
- name: Create one gateway on one host
  rgwkit.ceph.ceph_orch_rgw:
    name: gateway1.a
    hosts: [gateway1]
    port: 8080

- name: Create gateways with TLS on two hosts, from a host without Ceph packages
  rgwkit.ceph.ceph_orch_rgw:
    via: cephadm
    name: a
    hosts: [gateway1, gateway2]
    port: 443
    frontend_args: [tcp_nodelay=1]
    certificate: "{{ lookup('ansible.builtin.file', 'chain-and-key.pem') }}"

- name: Restart a gateway so that it reads its options again
  rgwkit.ceph.ceph_orch_rgw:
    name: gateway1.a
    hosts: [gateway1]
    port: 8080
    restart: true

- name: Remove a gateway
  rgwkit.ceph.ceph_orch_rgw:
    name: gateway1.a
    hosts: [gateway1]
    state: absent
"""

RETURN = r"""
service:
  description:
    - The fields of the service specification that this module manages, after the run or in check mode as they would
      be, with a digest of the certificate. V(null) if the service does not exist.
  returned: success
  type: dict
  sample:
    hosts: [gateway1]
    rgw_frontend_port: 8443
    rgw_frontend_type: beast
    rgw_frontend_extra_args: [tcp_nodelay=1]
    ssl: true
    rgw_frontend_ssl_certificate: "sha256:6b1f0c2d9a3e..."
daemons:
  description: Daemons of the service.
  returned: success
  type: list
  elements: dict
  sample:
    - name: rgw.gateway1.a.gateway1.kqzxvb
      host: gateway1
      ports: [8443]
      status: running
      version: 18.2.7
      image: quay.io/ceph/ceph:v18.2.7
      container: 4f0a2c7d9b1e
  contains:
    name:
      description: Name of the daemon. Its cephx name is the same with C(client.) before it.
      returned: always
      type: str
      sample: rgw.gateway1.a.gateway1.kqzxvb
    host: {description: Name of its host in the orchestrator., returned: always, type: str, sample: gateway1}
    ports: {description: Ports that it listens on., returned: always, type: list, elements: int, sample: [8443]}
    status:
      description: V(running), V(starting), V(stopped), V(error) or V(unknown).
      returned: always
      type: str
      sample: running
    version:
      description: Ceph version of the daemon; V(null) as long as the orchestrator does not know it.
      returned: always
      type: str
      sample: 18.2.7
    image:
      description: Image of its container; V(null) as long as the orchestrator does not know it.
      returned: always
      type: str
      sample: quay.io/ceph/ceph:v18.2.7
    container:
      description: Id of its container; V(null) as long as the orchestrator does not know it.
      returned: always
      type: str
      sample: 4f0a2c7d9b1e
changes:
  description: What the run changed, or in check mode would change, a line for each change.
  returned: success
  type: list
  elements: str
  sample: ["rgw_frontend_port: 8080 -> 8443"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: see the daemons of
    target: "'rgw.gateway1.a' by ceph"
    status: null
    code: not so within 300 s (rgw.gateway1.a.gateway1.kqzxvb is starting)
    hint: "Mend that: `ceph log last cephadm` has the rest."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: see the daemons of}
    target: {description: Object of the operation., returned: always, type: str, sample: "'rgw.gateway1.a' by ceph"}
    status:
      description: "V(null), because a command-line tool has no HTTP status."
      returned: always
      type: int
      sample: null
    code:
      description: "What came back, for example the exit code and error message of the tool."
      returned: always
      type: str
      sample: not so within 300 s (rgw.gateway1.a.gateway1.kqzxvb is starting)
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "Mend that: `ceph log last cephadm` has the rest."
"""

import json

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.module_run import run
from ..module_utils.ceph.orch import Orchestrator
from ..module_utils.ceph.orch_rgw import Outcome, Wanted, make, remove, shown
from ..module_utils.ceph.tool_options import CEPH_TOOL_OPTIONS, CONTAINER_IS_NAMED, tool_of

ARGUMENTS = {
    **CEPH_TOOL_OPTIONS,
    "name": {"type": "str", "required": True},
    "hosts": {"type": "list", "elements": "str", "required": True},
    "port": {"type": "int", "default": 80},
    "frontend_args": {"type": "list", "elements": "str", "default": []},
    "realm": {"type": "str", "default": ""},
    "zone": {"type": "str", "default": ""},
    "certificate": {"type": "str", "default": "", "no_log": True},
    "restart": {"type": "bool", "default": False},
    "wait": {"type": "float", "default": 300},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


def report(service: str, outcome: Outcome) -> dict:
    """The module's result."""
    sides = [shown(side) for side in (outcome.before, outcome.after)]
    texts = [json.dumps({service: side}, indent=2, sort_keys=True) + "\n" for side in sides]
    return {
        "changed": bool(outcome.changes),
        "service": sides[1],
        "daemons": [dict(daemon._asdict()) for daemon in outcome.daemons],
        "changes": outcome.changes,
        "diff": dict(zip(("before", "after"), texts)),
    }


def reach(params: dict, check_mode: bool) -> dict:
    """Bring the service to its state; the module's result."""
    wanted = Wanted(*(params[name] for name in Wanted._fields))
    orchestrator = Orchestrator(tool_of(params, "ceph"))
    if params["state"] == "present":
        outcome = make(orchestrator, wanted, params["restart"], params["wait"], check_mode)
    else:
        outcome = remove(orchestrator, wanted, params["wait"], check_mode)
    return report(wanted.service, outcome)


def main() -> None:
    module = CensoredModule(ARGUMENTS, required_if=[CONTAINER_IS_NAMED], supports_check_mode=True)
    run(module, lambda: reach(module.params, module.check_mode))


if __name__ == "__main__":
    main()
