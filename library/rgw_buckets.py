#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: buckets of a Ceph Object Gateway, with what S3 keeps beside their objects."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_buckets
short_description: Manage buckets of a Ceph Object Gateway with their quotas, policies and lifecycles
version_added: 0.3.0
description:
  - Brings the buckets of a Ceph Object Gateway (RGW) into the state that a list describes - owner, placement, quota,
    rate limit, policy, ACL, lifecycle, versioning, object lock and more. Neither boto nor the owners' keys are needed.
  - Options that an entry does not mention stay as they are, and so do buckets that are not in the list. An option that
    an entry sets to V(null) gets the value of a new bucket, for example no policy, no lifecycle and no limit.
  - The module checks the whole list before it reads anything, and reads all buckets before it writes anything. What the
    gateway would accept and should not, such as a policy for a user that does not exist, is refused before the first
    write.
  - Whatever the module writes is read back and compared by meaning. If the gateway has stored something else, the
    previous document is put back, and the module fails with the difference. For example, Ceph 16 stores a lifecycle
    rule without a filter that it does not know, and would then remove all objects.
  - A bucket takes one request if nothing is to be done, and one more for each document and rate limit that its entry
    mentions. The module works on several buckets at once, and takes the steps of one bucket in order.
  - Requests to S3 are signed with a key of the bucket's owner, which the admin API tells. For an owner without a key,
    the module creates a key and removes it at the end of the run, also if the run fails or is interrupted.
  - Buckets in which a Docker registry keeps its images are not removed, and get no expiration and no change of their
    versioning. The module recognizes them by their content and by O(registry_buckets). A lifecycle rule that aborts
    incomplete uploads is accepted.
  - If the run breaks off, the error lists the buckets that are done and those that are not. The next run continues.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
  - rgwkit.ceph.rgw_bucket
attributes:
  check_mode:
    details:
      - For an owner without a key, the module creates a key for the time of the run also in check mode, because only
        the owner may read the bucket's documents.
      - Whether the gateway can encrypt is not tested.
options:
  registry_buckets:
    description:
      - Buckets of Docker registries, V(tenant/name) with a tenant. They are guarded even before they hold images.
    type: list
    elements: str
    default: []
  radosgw_admin:
    description:
      - Where C(radosgw-admin) can run with a keyring. Needed only to give the objects of a bucket to another user.
    type: dict
    suboptions:
      via:
        description: Where to run the program.
        type: str
        choices: [host, container, cephadm]
        default: host
      container:
        description: Name of the container for O(radosgw_admin.via=container).
        type: str
      runtime:
        description: Program that runs containers.
        type: str
        choices: [docker, podman]
        default: docker
      timeout:
        description: Seconds that one bucket may take. The program goes through all objects.
        type: float
        default: 3600
  gateway_to_be_made:
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then plans
        all buckets as for a gateway without buckets, sends no request, and warns that it did not.
      - Otherwise a gateway that does not answer is an error, also in check mode.
    type: bool
    default: false
  users_to_be_made:
    description:
      - Users whom an earlier task of the same play creates, V(uid) or V(tenant$uid). In check mode they do not exist
        yet, and are accepted as owners, in policies and in ACLs.
      - Without check mode, this option has no effect.
    type: list
    elements: str
    default: []
  topics_to_be_made:
    description:
      - Names of topics that an earlier task of the same play creates, likewise for O(buckets[].notification).
    type: list
    elements: str
    default: []
  return_details:
    description:
      - Of which buckets RV(buckets) has the details, such as quotas and policies.
      - V(all) is each bucket of the list, V(changed) each bucket that the run changes, or in check mode would change.
        Other buckets then have C(name), C(tenant), C(state), C(changed) and C(changes) only.
    type: str
    choices: [all, changed]
    default: all
notes:
  - The admin user needs the caps V(buckets=*) and V(users=*), V(ratelimit=*) for rate limits, V(metadata=*) for changes
    of owner and for policies that shut the owner out, and V(zone=read) for placement targets, storage classes and the
    check that the gateway belongs to the metadata master zone.
  - Works with Ceph 14 (Nautilus) to 20 (Tentacle). C(docs/buckets.md) has what each release stores of what it is told.
seealso:
  - module: rgwkit.ceph.rgw_buckets_info
  - module: rgwkit.ceph.rgw_topics
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: Create a bucket for a Docker registry that cleans up after interrupted pushes
  rgwkit.ceph.rgw_buckets:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    registry_buckets: [images]
    buckets:
      - name: images
        owner: registry
        quota:
          max_size: 1TiB
        lifecycle:
          - id: uploads
            abort_incomplete_multipart_upload_days: 7

- name: Create a bucket that other users may read, with versions that expire
  rgwkit.ceph.rgw_buckets:
    endpoint: https://rgw.example.org
    ca_file: /etc/ssl/certs/example-ca.pem
    access_key: admin
    secret_key: "{{ vault_rgw_admin_secret }}"
    buckets:
      - name: reports
        tenant: research
        owner: alice
        versioning: enabled
        lifecycle:
          - id: old-versions
            noncurrent_version_expiration_days: 90
        policy:
          Statement:
            - Effect: Allow
              Principal: {AWS: "arn:aws:iam::research:user/bob"}
              Action: ["s3:GetObject", "s3:ListBucket"]
              Resource: ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]

- name: Create an archive whose objects nobody removes for seven years
  rgwkit.ceph.rgw_buckets:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    buckets:
      - name: archive
        owner: finance
        placement: ec
        object_lock: {mode: compliance, years: 7}
        public_access_block: true

- name: Create a public container of swift
  rgwkit.ceph.rgw_buckets:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    buckets:
      - name: downloads
        api: swift
        owner: alice
        read_acl: [".r:*", .rlistings]
        write_acl: ["ci:swift"]
        quota: {max_size: 100GiB}
        metadata: {team: research}

- name: Give a bucket and its objects to another user
  rgwkit.ceph.rgw_buckets:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    radosgw_admin: {via: cephadm}
    buckets:
      - name: reports
        owner: carol
        change_owner: true

- name: Remove all lifecycle rules and the quota of one bucket, and remove another bucket with its objects
  rgwkit.ceph.rgw_buckets:
    endpoint: http://127.0.0.1:8080
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    buckets:
      - name: reports
        lifecycle: null
        quota: null
      - name: scratch
        state: absent
        remove_objects: true
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, at which gateway, in one sentence.
  returned: success
  type: str
  sample: "buckets on http://gateway.example:8080: 3 created, 995 unchanged"
buckets:
  description:
    - The buckets of the list after the run, or in check mode as they would be, in the order of the list.
    - Buckets that do not change have no details with O(return_details=changed).
  returned: success
  type: list
  elements: dict
  sample:
    - name: images
      tenant: ""
      state: present
      owner: registry
      placement: default-placement
      storage_class: STANDARD
      quota: {max_size: 1099511627776, max_objects: -1, enabled: true}
      lifecycle: [{id: uploads, enabled: true, abort_incomplete_multipart_upload_days: 7}]
      changed: true
      changes: ["quota.max_size: -1 -> 1099511627776", "quota.enabled: false -> true"]
  contains:
    name:
      description: Name of the bucket, without its tenant.
      returned: always
      type: str
      sample: images
    tenant:
      description: Tenant of the bucket; empty if it has none.
      returned: always
      type: str
      sample: ""
    state:
      description: V(present) or V(absent).
      returned: always
      type: str
      sample: present
    owner:
      description: User who owns the bucket, without the tenant.
      returned: when present, and changed or with O(return_details=all)
      type: str
      sample: registry
    placement:
      description: Placement target. In check mode V(null) for a new bucket whose entry does not set it.
      returned: when present, and changed or with O(return_details=all)
      type: str
      sample: default-placement
    storage_class:
      description: Storage class of new objects. In check mode V(null) for a new bucket whose entry does not set it.
      returned: when present, and changed or with O(return_details=all)
      type: str
      sample: STANDARD
    quota:
      description: Limit of the bucket; C(max_size) in bytes, V(-1) for no limit.
      returned: when present, and changed or with O(return_details=all)
      type: dict
      sample: {max_size: 1099511627776, max_objects: -1, enabled: true}
    rate_limit:
      description: Limits per minute on each gateway; V(0) for no limit.
      returned: when the entry mentions it
      type: dict
      sample: {max_read_ops: 6000, max_write_ops: 0, max_read_bytes: 0, max_write_bytes: 0, enabled: true}
    versioning:
      description: V(enabled) or V(suspended).
      returned: when the entry mentions it
      type: str
      sample: enabled
    object_lock:
      description: Whether the bucket has object lock, and how long new objects are retained.
      returned: when the entry mentions it
      type: dict
      sample: {enabled: true, mode: governance, days: 30}
    tagging:
      description: Tags and their values.
      returned: when the entry mentions it
      type: dict
      sample: {team: research}
    encryption:
      description: Default encryption; empty if there is none.
      returned: when the entry mentions it
      type: dict
      sample: {algorithm: AES256}
    lifecycle:
      description: Rules, in the order of their ids.
      returned: when the entry mentions it
      type: list
      elements: dict
      sample: [{id: uploads, enabled: true, abort_incomplete_multipart_upload_days: 7}]
    cors:
      description: Rules.
      returned: when the entry mentions it
      type: list
      elements: dict
      sample: [{allowed_methods: [GET], allowed_origins: ["https://www.example.org"]}]
    website:
      description: Website; empty if there is none.
      returned: when the entry mentions it
      type: dict
      sample: {index_document: index.html}
    acl:
      description: Grants beside the owner's.
      returned: when the entry mentions it
      type: dict
      sample: {owner: registry, grants: [{group: all_users, permissions: [read]}]}
    policy:
      description: Policy, with lists in place of single values; empty if there is none.
      returned: when the entry mentions it
      type: dict
      sample:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: ["arn:aws:iam:::user/ci"]}
            Action: ["s3:GetObject"]
            Resource: ["arn:aws:s3:::images/*"]
    public_access_block:
      description: What of public access is blocked.
      returned: when the entry mentions it
      type: dict
      sample:
        block_public_acls: true
        ignore_public_acls: true
        block_public_policy: true
        restrict_public_buckets: true
    notification:
      description: Configurations, in the order of their ids.
      returned: when the entry mentions it
      type: list
      elements: dict
      sample: [{id: new, topic: "arn:aws:sns:default::uploads", events: ["s3:ObjectCreated:*"]}]
    read_acl:
      description: Who may read the container.
      returned: when the entry mentions anything of swift
      type: list
      elements: str
      sample: [".r:*", .rlistings]
    write_acl:
      description: Who may write into the container.
      returned: when the entry mentions anything of swift
      type: list
      elements: str
      sample: ["ci:swift"]
    versions_location:
      description: Container that gets old versions; empty if there is none.
      returned: when the entry mentions anything of swift
      type: str
      sample: old-versions
    web:
      description: What makes a website of the container.
      returned: when the entry mentions anything of swift
      type: dict
      sample: {index: index.html}
    metadata:
      description: Metadata of the container by name, in lower case.
      returned: when the container has metadata, and the entry mentions anything of swift
      type: dict
      sample: {team: research}
    changed:
      description: Whether the run changed this bucket, or in check mode would change it.
      returned: always
      type: bool
      sample: true
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      returned: always
      type: list
      elements: str
      sample: ["quota.max_size: -1 -> 1099511627776", "lifecycle['logs'].expiration_days: 30 -> 7"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: write
    target: bucket 'images' at http://127.0.0.1:8080
    status: 403
    code: AccessDenied
    hint: "The owner's key was used."
    done: [reports]
    not_done: [images]
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: write
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: bucket 'images' at http://127.0.0.1:8080
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      returned: always
      type: int
      sample: 403
    code:
      description: Error code of the gateway, or how the connection failed.
      returned: always
      type: str
      sample: AccessDenied
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "The owner's key was used."
    differences:
      description: What the gateway has kept, and what it was told, a line for each difference.
      returned: when the gateway kept something else than it was told
      type: list
      elements: str
      sample: ["lifecycle['tmp'].prefix: (none) -> \"tmp/\""]
    done:
      description: Buckets that are in the requested state, as V(name) or V(tenant/name).
      returned: when the run broke off after its first write
      type: list
      elements: str
      sample: [reports]
    not_done:
      description: All other buckets of the list. For buckets in progress, a part of the change may have been written.
      returned: when the run broke off after its first write
      type: list
      elements: str
      sample: [images]
"""

from collections.abc import Sequence

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.garbage import not_searched
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.mentioned import by_option_names, mentioned
from ..module_utils.base.module_run import run
from ..module_utils.ceph.tool_options import prefix_of
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.buckets.client import BucketClient
from ..module_utils.rgw.buckets.coming import Coming
from ..module_utils.rgw.buckets.options import BUCKET_NUMBERS, BUCKET_OPTIONS, RADOSGW_ADMIN_OPTIONS
from ..module_utils.rgw.buckets.ownership import Chown
from ..module_utils.rgw.buckets.reconcile import Outcome, first_outcomes, reconcile
from ..module_utils.rgw.buckets.report import report, summary
from ..module_utils.rgw.buckets.spec import parse_buckets
from ..module_utils.rgw.connection_options import (
    CONNECTION_OPTIONS,
    CONNECTION_SECRETS,
    connect_as,
    workers,
)

ARGUMENT_SPEC = {
    **CONNECTION_OPTIONS,
    "gateway_to_be_made": {"type": "bool", "default": False},
    "users_to_be_made": {"type": "list", "elements": "str", "default": []},
    "topics_to_be_made": {"type": "list", "elements": "str", "default": []},
    "return_details": {"type": "str", "choices": ["all", "changed"], "default": "all"},
    "radosgw_admin": {"type": "dict", "options": RADOSGW_ADMIN_OPTIONS},
    "registry_buckets": {"type": "list", "elements": "str", "default": []},
    "buckets": {"type": "list", "elements": "dict", "required": True, "options": BUCKET_OPTIONS},
}
OPTIONS = {
    "argument_spec": ARGUMENT_SPEC,
    "numbers": BUCKET_NUMBERS,
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def unasked(endpoint: str, outcomes: Sequence[Outcome]) -> str:
    """The warning about a plan for a gateway that does not exist yet."""
    count = sum(outcome.plan.changed for outcome in outcomes)
    return (
        f"There is no gateway at {without_login(endpoint)} yet, so no request was sent. Of {len(outcomes)} buckets, "
        f"{count} would be created. "
        "Errors that only a gateway can detect, such as an unknown owner, appear once the gateway exists."
    )


def chown_of(params: dict) -> Chown | None:
    """What hands objects over, for the module's parameters; None where radosgw-admin is not at hand."""
    tool = params["radosgw_admin"]
    return None if tool is None else Chown(prefix_of(tool), tool["timeout"])


def reach(module: CensoredModule) -> dict:
    """Make the buckets what they are declared to be; the module's result."""
    params = module.params
    # Ansible returns the parameters with the result. Thousands of entries, with all their nulls, serve nobody there.
    filled_in = params.pop("buckets")
    given = by_option_names(module.given["buckets"], BUCKET_OPTIONS)
    buckets = parse_buckets(mentioned(filled_in, given), params["registry_buckets"])
    if module.check_mode and params["gateway_to_be_made"]:
        outcomes = first_outcomes(buckets)
        module.warn(unasked(params["endpoint"], outcomes))
    else:
        outcomes = reconcile(
            lambda: connect_as(BucketClient, params),
            buckets,
            module.check_mode,
            workers(params),
            chown_of(params),
            Coming(frozenset(params["users_to_be_made"]), frozenset(params["topics_to_be_made"])),
        )
    sentence = summary(outcomes, without_login(params["endpoint"]), module.check_mode)
    told = report(outcomes, module._diff, details_of_all=params["return_details"] == "all")
    return {**told, "summary": sentence}


def main() -> None:
    with not_searched():
        module = CensoredModule(**OPTIONS)
        end_by_exception()
        run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
