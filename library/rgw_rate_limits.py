#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the global rate limits of a Ceph Object Gateway."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_rate_limits
short_description: Manage the global rate limits of a Ceph Object Gateway
version_added: 0.3.0
description:
  - Sets the rate limits that hold for all users and all buckets without a limit of their own, and for requests without
    credentials. M(rgwkit.ceph.rgw_users) sets the limit of a user, M(rgwkit.ceph.rgw_buckets) that of a bucket.
  - Limits that are not mentioned stay as they are. A limit that is V(null) becomes no limit.
  - The module reads the limits, writes those that differ, reads them again, and fails if the gateway has others then.
  - A gateway reads these limits when it starts. After a change, restart the gateways.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
options:
  gateway_to_be_made:
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then sends no
        request, warns that it did not, and plans as for a gateway without limits.
    type: bool
    default: false
  user:
    description: Limits per minute on each gateway for each user without a limit.
    type: dict
    suboptions: &limits
      max_read_ops:
        description: Maximum number of read requests. V(0) or V(null) means no limit.
        type: int
      max_write_ops:
        description: Maximum number of write requests. V(0) or V(null) means no limit.
        type: int
      max_read_bytes:
        description: Maximum bytes read, as a number or with a binary unit. V(0) or V(null) means no limit.
        type: str
      max_write_bytes:
        description: Maximum bytes written, as a number or with a binary unit. V(0) or V(null) means no limit.
        type: str
      enabled:
        description: Whether the limits are enforced. By default they are if a limit is given.
        type: bool
  bucket:
    description: Limits per minute on each gateway for each bucket without a limit.
    type: dict
    suboptions: *limits
  anonymous:
    description: Limits per minute on each gateway for all requests without credentials together.
    type: dict
    suboptions: *limits
notes:
  - Needs Ceph 17. The admin user needs the cap V(ratelimit=*).
  - With a realm, these limits are part of its period, and C(radosgw-admin period update --commit) passes them to other
    zones.
seealso:
  - module: rgwkit.ceph.rgw_users
  - module: rgwkit.ceph.rgw_buckets
"""

EXAMPLES = r"""
- name: Limit anonymous requests, and what a user without a limit may write
  rgwkit.ceph.rgw_rate_limits:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    anonymous:
      max_read_ops: 600
      max_write_ops: 60
    user:
      max_write_bytes: 10GiB

- name: Remove the limit of anonymous requests
  rgwkit.ceph.rgw_rate_limits:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    anonymous: null
"""

RETURN = r"""
rate_limits:
  description: All global limits after the run, or in check mode as they would be, by scope.
  returned: success
  type: dict
  sample:
    user: {max_write_ops: 0, max_read_ops: 0, max_write_bytes: 10737418240, max_read_bytes: 0, enabled: true}
    bucket: {max_write_ops: 0, max_read_ops: 0, max_write_bytes: 0, max_read_bytes: 0, enabled: false}
    anonymous: {max_write_ops: 60, max_read_ops: 600, max_write_bytes: 0, max_read_bytes: 0, enabled: true}
changes:
  description: What the run changed, or in check mode would change, a line for each change.
  returned: success
  type: list
  elements: str
  sample: ["anonymous.max_read_ops: 0 -> 600"]
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read the rate limits of
    target: the gateway at http://127.0.0.1:8080
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'ratelimit=*'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read the rate limits of}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: the gateway at http://127.0.0.1:8080
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
      sample: "The user of access key 'admin' needs the admin caps 'ratelimit=*'."
"""


from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.mentioned import mentioned
from ..module_utils.base.module_run import run
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS, connect
from ..module_utils.rgw.global_rate_limits import SCOPES, first_plan, parse_limits, reconcile_limits
from ..module_utils.rgw.user_options import NUMBERS, RATE_LIMIT

OPTIONS = {
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "gateway_to_be_made": {"type": "bool", "default": False},
        **{scope: {"type": "dict", "options": RATE_LIMIT} for scope in SCOPES},
    },
    "numbers": NUMBERS,
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def reach(module: CensoredModule) -> dict:
    """Make the limits what they are declared to be; the module's result."""
    params = module.params
    # Null and a missing option differ here, but AnsibleModule makes them equal.
    given = {scope: mentioned(params[scope], module.given[scope]) for scope in SCOPES if scope in module.given}
    wanted = parse_limits(given)
    if module.check_mode and params["gateway_to_be_made"]:
        plan = first_plan(wanted)
        module.warn(f"There is no gateway at {without_login(params['endpoint'])} yet, so no request was sent.")
    else:
        client = connect(params)
        try:
            plan = reconcile_limits(client, wanted, module.check_mode)
        finally:
            client.close()
    diff = {"before": dict(plan.before), "after": dict(plan.after)} if module._diff else {}
    return {
        "changed": bool(plan.scopes),
        "rate_limits": dict(plan.after),
        "changes": plan.changes,
        **({"diff": diff} if diff else {}),
    }


def main() -> None:
    module = CensoredModule(**OPTIONS)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
