#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: swift_verify
short_description: Verify on the wire that a Ceph gateway serves swift as a registry needs it
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Sends requests to a Ceph Object Gateway (RGW) over a raw socket and judges the very bytes that come back. This sees
    what HTTP libraries hide or only stumble over, such as an answer without a status line.
  - Each probe ends in a verdict with what was expected, what came, the heads on the wire, the cause and the remedy.
  - Works in a container of random name, C(rgwkit-verify-...), which is removed at the end, also after a failure.
attributes:
  check_mode:
    description: Only the probe C(auth) runs, which changes nothing on the gateway; the others are reported as skipped.
    support: full
  diff_mode: {description: Nothing that lasts is changed., support: none}
  idempotent: {description: Leaves nothing behind that a second run would see., support: full}
options:
  endpoint:
    description: URL of the gateway, such as V(http://gateway.example:8080), without the path of the auth or swift API.
    type: str
    required: true
  user:
    description: The swift user, V(uid:subuser). Its access must be V(readwrite) or V(full).
    type: str
    required: true
  secret: {description: The subuser's swift key., type: str}
  secret_file: {description: File on the host where the module runs that holds the swift key., type: path}
  probes:
    description:
      - Names of the probes to run; all when empty. V(auth) always runs, and first.
      - V(plain-object) stores, heads, reads and removes a plain object and an empty one.
      - V(head-empty-manifest) heads a dynamic large object without segments, as the registry does in every push.
      - V(long-object-name) uses object names as long as those of the registry's segments.
    type: list
    elements: str
    default: []
  timeout: {description: Seconds that one probe may take., type: float, default: 10}
  wait:
    description: Seconds to wait for the gateway to become ready before the probes run; V(0) expects it to be ready.
    type: float
    default: 0
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether the gateway's certificate must be valid., type: bool, default: true}
"""

EXAMPLES = r"""
- name: The gateway serves swift as the registry needs it
  rgwkit.ceph.swift_verify:
    endpoint: https://gateway.example:8443
    user: registry:swift
    secret: "{{ registry_swift_key }}"
    ca_file: /etc/ssl/certs/example-ca.pem

- name: Wait until the demo's gateway stores objects, then verify it
  rgwkit.ceph.swift_verify:
    endpoint: http://127.0.0.1:8080
    user: demo:swift
    secret_file: inventories/demo/credentials/demo.swift
    wait: 30

- name: Look for the two faults that break every registry push
  rgwkit.ceph.swift_verify:
    endpoint: http://old-gateway.example:7480
    user: registry:swift
    secret: "{{ registry_swift_key }}"
    probes: [head-empty-manifest, long-object-name]
  register: gateway
  failed_when: false

- name: Go on with the s3 driver when the gateway is too old for swift
  ansible.builtin.set_fact:
    registry_driver: s3
  when: gateway.verdicts | selectattr('verdict', 'equalto', 'no-status-line') | length > 0
"""

RETURN = r"""
passed: {description: Whether no probe failed., returned: always, type: bool}
summary: {description: "One line for each probe, failures first.", returned: always, type: list, elements: str}
endpoint: {description: The URL of the gateway., returned: always, type: str}
user: {description: The swift user., returned: always, type: str}
when: {description: "When the run began: UTC, RFC 3339.", returned: always, type: str}
seconds: {description: How long all took., returned: always, type: float}
leftover: {description: "A container that could not be removed, or null.", returned: always, type: str}
facts:
  description:
    - What the gateway tells about itself, as far as it does. V(version) of Ceph and V(zone) come from every release
      that is tested, V(server) from 20 on, or from a proxy that gives its name.
  returned: always
  type: dict
verdicts:
  description: What each probe found, in the order in which they ran.
  returned: always
  type: list
  elements: dict
  contains:
    probe:
      description: Name of the probe, or V(ready) when the gateway did not become ready in O(wait) seconds.
      type: str
    group: {description: Its group., type: str}
    ok: {description: Whether it ran and found nothing wrong., type: bool}
    verdict:
      description:
        - V(ok), V(skipped), or what is wrong.
        - No whole answer came with V(refused), V(tls-error), V(timeout), V(closed).
        - The answer is not HTTP/1.1 with V(no-status-line), V(bad-status-line), V(status-0), V(bad-header),
          V(bad-framing), V(body-on-head), V(connection-desync), V(too-large).
        - The answer is wrong with V(wrong-status), V(missing-after-put), V(length-missing), V(length-mismatch),
          V(etag-mismatch), V(body-mismatch), V(header-missing).
      type: str
    expected: {description: What was expected., type: str}
    got: {description: What came instead., type: str}
    cause: {description: Why., type: str}
    remedy: {description: What to do., type: str}
    affected: {description: Ceph versions that have the fault., type: str}
    reference: {description: Where the fault is described., type: str}
    seconds: {description: How long the probe took., type: float}
    evidence: {description: "The heads of its exchanges, tokens and keys struck out.", type: list, elements: str}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.rgw_wire_endpoint import Endpoint
from ..module_utils.rgw_wire_evidence import without_login
from ..module_utils.swift_facts import gateway_facts
from ..module_utils.swift_interrupt import end_by_exception
from ..module_utils.swift_key import key_in_file, usable_key
from ..module_utils.swift_probes import select
from ..module_utils.swift_report import failure_message, summary
from ..module_utils.swift_report_json import now, result_of
from ..module_utils.swift_runner import verify

ARGUMENTS = {
    "endpoint": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "secret": {"type": "str", "no_log": True},
    "secret_file": {"type": "path", "no_log": False},
    "probes": {"type": "list", "elements": "str", "default": []},
    "timeout": {"type": "float", "default": 10},
    "wait": {"type": "float", "default": 0},
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
}


def secret_of(module: AnsibleModule) -> str:
    """The swift key, known to the module as secret. Raises ValueError where none is given."""
    path = module.params["secret_file"]
    secret = usable_key(module.params["secret"]) if path is None else key_in_file(path)
    module.no_log_values.add(secret)
    return secret


def main() -> None:
    secrets = [("secret", "secret_file")]
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True, mutually_exclusive=secrets, required_one_of=secrets)
    url, user, wait, timeout = (module.params[name] for name in ("endpoint", "user", "wait", "timeout"))
    end_by_exception()
    began = now()
    try:
        endpoint = Endpoint.parse(url, module.params["ca_file"], module.params["validate_certs"])
        probes = select(module.params["probes"])
        report = verify(endpoint, user, secret_of(module), probes, timeout, wait, only_read=module.check_mode)
    except ValueError as error:
        shown = without_login(url)
        module.fail_json(msg=f"Swift verification of {shown} was not started: {error}", endpoint=shown, user=user)
    facts = gateway_facts(endpoint, timeout) if any(verdict.ok for verdict in report.verdicts) else {}
    run = result_of(report, url, user, began, facts)
    if report.leftover:
        module.warn(f"The container {report.leftover} could not be removed from {url}; remove it by hand.")
    result = {**run, "summary": summary(run), "changed": False}
    if not report.passed:
        module.fail_json(msg=failure_message(run), **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
