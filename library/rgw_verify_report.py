#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_verify_report
short_description: One report of many gateway verifications, for people and for CI systems
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Takes what M(rgwkit.ceph.rgw_verify) returned, on one host or on many, for one gateway or for many, and makes
    one report of it.
  - Writes it as C(report.html), a page without scripts that needs no network; as C(junit.xml), which CI systems show;
    and as C(report.json), which the schema in the collection's C(docs/) describes.
  - A host that was to look and could not is in the report, too, and the report has then not passed.
  - It reports; whether a failed verification ends the play is up to the play.
attributes:
  check_mode: {description: Says what would be written., support: full}
  diff_mode: {description: "Shows the changes of C(report.json), and which of the other files change.", support: full}
  idempotent:
    description: The same results make the same files. Another verification takes another time, and so makes others.
    support: full
options:
  results:
    description:
      - Who looked, and what came of it; the key is the host's name, the value what was registered for
        M(rgwkit.ceph.rgw_verify) there, of one task or of a loop.
      - An empty value is that of a host that could not look. One of a task that was skipped is left out.
    type: dict
    required: true
  dest:
    description:
      - Folder for the files, made when it is missing. Without it nothing is written.
      - The files have mode 0644, since a report holds no secret and CI agents and web servers read it with accounts of
        their own.
    type: path
"""

EXAMPLES = r"""
- name: Verify the gateway, and go on whatever comes
  rgwkit.ceph.rgw_verify:
    endpoint: http://gateway.example:8080
    user: registry:swift
    secret_file: /etc/docker/registry/swift.secret
  register: verified
  failed_when: false

- name: A page about it
  rgwkit.ceph.rgw_verify_report:
    dest: /srv/www/gateway
    results:
      registry1.example: "{{ verified }}"

- name: What all hosts of the play saw, on the controller
  rgwkit.ceph.rgw_verify_report:
    dest: "{{ playbook_dir }}/report"
    results: "{{ dict(ansible_play_hosts_all | zip(ansible_play_hosts_all | map('extract', hostvars)
      | map(attribute='verified', default={}))) }}"
  delegate_to: localhost
  run_once: true
  register: report

- name: The table alone
  rgwkit.ceph.rgw_verify_report:
    results: {registry1.example: "{{ verified }}"}
  register: report
"""

RETURN = r"""
passed: {description: Whether all that was to be verified passed., returned: success, type: bool}
headline: {description: The verdict in one sentence., returned: success, type: str}
summary:
  description: "A heading for each run and a line for each probe, failures first."
  returned: success
  type: list
  elements: str
page: {description: Path of C(report.html)., returned: "success, with O(dest)", type: str}
"""

import os

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.module_run import run
from ..module_utils.doctor.report.files import PAGE, update_folder
from ..module_utils.doctor.report.json import document, run_of
from ..module_utils.doctor.report.text import headline, table

ARGUMENTS = {
    "results": {"type": "dict", "required": True},
    "dest": {"type": "path"},
}


def runs_in(results: dict) -> list:
    """The runs in what hosts registered. Raises InputError for something else."""
    runs = []
    for host, registered in results.items():
        if not isinstance(registered, dict):
            raise InputError(f"the result of {host} must be what rgw_verify registered, or {{}} when there is none")
        of_host = registered.get("results", [registered])
        runs += [run_of(host, result) for result in of_host if not result.get("skipped")]
    return runs


def write(module: CensoredModule) -> dict:
    """Write the report where that is wanted; the module's result."""
    dest = module.params["dest"]
    report = document(runs_in(module.params["results"]))
    differences = update_folder(dest, report, module.check_mode) if dest else []
    page = {"page": os.path.join(dest, PAGE)} if dest else {}
    result = {"passed": report["passed"], "headline": headline(report), "summary": table(report), **page}
    return {"changed": bool(differences), "diff": differences, **result}


def main() -> None:
    module = CensoredModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: write(module), "The report")


if __name__ == "__main__":
    main()
