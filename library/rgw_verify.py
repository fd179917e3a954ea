#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_verify
short_description: Verify on the wire that a Ceph gateway serves the swift API as a registry needs it
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Sends requests to a Ceph Object Gateway (RGW) over a raw socket and checks the exact bytes of the answers. So the
    module finds faults that HTTP libraries hide or fail on, such as an answer without a status line.
  - Each probe ends in a verdict with the expected answer, the actual answer, the headers on the wire, the cause and the
    remedy.
  - Works in containers with random names, C(rgwkit-verify-...), which are removed at the end, also after a failure.
    Each container carries a mark with the run and its latest end. A later run removes the containers of a killed run
    after that time. Nothing without the mark is ever touched.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.test
attributes:
  check_mode:
    details:
      - In check mode, only probes that change nothing on the gateway run; the others are reported as skipped.
      - If a secret file is missing that an earlier task would have created, the task is skipped and gives the reason.
options:
  endpoint:
    description: URL of the gateway, such as V(http://gateway.example:8080), without the path of the auth or swift API.
    type: str
    required: true
  auth:
    version_added: "0.3.0"
    description:
      - How the user is authenticated.
      - V(tempauth) logs in at the gateway itself as a subuser.
      - V(keystone) gets a token from OpenStack Keystone v3, as O(keystone) says, and the storage URL from the
        catalogue. The probes V(revoked-token), V(token-cache) and V(no-project) are only for this.
      - V(preauth) uses the token O(secret) with O(storage_url). The token must live as long as the run takes.
    type: str
    choices: [tempauth, keystone, preauth]
    default: tempauth
  user:
    description:
      - With O(auth=tempauth), the swift user, V(uid:subuser). The subuser's access must be V(readwrite) or V(full).
      - With O(auth=keystone), the name of the user, or the id of an application credential.
      - With O(auth=preauth), a name for the report.
    type: str
    required: true
  secret:
    description:
      - The subuser's swift key; with O(auth=keystone) the password, or the secret of the application credential; with
        O(auth=preauth) the token.
    type: str
  secret_file: {description: File on the host where the module runs with O(secret)., type: path}
  storage_url:
    version_added: "0.3.0"
    description: "The URL that a token of O(auth=preauth) is for, such as V(http://gateway.example:8080/swift/v1)."
    type: str
  keystone:
    version_added: "0.3.0"
    description: Keystone, for O(auth=keystone).
    type: dict
    suboptions:
      url:
        description:
          - URL of Keystone, with or without C(/v3). Other versions are refused, and so is plain HTTP unless
            O(keystone.validate_certs=false).
        type: str
        required: true
      project: {description: Name of the project; not with an application credential., type: str}
      project_domain: {description: Name of the project's domain., type: str, default: Default}
      user_domain: {description: Name of the user's domain., type: str, default: Default}
      application_credential:
        description: Whether O(user) and O(secret) are an application credential.
        type: bool
        default: false
      region: {description: Region of the object store in the catalogue. By default the first one., type: str}
      interface:
        description: Interface of the object store in the catalogue.
        type: str
        choices: [public, internal, admin]
        default: public
      ca_file:
        description: File with the certificates of the authorities to trust for Keystone. By default O(ca_file).
        type: path
      validate_certs: {description: Whether Keystone's certificate must be valid., type: bool, default: true}
  longest_push:
    version_added: "0.3.0"
    description:
      - Seconds that the longest push of an image is expected to take, for V(token-lifetime). A registry does not
        survive the end of its token during a push.
    type: float
    default: 3000
  probes:
    description:
      - Names of the probes to run, in addition to O(groups); all when both are empty. V(auth) always runs, and first.
      - If V(auth) or V(store-object) fails, the probes after it are skipped, unless V(store-object) finds that only
        HEAD is wrong.
    type: list
    elements: str
    default: []
  groups:
    description:
      - Groups of probes to run.
      - V(head) checks HEAD and HTTP itself, with V(plain-object), V(head-not-found), V(rejected-put),
        V(chunked-put), V(length-required), V(no-content), V(date-header), V(connection-close), V(absolute-uri),
        V(empty-range), and for dynamic large objects V(head-empty-manifest) (the fault that breaks registry pushes),
        V(get-empty-manifest), V(missing-segments), V(empty-segment), V(manifest-size), V(encoded-prefix).
      - V(registry) repeats the requests of the registry's swift driver, with V(registry-container), V(registry-push),
        V(list-folder), V(list-after-delete), V(copy-object), V(swift-info), V(temp-url).
      - V(limits) checks sizes and limits, with V(store-object), V(long-object-name), V(segment-size), V(full-pages),
        V(quota-answer), V(quota-room).
      - V(auth) checks logins and tokens, with V(auth), V(storage-url), V(wrong-key), V(empty-key), V(bogus-token),
        V(expired-token), V(token-lifetime), V(revoked-token), V(token-cache), V(no-project), V(refused-upload),
        V(suspended-user).
      - V(latency) measures latency, with V(small-reads).
      - V(s3) checks the S3 API and needs O(s3_access_key), with V(s3-object), V(s3-list), V(s3-copy), V(s3-multipart),
        V(s3-presigned).
    type: list
    elements: str
    default: []
  fail_on:
    description:
      - Lowest severity of a finding that fails the task. An V(error) breaks a registry or loses data, a V(warning)
        affects some clients or setups only.
    type: str
    choices: [error, warning, never]
    default: error
  s3_access_key: {description: S3 access key for the probes of the group V(s3)., type: str}
  s3_secret_key: {description: Secret key of O(s3_access_key)., type: str}
  s3_secret_key_file: {description: File on the host where the module runs with the secret key., type: path}
  suspended_user: {description: "A suspended swift user, V(uid:subuser), for V(suspended-user).", type: str}
  suspended_secret: {description: The suspended subuser's swift key., type: str}
  suspended_secret_file: {description: File on the host where the module runs with that key., type: path}
  container:
    description:
      - Name of the registry's container, for V(registry-container). The container need not exist yet, and nothing in it
        is changed.
    type: str
  segment_size:
    description:
      - Size in bytes of the object that V(segment-size) uploads, which should be the registry's C(chunksize). V(1) to
        V(268435456).
    type: int
    default: 5242880
  temp_url_key:
    version_added: "0.3.0"
    description:
      - Key of the account that signs temporary URLs, for V(temp-url). Without a key, the probe takes the one that the
        account shows to a subuser with the access V(full).
    type: str
  temp_url_key_file:
    version_added: "0.3.0"
    description: File on the host where the module runs with that key.
    type: path
  timeout:
    description: Seconds that one probe may take. V(segment-size) may take one second more for each MiB.
    type: float
    default: 10
  wait:
    description: Seconds to wait for the gateway to become ready before the probes run; V(0) expects a ready gateway.
    type: float
    default: 0
  load:
    description:
      - After the probes, upload many objects over parallel connections, send a HEAD for each right after its upload and
        another one later, and remove the objects. Every wrong answer is counted, and fails the task unless
        O(fail_on=never). This finds faults that occur once in 10,000 requests.
      - With V(objects=0), the load test is skipped.
    type: dict
    suboptions:
      objects: {description: Number of objects., type: int, required: true}
      connections: {description: "Number of parallel connections, V(1) to V(256).", type: int, default: 8}
      size: {description: Size of an object in bytes., type: int, default: 1024}
      seconds:
        description: Seconds after which no further upload begins. The removal of the objects may take as long again.
        type: float
        default: 300
  ca_file: {description: File with the certificates of the authorities to trust with https., type: path}
  validate_certs: {description: Whether the gateway's certificate must be valid., type: bool, default: true}
  client_cert: {description: "File with the client certificate, and its key unless O(client_key) is set.", type: path}
  client_key: {description: File with the key of O(client_cert)., type: path}
"""

EXAMPLES = r"""
- name: Verify a gateway for a registry
  rgwkit.ceph.rgw_verify:
    endpoint: https://gateway.example:8443
    user: registry:swift
    secret: "{{ registry_swift_key }}"
    ca_file: /etc/ssl/certs/example-ca.pem

- name: Wait until the demo's gateway stores objects, then verify the gateway
  rgwkit.ceph.rgw_verify:
    endpoint: http://127.0.0.1:8080
    user: demo:swift
    secret_file: /etc/rgwkit/demo.swift
    wait: 30

- name: Check for the two faults that break every registry push
  rgwkit.ceph.rgw_verify:
    endpoint: http://old-gateway.example:7480
    user: registry:swift
    secret: "{{ registry_swift_key }}"
    probes: [head-empty-manifest, long-object-name]
  register: gateway
  failed_when: false

- name: Verify the registry's own requests and the S3 API, and fail on warnings
  rgwkit.ceph.rgw_verify:
    endpoint: http://gateway.example:7480
    user: registry:swift
    secret_file: /etc/registry/swift.key
    s3_access_key: REGISTRYACCESSKEY
    s3_secret_key_file: /etc/registry/s3.key
    groups: [head, registry, s3]
    fail_on: warning

- name: Verify a gateway as a user of Keystone
  rgwkit.ceph.rgw_verify:
    endpoint: https://gateway.example:8443
    auth: keystone
    user: registry
    secret_file: /etc/registry/keystone.password
    keystone:
      url: https://keystone.example:5000
      project: registry
      region: RegionOne

- name: Check for faults that occur once in 10,000 requests
  rgwkit.ceph.rgw_verify:
    endpoint: http://gateway.example:7480
    user: registry:swift
    secret_file: /etc/registry/swift.key
    groups: [head]
    load:
      objects: 20000
      connections: 16

- name: Use the s3 driver if the gateway is too old for swift
  ansible.builtin.set_fact:
    registry_driver: s3
  when: gateway.verdicts | selectattr('verdict', 'equalto', 'no-status-line') | length > 0
"""

RETURN = r"""
passed:
  description: Whether no finding fails the task by O(fail_on).
  returned: when the probes ran
  type: bool
  sample: false
summary:
  description: One line for each probe, failures first.
  returned: when the probes ran
  type: list
  elements: str
  sample:
    - "FAIL  head-empty-manifest    0.009 s  no-status-line: expected HEAD answered with status 200; got first line
      'Content-Length: 0'"
    - ok    auth                   0.008 s
endpoint:
  description: URL of the gateway.
  returned: always, unless the task is skipped
  type: str
  sample: http://gateway.example:8080
user:
  description: The swift user, or O(user) for other kinds of O(auth).
  returned: always, unless the task is skipped
  type: str
  sample: registry:swift
when:
  description: Start of the run in UTC, as RFC 3339 writes it.
  returned: when the probes ran
  type: str
  sample: "2026-11-20T08:01:20Z"
seconds: {description: Seconds that the run took., returned: when the probes ran, type: float, sample: 0.48}
leftover:
  description: Containers that could not be removed, joined by commas, or V(null).
  returned: when the probes ran
  type: str
  sample: null
removed:
  description: Containers of killed runs that this run removed.
  returned: when the probes ran
  type: list
  elements: str
  sample: [rgwkit-verify-0123456789abcdef]
load:
  description: Results of the load test; V(null) if no load test ran.
  returned: when the probes ran
  type: dict
  sample: null
  contains:
    objects: {description: Number of objects that were stored., returned: always, type: int, sample: 20000}
    connections: {description: Number of parallel connections., returned: always, type: int, sample: 16}
    seconds: {description: Seconds that the load test took., returned: always, type: float, sample: 8.4}
    wrong: {description: Number of wrong answers., returned: always, type: int, sample: 3}
    findings:
      description: Wrong answers by operation and verdict.
      returned: always
      type: list
      elements: dict
      sample:
        - operation: head
          verdict: closed
          expected: status 200
          got: nothing
          evidence: ["> HEAD /swift/v1/rgwkit-verify-0123456789abcdef-load/load-000000017 HTTP/1.1"]
          count: 3
      contains:
        operation:
          description: V(put), V(head_after_put), V(head) or V(delete).
          returned: always
          type: str
          sample: head
        verdict:
          description: Kind of fault, as in RV(verdicts[].verdict).
          returned: always
          type: str
          sample: closed
        expected: {description: The expected answer., returned: always, type: str, sample: status 200}
        got: {description: The first wrong answer., returned: always, type: str, sample: nothing}
        evidence:
          description: Headers of the exchange with the first wrong answer, with tokens and keys masked.
          returned: always
          type: list
          elements: str
          sample: ["> HEAD /swift/v1/rgwkit-verify-0123456789abcdef-load/load-000000017 HTTP/1.1"]
        count: {description: Number of such answers., returned: always, type: int, sample: 3}
    put:
      description:
        - "Latency of the PUT requests: the fields of RV(verdicts[].latency), and C(rate) in requests a second."
      returned: always
      type: dict
      sample:
        count: 20000
        p50_ms: 1.4
        p95_ms: 3.6
        p99_ms: 7.9
        max_ms: 41.0
        histogram: [[0.25, 0], [0.5, 0], [1, 4200], [2, 11200], [4, 3800], [8, 620], [16, 140], [32, 20], [64, 20]]
        rate: 2380.5
    head_after_put:
      description: The same for the HEAD right after each PUT.
      returned: always
      type: dict
      sample:
        count: 20000
        p50_ms: 1.4
        p95_ms: 3.6
        p99_ms: 7.9
        max_ms: 41.0
        histogram: [[0.25, 0], [0.5, 0], [1, 4200], [2, 11200], [4, 3800], [8, 620], [16, 140], [32, 20], [64, 20]]
        rate: 2380.5
    head:
      description: The same for the second HEAD of each object.
      returned: always
      type: dict
      sample:
        count: 20000
        p50_ms: 1.4
        p95_ms: 3.6
        p99_ms: 7.9
        max_ms: 41.0
        histogram: [[0.25, 0], [0.5, 0], [1, 4200], [2, 11200], [4, 3800], [8, 620], [16, 140], [32, 20], [64, 20]]
        rate: 7142.1
    delete:
      description: The same for the DELETE requests.
      returned: always
      type: dict
      sample:
        count: 20000
        p50_ms: 1.4
        p95_ms: 3.6
        p99_ms: 7.9
        max_ms: 41.0
        histogram: [[0.25, 0], [0.5, 0], [1, 4200], [2, 11200], [4, 3800], [8, 620], [16, 140], [32, 20], [64, 20]]
        rate: 3571.0
facts:
  description: Facts that the gateway discloses without a login.
  returned: when the probes ran
  type: dict
  sample: {version: 16.2.15, zone: default}
  contains:
    version:
      description: Ceph version. Every release that is tested discloses it.
      returned: when the gateway discloses it
      type: str
      sample: 16.2.15
    zone:
      description: Name of the zone. Every release that is tested discloses it.
      returned: when the gateway discloses it
      type: str
      sample: default
    server:
      description: Name of the server, disclosed by Ceph from 20 on, or by a proxy that gives its own name.
      returned: when the gateway or a proxy discloses it
      type: str
      sample: Ceph Object Gateway (tentacle)
verdicts:
  description: Verdict of each probe, in the order in which the probes ran.
  returned: when the probes ran
  type: list
  elements: dict
  sample:
    - probe: auth
      group: auth
      verdict: ok
      ok: true
      severity: error
      seconds: 0.008
      expected: ""
      got: ""
      cause: ""
      remedy: ""
      affected: ""
      reference: ""
      latency: null
      evidence: ["> GET /auth/v1 HTTP/1.1"]
  contains:
    probe:
      description: Name of the probe, or V(ready) if the gateway did not become ready within O(wait) seconds.
      returned: always
      type: str
      sample: head-empty-manifest
    group: {description: Group of the probe., returned: always, type: str, sample: head}
    ok: {description: Whether the probe ran and found no fault., returned: always, type: bool, sample: false}
    verdict:
      description:
        - V(ok), V(skipped), or the kind of fault.
        - No complete answer came with V(refused), V(tls-error), V(timeout), V(closed).
        - The answer is not HTTP/1.1 with V(no-status-line), V(bad-status-line), V(status-0), V(bad-header),
          V(bad-framing), V(body-on-head), V(connection-desync), V(too-large). The connection did not end as announced
          with V(not-kept-alive), V(not-closed).
        - The answer is wrong with V(wrong-status), V(missing-after-put), V(length-missing), V(length-mismatch),
          V(etag-mismatch), V(body-mismatch), V(header-missing), V(header-prohibited), V(listing-wrong),
          V(limit-near), V(other-address), or V(slow).
      returned: always
      type: str
      sample: no-status-line
    expected:
      description: The expected answer; empty without a fault.
      returned: always
      type: str
      sample: HEAD answered with status 200
    got:
      description: The actual answer, or the reason why the probe was skipped; otherwise empty.
      returned: always
      type: str
      sample: "first line 'Content-Length: 0'"
    cause:
      description: Cause of the fault; empty without a fault.
      returned: always
      type: str
      sample: RGW (not its frontend) gives no proper answer to HEAD of a dynamic large object without segments.
    remedy:
      description: What to do about the fault; empty without a fault.
      returned: always
      type: str
      sample: Upgrade Ceph to 0.94.4, 9.1.0 or any later release, or use the registry's s3 driver with this gateway.
    affected:
      description: Ceph versions that have the fault the probe looks for; empty if this is not known.
      returned: always
      type: str
      sample: 0.53 to 0.94.3 (all of firefly), 9.0.0 to 9.0.3
    reference:
      description: Where the fault is described; may be empty.
      returned: always
      type: str
      sample: "ceph/ceph#5996 (tracker 12780), tracker 15812, distribution/distribution#1878"
    seconds: {description: Seconds that the probe took., returned: always, type: float, sample: 0.009}
    severity:
      description:
        - V(error) or V(warning), whether the probe failed or not. V(storage-url) is an error, or a warning if the other
          address answers.
      returned: always
      type: str
      sample: error
    latency:
      description: Latency that the probe measured; V(null) for a probe that measures none.
      returned: always
      type: dict
      sample:
        count: 1000
        p50_ms: 1.4
        p95_ms: 3.6
        p99_ms: 7.9
        max_ms: 41.0
        histogram: [[0.25, 0], [0.5, 0], [1, 210], [2, 560], [4, 190], [8, 31], [16, 7], [32, 1], [64, 1]]
      contains:
        count: {description: Number of measured answers., returned: always, type: int, sample: 1000}
        p50_ms: {description: Median in milliseconds., returned: always, type: float, sample: 1.4}
        p95_ms: {description: 95th percentile in milliseconds., returned: always, type: float, sample: 3.6}
        p99_ms: {description: 99th percentile in milliseconds., returned: always, type: float, sample: 7.9}
        max_ms: {description: Maximum in milliseconds., returned: always, type: float, sample: 41.0}
        histogram:
          description: Pairs of an upper bound in milliseconds and a number of answers.
          returned: always
          type: list
          elements: list
          sample: [[0.25, 0], [0.5, 0], [1, 210], [2, 560], [4, 190], [8, 31], [16, 7], [32, 1], [64, 1]]
    evidence:
      description: Headers of the probe's exchanges, with tokens and keys masked.
      returned: always
      type: list
      elements: str
      sample: ["> HEAD /swift/v1/rgwkit-verify-0123456789abcdef/empty HTTP/1.1\n< Content-Length: 0"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "the endpoint must be a URL like http://gateway.example:8080, without user or query"
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
      sample: "the endpoint must be a URL like http://gateway.example:8080, without user or query"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""


import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.keystone_login import AUTHS, INTERFACES, KEYSTONE, PREAUTH, TEMPAUTH, KeystoneLogin, TokenLogin
from ..module_utils.base.login import Login
from ..module_utils.base.module_run import run
from ..module_utils.base.secret import Secret
from ..module_utils.base.secret_files import given_secret
from ..module_utils.doctor.catalogue import select
from ..module_utils.doctor.container import LEFTOVER_ADVICE
from ..module_utils.doctor.facts import gateway_facts
from ..module_utils.doctor.load import Job
from ..module_utils.doctor.report.json import now, result_of
from ..module_utils.doctor.report.text import failure_message, summary
from ..module_utils.doctor.runner import verify
from ..module_utils.doctor.session import AnyLogin, RegistryUse
from ..module_utils.http.endpoint import Endpoint
from ..module_utils.http.evidence import without_login

ARGUMENTS = {
    "endpoint": {"type": "str", "required": True},
    "auth": {"type": "str", "choices": list(AUTHS), "default": TEMPAUTH},
    "user": {"type": "str", "required": True},
    "secret": {"type": "str", "no_log": True},
    "secret_file": {"type": "path", "no_log": False},
    "storage_url": {"type": "str"},
    "keystone": {
        "type": "dict",
        "no_log": False,
        "options": {
            "url": {"type": "str", "required": True},
            "project": {"type": "str"},
            "project_domain": {"type": "str", "default": "Default"},
            "user_domain": {"type": "str", "default": "Default"},
            "application_credential": {"type": "bool", "default": False},
            "region": {"type": "str"},
            "interface": {"type": "str", "choices": list(INTERFACES), "default": "public"},
            "ca_file": {"type": "path"},
            "validate_certs": {"type": "bool", "default": True},
        },
    },
    "longest_push": {"type": "float", "default": 3000},
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
    "temp_url_key": {"type": "str", "no_log": True},
    "temp_url_key_file": {"type": "path", "no_log": False},
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
# For each login: the options for the user, the secret and the secret file, and the name of the secret in errors.
LOGINS = (
    ("user", "secret", "secret_file", "swift key"),
    ("s3_access_key", "s3_secret_key", "s3_secret_key_file", "S3 secret key"),
    ("suspended_user", "suspended_secret", "suspended_secret_file", "suspended user's swift key"),
)

TEMP_URL_KEY = ("temp_url_key", "temp_url_key_file")

STILL_TO_BE_MADE = "In check mode, an earlier task may still have to create this file; otherwise, correct its name."

TLS = ("ca_file", "validate_certs", "client_cert", "client_key")


def login_of(module: CensoredModule, user: str, secret: str, file: str, kind: str) -> Login | None:
    """The login from these options, with its secret masked in results; None without a user.

    Raises ValueError without a secret.
    """
    if module.params[user] is None:
        return None
    value = given_secret(f"the {kind}", module.params[secret], module.params[file]).value
    module.strike([value])
    return Login(module.params[user], value)


def user_of(module: CensoredModule, login: Login) -> AnyLogin:
    """The login as the kind of authentication has it. Raises ValueError."""
    options = module.params
    if options["auth"] == KEYSTONE:
        return KeystoneLogin.of(login, options["keystone"])
    if options["auth"] == PREAUTH:
        return TokenLogin(login.user, options["storage_url"], login.secret)
    return login


def temp_url_key_of(module: CensoredModule) -> Secret | None:
    """The account's key for temporary URLs, masked in results; None where none was given. Raises ValueError."""
    text, file = (module.params[name] for name in TEMP_URL_KEY)
    if text is None and file is None:
        return None
    key = given_secret("the key of temporary URLs", text, file)
    module.strike([key.value])
    return key


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
        user_of(module, user),
        probes,
        options["timeout"],
        options["wait"],
        only_read=module.check_mode,
        s3_login=s3_login,
        suspended=suspended,
        fail_on=options["fail_on"],
        registry=RegistryUse.of(
            options["container"], options["segment_size"], options["longest_push"], temp_url_key_of(module)
        ),
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
    files = [*(file for _user, _secret, file, _kind in LOGINS), TEMP_URL_KEY[1]]
    missing = [options[file] for file in files if not os.path.lexists(options[file] or "/")]
    if not module.check_mode or not missing:
        return ""
    return (
        f"{without_login(options['endpoint'])} was not verified, since {missing[0]} does not exist. {STILL_TO_BE_MADE}"
    )


def main() -> None:
    module = CensoredModule(
        ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[*(names[1:3] for names in LOGINS), TEMP_URL_KEY],
        required_one_of=[("secret", "secret_file")],
        required_if=[("auth", KEYSTONE, ["keystone"]), ("auth", PREAUTH, ["storage_url"])],
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
