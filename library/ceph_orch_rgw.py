#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: ceph_orch_rgw
short_description: Gateways that Ceph's orchestrator makes
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Makes one service of gateways what it should be, by C(ceph orch) where an administrator's keyring is, and ends when
    its daemons run, in bounded time. Seen with cephadm.
  - Fields of the service's specification that are no options here stay what somebody made them.
  - The specification goes to C(ceph orch apply) on standard input. The certificate's private key is in no argument,
    log, diff or return value; the orchestrator itself shows it to every administrator (C(ceph orch ls --export)).
extends_documentation_fragment:
  - rgwkit.ceph.ceph_tool
attributes:
  check_mode: {description: "Asks the orchestrator, and says what would be changed.", support: full}
  diff_mode: {description: "Shows the specification, of the certificate a digest.", support: full}
  idempotent: {description: "A second run changes nothing, without O(restart).", support: full}
options:
  name:
    description: Name of the service, for example V(gateway1.a). The orchestrator calls it C(rgw.NAME).
    type: str
    required: true
  hosts:
    description:
      - Hosts for one daemon each, by the names that the orchestrator has for them. It changes the daemons of a service
        all at once; have a service for each host where they should be changed one by one.
      - With O(state=absent), a service that has other hosts, too, is somebody else's, and is not removed.
    type: list
    elements: str
    required: true
  port: {description: Port to listen on., type: int, default: 80}
  frontend_args:
    description: More options of the web server beast, each V(NAME=VALUE); from Ceph 18 on.
    type: list
    elements: str
    default: []
  realm: {description: "Realm, with O(zone); empty for none.", type: str, default: ""}
  zone: {description: "Zone, with O(realm); empty for the default.", type: str, default: ""}
  certificate: {description: Certificate chain and private key in PEM; empty without TLS., type: str, default: ""}
  restart:
    description: Whether to restart the daemons that run, also when the specification is what it should be.
    type: bool
    default: false
  wait: {description: Seconds for the orchestrator to do what it was asked., type: float, default: 300}
  state:
    description: V(absent) removes the service, its daemons and their keys.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: rgwkit.ceph.ceph_config
"""

EXAMPLES = r"""
- name: One gateway on one host
  rgwkit.ceph.ceph_orch_rgw:
    name: gateway1.a
    hosts: [gateway1]
    port: 8080

- name: One on each of two hosts, with TLS, asked from a host without packages of Ceph
  rgwkit.ceph.ceph_orch_rgw:
    via: cephadm
    name: a
    hosts: [gateway1, gateway2]
    port: 443
    frontend_args: [tcp_nodelay=1]
    certificate: "{{ lookup('ansible.builtin.file', 'chain-and-key.pem') }}"

- name: Read its options again
  rgwkit.ceph.ceph_orch_rgw:
    name: gateway1.a
    hosts: [gateway1]
    port: 8080
    restart: true

- name: No more
  rgwkit.ceph.ceph_orch_rgw:
    name: gateway1.a
    hosts: [gateway1]
    state: absent
"""

RETURN = r"""
service:
  description: Our fields of the specification as they are now, of the certificate a digest; null without a service.
  returned: success
  type: dict
daemons:
  description: Its daemons.
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: "With C(client.) before it its cephx name, V(rgw.gateway1.a.gateway1.kqzxvb).", type: str}
    host: {description: The orchestrator's name of its host., type: str}
    ports: {description: Where it listens., type: list, elements: int}
    status: {description: "V(running), V(starting), V(stopped), V(error) or V(unknown).", type: str}
    version: {description: Of Ceph., type: str}
    image: {description: Its container's image., type: str}
    container: {description: Id of its container., type: str}
changes:
  description: What was changed, in words.
  returned: success
  type: list
  elements: str
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
