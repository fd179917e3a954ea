#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: the buckets of a Ceph Object Gateway as an inventory declares them."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_buckets_info
short_description: Return the buckets of a Ceph Object Gateway as inventory entries
version_added: 0.3.0
description:
  - Returns the buckets of a gateway as entries for M(rgwkit.ceph.rgw_buckets). Applied with that module, the entries
    change nothing, and on another gateway that has the same users and placement targets they create the same buckets,
    without their objects.
  - A bucket takes one request for its record and one for each document (policy, lifecycle and so on), which is read in
    the name of the bucket's owner.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
  - rgwkit.ceph.rgw_connection
attributes:
  check_mode:
    details: For an owner without a key, a key is created for the run and removed at its end, also in check mode.
options:
  buckets:
    description:
      - The buckets to return. A bucket of a tenant is V(tenant/name). A bucket that does not exist is left out.
      - By default all buckets are returned, in the order of their names.
    type: list
    elements: str
  owner:
    description: Return the buckets of this user only. A user of a tenant is V(tenant$uid).
    type: str
  swift:
    description:
      - Whether to read what only swift keeps, such as read and write ACLs and metadata. A bucket with anything of it is
        returned as an entry with C(api=swift).
      - This takes one more request for each bucket. For an owner without a swift key that has full access, a subuser is
        created for the run and removed at its end.
    type: bool
    default: false
notes:
  - The admin user needs the caps V(buckets=read), V(users=read) and V(metadata=read), and V(users=*) for owners who
    have no key of their own. From Ceph 17 on, rate limits need V(ratelimit=read), and are left out without that cap.
  - What M(rgwkit.ceph.rgw_buckets) cannot declare is left out, with a warning that names the bucket and the reason. On
    the gateway, everything that is left out stays.
  - Owners of buckets write policies, tags and more. What would be a template in an inventory (C({{), C({%), C({#)) is
    left out, too, because Ansible would run it.
seealso:
  - module: rgwkit.ceph.rgw_buckets
  - module: rgwkit.ceph.rgw_users_export
"""

EXAMPLES = r"""
- name: Read all buckets of an existing gateway
  rgwkit.ceph.rgw_buckets_info:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
  register: living

- name: Write the entries to a file for review
  ansible.builtin.copy:
    content: "{{ {'rgw_buckets_list': living.buckets} | to_nice_yaml }}"
    dest: /etc/rgwkit/buckets.yml
    mode: "0644"

- name: Check that the entries match the gateway (changed is false)
  rgwkit.ceph.rgw_buckets:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    buckets: "{{ living.buckets }}"
  check_mode: true
"""

RETURN = r"""
buckets:
  description: The buckets, each as an entry of O(rgwkit.ceph.rgw_buckets#module:buckets).
  returned: success
  type: list
  elements: dict
  sample:
    - name: images
      owner: registry
      placement: default-placement
      quota: {max_size: 1099511627776, max_objects: -1, enabled: true}
      lifecycle:
        - {id: uploads, enabled: true, abort_incomplete_multipart_upload_days: 7}
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: read
    target: "bucket 'images' at http://127.0.0.1:8080"
    status: 403
    code: AccessDenied
    hint: "The user of access key 'admin' needs the admin caps 'buckets=read'."
  contains:
    operation: {description: What the module attempted., returned: always, type: str, sample: read}
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "bucket 'images' at http://127.0.0.1:8080"
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      returned: always
      type: int
      sample: 403
    code:
      description: "Error code of the gateway, or how the connection failed."
      returned: always
      type: str
      sample: AccessDenied
    hint:
      description: What to do next.
      returned: always
      type: str
      sample: "The user of access key 'admin' needs the admin caps 'buckets=read'."
"""

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.module_run import run
from ..module_utils.base.text import presentable
from ..module_utils.rgw.buckets.export import export_from
from ..module_utils.rgw.connection_options import CONNECTION_OPTIONS, CONNECTION_SECRETS

OPTIONS = {
    "numbers": (),
    "argument_spec": {
        **CONNECTION_OPTIONS,
        "buckets": {"type": "list", "elements": "str"},
        "owner": {"type": "str"},
        "swift": {"type": "bool", "default": False},
    },
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def look(module: CensoredModule) -> dict:
    """The buckets as entries; the module's result."""
    found = export_from(module.params)
    for note in found.notes:
        module.warn(presentable(note))
    return {"changed": False, "buckets": presentable(found.entries)}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    end_by_exception()
    run(module, lambda: look(module))


if __name__ == "__main__":
    main()
