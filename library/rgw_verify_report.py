#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_verify_report
short_description: Combine the results of gateway verifications into one report, for people and for CI systems
version_added: "0.2.0"
author: rgwkit authors (@rgwkit)
description:
  - Combines the results of M(rgwkit.ceph.rgw_verify), from one host or many, for one gateway or many, into one report.
  - Writes the report as C(report.html), a page without scripts that needs no network; as C(junit.xml), for CI systems;
    and as C(report.json), described by the schema in the collection's C(docs/).
  - The report also shows each host that was supposed to verify a gateway and could not; such a report has not passed.
  - The report says for which registry and storage driver each gateway is fit, and when its Ceph release reaches its end
    of life.
  - If O(dest) already has a C(report.json), the new report also says what changed since that one.
  - The module only reports. Whether a failed verification ends the play is up to the play.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
attributes:
  diff_mode: {details: "The diff shows the changes of C(report.json), and names the other files that change."}
  idempotent:
    details: The same results produce the same files. Another verification has another time, and so produces others.
options:
  results:
    description:
      - The results by host. The key is the host's name, the value the registered result of M(rgwkit.ceph.rgw_verify) on
        that host, of one task or of a loop.
      - An empty value is for a host that could not verify the gateway. The result of a skipped task is left out.
    type: dict
    required: true
  dest:
    description:
      - Folder for the files, created if it is missing. By default no files are written.
      - The files have mode 0644, since a report holds no secret, and CI agents and web servers read it with their own
        accounts.
    type: path
"""

EXAMPLES = r"""
- name: Verify the gateway, whatever the outcome
  rgwkit.ceph.rgw_verify:
    endpoint: http://gateway.example:8080
    user: registry:swift
    secret_file: /etc/docker/registry/swift.secret
  register: verified
  failed_when: false

- name: Write a report about the gateway
  rgwkit.ceph.rgw_verify_report:
    dest: /srv/www/gateway
    results:
      registry1.example: "{{ verified }}"

- name: Write a report about the results of all hosts, on the controller
  rgwkit.ceph.rgw_verify_report:
    dest: "{{ playbook_dir }}/report"
    results: "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars)
      | map(attribute='verified', default={}))) }}"
  delegate_to: localhost
  run_once: true
  register: report

- name: Return the report without writing files
  rgwkit.ceph.rgw_verify_report:
    results: {registry1.example: "{{ verified }}"}
  register: report
"""

RETURN = r"""
passed: {description: Whether every verification passed., returned: success, type: bool, sample: true}
headline:
  description: The verdict in one sentence.
  returned: success
  type: str
  sample: "Passed: http://gateway.example:8080 as registry:swift, seen from registry1.example: 3 probes ok."
summary:
  description:
    - A heading for each verification, those that failed first, and a line for each failure and warning.
    - The other probes are counted, those that are ok by group, and those that were skipped by reason.
    - With several verifications, RV(headline) comes first.
  returned: success
  type: list
  elements: str
  sample:
    - "http://gateway.example:8080 as registry:swift, seen from registry1.example: 12 probes: 10 ok, 2 skipped"
    - "  ok    auth 1, head 9"
    - "  skip  2 probes: no S3 access key was given"
page:
  description: Path of C(report.html).
  returned: success, with O(dest)
  type: str
  sample: /srv/www/gateway/report.html
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "read or write"
    target: "/var/www/report"
    status: null
    code: "Permission denied"
    hint: "Check the path, its permissions and the disk's free space."
  contains:
    operation:
      description: What the module attempted.
      returned: always
      type: str
      sample: "read or write"
    target:
      description: Object of the operation.
      returned: always
      type: str
      sample: "/var/www/report"
    status:
      description: HTTP status of the answer; V(null) where there was none.
      returned: always
      type: int
      sample: null
    code:
      description: What came back.
      returned: always
      type: str
      sample: "Permission denied"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: "Check the path, its permissions and the disk's free space."
"""

import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.module_run import run
from ..module_utils.doctor.report.files import DATA, PAGE, earlier_report, update_folder
from ..module_utils.doctor.report.json import document, run_of
from ..module_utils.doctor.report.text import folded_table, headline

ARGUMENTS = {
    "results": {"type": "dict", "required": True},
    "dest": {"type": "path"},
}


def runs_in(results: dict) -> list:
    """The runs in the registered results of the hosts. Raises InputError for anything else."""
    runs = []
    for host, registered in results.items():
        if not isinstance(registered, dict):
            raise InputError(f"the result of {host} must be a registered result of rgw_verify, or {{}} without one")
        of_host = registered.get("results", [registered])
        runs += [run_of(host, result) for result in of_host if not result.get("skipped")]
    return runs


def write(module: CensoredModule) -> dict:
    """Write the report where that is wanted; the module's result."""
    dest = module.params["dest"]
    earlier = earlier_report(os.path.join(dest, DATA)) if dest else None
    report = document(runs_in(module.params["results"]), earlier)
    differences = update_folder(dest, report, module.check_mode) if dest else []
    page = {"page": os.path.join(dest, PAGE)} if dest else {}
    result = {"passed": report["passed"], "headline": headline(report), "summary": folded_table(report), **page}
    return {"changed": bool(differences), "diff": differences, **result}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: write(module), "The report")


if __name__ == "__main__":
    main()
