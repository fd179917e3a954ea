#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_verify
short_description: Verify on the wire that a Ceph gateway serves swift as a registry needs it
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Sends requests to a Ceph Object Gateway (RGW) over a raw socket and judges the very bytes that come back. This sees
    what HTTP libraries hide or only stumble over, such as an answer without a status line.
  - Each probe ends in a verdict with what was expected, what came, the heads on the wire, the cause and the remedy.
  - Works in containers of random names, C(rgwkit-verify-...), which are removed at the end, also after a failure. They
    carry the run's mark and the time at which the run is over at the latest; what a killed run has left is removed by
    the next one after that time, and nothing without that mark is ever touched.
attributes:
  check_mode:
    description: Only probes that change nothing on the gateway run; the others are reported as skipped.
    details: Without a file that holds a secret, which an earlier task would make, the task is skipped and says so.
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
      - Names of the probes to run, besides those of O(groups); all when both are empty. V(auth) always runs, and first.
      - When V(auth) or V(store-object) fails, the probes after it are skipped, but not when V(store-object) finds only
        HEAD wrong.
    type: list
    elements: str
    default: []
  groups:
    description:
      - Groups of probes to run.
      - V(head), what HEAD and HTTP itself are like, with V(plain-object), V(head-not-found), V(rejected-put),
        V(chunked-put), V(length-required), V(no-content), V(date-header), V(connection-close), V(absolute-uri),
        V(empty-range), and for dynamic large objects V(head-empty-manifest) (the fault that breaks registry pushes),
        V(get-empty-manifest), V(missing-segments), V(empty-segment), V(manifest-size), V(encoded-prefix).
      - V(registry), what the registry's swift driver does, with V(registry-container), V(registry-push),
        V(list-folder), V(list-after-delete), V(copy-object), V(swift-info), V(temp-url).
      - V(limits), with V(store-object), V(long-object-name), V(segment-size), V(full-pages),
        V(quota-answer), V(quota-room).
      - V(auth), with V(auth), V(storage-url), V(wrong-key), V(empty-key), V(bogus-token),
        V(expired-token), V(token-lifetime), V(refused-upload), V(suspended-user).
      - V(latency), with V(small-reads).
      - V(s3), which needs O(s3_access_key), with V(s3-object), V(s3-list), V(s3-copy), V(s3-multipart).
    type: list
    elements: str
    default: []
  fail_on:
    description:
      - The least severity of a finding that fails the task. An V(error) breaks a registry or loses data, a V(warning)
        matters to some clients or setups only.
    type: str
    choices: [error, warning, never]
    default: error
  s3_access_key: {description: S3 access key for the probes of the group V(s3)., type: str}
  s3_secret_key: {description: Its secret key., type: str}
  s3_secret_key_file: {description: File on the host where the module runs that holds the secret key., type: path}
  suspended_user: {description: "A swift user, V(uid:subuser), who is suspended, for V(suspended-user).", type: str}
  suspended_secret: {description: The suspended subuser's swift key., type: str}
  suspended_secret_file: {description: File on the host where the module runs that holds that key., type: path}
  container:
    description:
      - Name of the container that the registry is to use, for V(registry-container). It need not be there yet, and
        nothing is changed in it.
    type: str
  segment_size:
    description:
      - Size in bytes of the body that V(segment-size) puts, that is the C(chunksize) of the registry. V(1) to
        V(268435456).
    type: int
    default: 5242880
  timeout:
    description: Seconds that one probe may take. V(segment-size) may take one more for each MiB.
    type: float
    default: 10
  wait:
    description: Seconds to wait for the gateway to become ready before the probes run; V(0) expects it to be ready.
    type: float
    default: 0
  load:
    description:
      - After the probes, put many objects over parallel connections, HEAD each at once and once more, and remove them.
        Every wrong answer is counted, and fails the task unless O(fail_on=never). This finds what shows once in 10,000
        requests.
      - With V(objects=0), nothing is done.
    type: dict
    suboptions:
      objects: {description: How many objects., type: int, required: true}
      connections: {description: "How many connections at once, V(1) to V(256).", type: int, default: 8}
      size: {description: Size of an object in bytes., type: int, default: 1024}
      seconds:
        description: After that many seconds no further object is begun. To remove those stored may take as long again.
        type: float
        default: 300
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether the gateway's certificate must be valid., type: bool, default: true}
  client_cert: {description: "File with the certificate to show, and its key but for O(client_key).", type: path}
  client_key: {description: File with the key of O(client_cert)., type: path}
"""

EXAMPLES = r"""
- name: The gateway serves swift as the registry needs it
  rgwkit.ceph.rgw_verify:
    endpoint: https://gateway.example:8443
    user: registry:swift
    secret: "{{ registry_swift_key }}"
    ca_file: /etc/ssl/certs/example-ca.pem

- name: Wait until the demo's gateway stores objects, then verify it
  rgwkit.ceph.rgw_verify:
    endpoint: http://127.0.0.1:8080
    user: demo:swift
    secret_file: /etc/rgwkit/demo.swift
    wait: 30

- name: Look for the two faults that break every registry push
  rgwkit.ceph.rgw_verify:
    endpoint: http://old-gateway.example:7480
    user: registry:swift
    secret: "{{ registry_swift_key }}"
    probes: [head-empty-manifest, long-object-name]
  register: gateway
  failed_when: false

- name: The registry's own requests and the S3 API, from the registry hosts, where warnings count too
  rgwkit.ceph.rgw_verify:
    endpoint: http://gateway.example:7480
    user: registry:swift
    secret_file: /etc/registry/swift.key
    s3_access_key: REGISTRYACCESSKEY
    s3_secret_key_file: /etc/registry/s3.key
    groups: [head, registry, s3]
    fail_on: warning

- name: Is there a fault that shows once in 10,000 requests?
  rgwkit.ceph.rgw_verify:
    endpoint: http://gateway.example:7480
    user: registry:swift
    secret_file: /etc/registry/swift.key
    groups: [head]
    load:
      objects: 20000
      connections: 16

- name: Go on with the s3 driver when the gateway is too old for swift
  ansible.builtin.set_fact:
    registry_driver: s3
  when: gateway.verdicts | selectattr('verdict', 'equalto', 'no-status-line') | length > 0
"""

RETURN = r"""
passed: {description: Whether no probe found anything that fails the task by O(fail_on)., returned: always, type: bool}
summary: {description: "One line for each probe, failures first.", returned: always, type: list, elements: str}
endpoint: {description: The URL of the gateway., returned: always, type: str}
user: {description: The swift user., returned: always, type: str}
when: {description: "When the run began: UTC, RFC 3339.", returned: always, type: str}
seconds: {description: How long all took., returned: always, type: float}
leftover: {description: "What could not be removed, joined by commas, or null.", returned: always, type: str}
load:
  description:
    - What the load showed, V(null) without one. C(objects) were stored, C(wrong) answers were wrong, C(findings) has
      these by operation and verdict. C(put), C(head_after_put), C(head) and C(delete) have the rate in requests a
      second, the percentiles of the waiting times in milliseconds, and their histogram.
  returned: always
  type: dict
removed: {description: What a killed run had left and this one removed., returned: always, type: list, elements: str}
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
          V(bad-framing), V(body-on-head), V(connection-desync), V(too-large), and the connection's end is not what was
          said with V(not-kept-alive), V(not-closed).
        - The answer is wrong with V(wrong-status), V(missing-after-put), V(length-missing), V(length-mismatch),
          V(etag-mismatch), V(body-mismatch), V(header-missing), V(header-prohibited), V(listing-wrong),
          V(limit-near), V(other-address), or V(slow).
      type: str
    expected: {description: What was expected., type: str}
    got: {description: What came instead., type: str}
    cause: {description: Why., type: str}
    remedy: {description: What to do., type: str}
    affected: {description: Ceph versions that have the fault., type: str}
    reference: {description: Where the fault is described., type: str}
    seconds: {description: How long the probe took., type: float}
    severity:
      description:
        - V(error) or V(warning), whether it failed or not. V(storage-url) is an error, or a warning where the other
          address answers.
      type: str
    latency:
      description: What a probe has measured, or null.
      type: dict
      contains:
        count: {description: Number of measured answers., type: int}
        p50_ms: {description: "The median, in milliseconds.", type: float}
        p95_ms: {description: What 95 of 100 answers do not exceed., type: float}
        p99_ms: {description: What 99 of 100 answers do not exceed., type: float}
        max_ms: {description: The longest., type: float}
        histogram: {description: Pairs of an upper bound in milliseconds and a number., type: list, elements: list}
    evidence: {description: "The heads of its exchanges, tokens and keys struck out.", type: list, elements: str}
"""


import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret_files import given_secret
from ..module_utils.doctor.catalogue import select
from ..module_utils.doctor.container import LEFTOVER_ADVICE
from ..module_utils.doctor.facts import gateway_facts
from ..module_utils.doctor.load import Job
from ..module_utils.doctor.report.json import now, result_of
from ..module_utils.doctor.report.text import failure_message, summary
from ..module_utils.doctor.runner import verify
from ..module_utils.doctor.session import RegistryUse
from ..module_utils.http.endpoint import Endpoint
from ..module_utils.http.evidence import without_login

ARGUMENTS = {
    "endpoint": {"type": "str", "required": True},
    "user": {"type": "str", "required": True},
    "secret": {"type": "str", "no_log": True},
    "secret_file": {"type": "path", "no_log": False},
    "probes": {"type": "list", "elements": "str", "default": []},
    "groups": {"type": "list", "elements": "str", "default": []},
    "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
    "s3_access_key": {"type": "str", "no_log": False},
    "s3_secret_key": {"type": "str", "no_log": True},
    "s3_secret_key_file": {"type": "path", "no_log": False},
    "suspended_user": {"type": "str"},
    "suspended_secret": {"type": "str", "no_log": True},
    "suspended_secret_file": {"type": "path", "no_log": False},
    "container": {"type": "str"},
    "segment_size": {"type": "int", "default": 5 << 20},
    "timeout": {"type": "float", "default": 10},
    "wait": {"type": "float", "default": 0},
    "load": {
        "type": "dict",
        "options": {
            "objects": {"type": "int", "required": True},
            "connections": {"type": "int", "default": 8},
            "size": {"type": "int", "default": 1024},
            "seconds": {"type": "float", "default": 300},
        },
    },
    "ca_file": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
}
# Options of a user, of its secret and of the file with the secret, and what the secret is.
LOGINS = (
    ("user", "secret", "secret_file", "swift key"),
    ("s3_access_key", "s3_secret_key", "s3_secret_key_file", "S3 secret key"),
    ("suspended_user", "suspended_secret", "suspended_secret_file", "suspended user's swift key"),
)

STILL_TO_BE_MADE = "In check mode, an earlier task would have made this file; without such a task, correct its name."

TLS = ("ca_file", "validate_certs", "client_cert", "client_key")


def login_of(module: CensoredModule, user: str, secret: str, file: str, kind: str) -> Login | None:
    """The login that these options give, its secret known to the module as such; None without a user.

    Raises ValueError where no secret is given.
    """
    if module.params[user] is None:
        return None
    value = given_secret(f"the {kind}", module.params[secret], module.params[file]).value
    module.no_log_values.add(value)
    return Login(module.params[user], value)


def look(module: CensoredModule) -> dict:
    """Run the probes; the module's result. Fails where the gateway does."""
    options = module.params
    url = options["endpoint"]
    endpoint = Endpoint.parse(url, *(options[name] for name in TLS))
    probes = select(options["probes"], options["groups"])
    user, s3_login, suspended = (login_of(module, *names) for names in LOGINS)
    began = now()
    report = verify(
        endpoint,
        user,
        probes,
        options["timeout"],
        options["wait"],
        only_read=module.check_mode,
        s3_login=s3_login,
        suspended=suspended,
        fail_on=options["fail_on"],
        registry=RegistryUse.of(options["container"], options["segment_size"]),
        load=Job.of(timeout=options["timeout"], **options["load"]) if options["load"] else None,
    )
    facts = gateway_facts(endpoint, options["timeout"]) if any(verdict.ok for verdict in report.verdicts) else {}
    run_report = result_of(report, url, user.user, began, facts)
    if report.leftover:
        module.warn(f"The container {report.leftover} could not be removed from {url}. {LEFTOVER_ADVICE}")
    result = {**run_report, "summary": summary(run_report)}
    if not report.passed:
        module.fail_json(msg=failure_message(run_report), changed=False, **result)
    for verdict in report.verdicts:
        if verdict.failed:
            module.warn(f"{url}: {verdict.probe}: {verdict.verdict}: {verdict.cause} {verdict.remedy}")
    return result


def not_there_yet(module: CensoredModule) -> str:
    """In check mode, why nothing can be verified: a secret file that a real run would have by now."""
    options = module.params
    missing = [options[file] for _user, _secret, file, _kind in LOGINS if not os.path.lexists(options[file] or "/")]
    if not module.check_mode or not missing:
        return ""
    return f"{without_login(options['endpoint'])} was not verified, since {missing[0]} is not there. {STILL_TO_BE_MADE}"


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[names[1:3] for names in LOGINS],
        required_one_of=[("secret", "secret_file")],
        required_by={"client_key": "client_cert"},
    )
    reason = not_there_yet(module)
    if reason:
        module.exit_json(skipped=True, changed=False, skip_reason=reason, msg=reason)
    shown = without_login(module.params["endpoint"])
    end_by_exception()
    context = {"endpoint": shown, "user": module.params["user"]}
    run(module, lambda: look(module), f"The verification of {shown}", **context)


if __name__ == "__main__":
    main()
