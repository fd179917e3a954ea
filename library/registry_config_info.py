#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_config_info
short_description: Read the problems of a Docker registry's config.yml
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Validates an existing configuration against everything that a registry of O(registry_version) knows. A setting that
    the registry would ignore, or with which it would not start, is an error.
  - The module succeeds also if there are errors, and changes nothing. M(rgwkit.ceph.registry_config) writes a
    configuration, and fails for one with errors.
requirements: [PyYAML]
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.read_only
options:
  path: {description: The file to validate., type: path, required: true}
  registry_version:
    description: Version of the registry that the file is for.
    type: str
    choices: ["2.7", "2.8", "3.0", "3.1"]
    default: "2.8"
  check_files:
    description:
      - Whether the files that the configuration names must exist on this host. A registry in a container sees other
        files.
    type: bool
    default: false
  env_file:
    description:
      - File of C(NAME=VALUE) lines with the variables of the registry's environment, such as the file of docker's
        C(--env-file). The variables C(REGISTRY_*) overrule O(path), and the module validates what results. A finding
        never shows a value.
    type: path
seealso:
  - module: rgwkit.ceph.registry_manifests
  - module: rgwkit.ceph.registry_config
"""

EXAMPLES = r"""
- name: Validate the configuration of the registry on this host
  rgwkit.ceph.registry_config_info:
    path: /etc/docker/registry/config.yml
    check_files: true
  register: linted

- name: Validate the configuration as the environment of the registry changes it
  rgwkit.ceph.registry_config_info:
    path: /etc/docker/registry/config.yml
    env_file: /etc/docker/registry/environment
  register: linted

- name: Fail for a configuration with errors
  ansible.builtin.assert:
    that: linted.findings | selectattr('severity', 'eq', 'error') | length == 0
    fail_msg: "{{ linted.findings | map(attribute='what') | join(', ') }}"
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /etc/docker/registry/config.yml
findings:
  description: Problems of the configuration. A finding never shows a value.
  returned: success
  type: list
  elements: dict
  sample:
    - severity: error
      place: storage.swift.authversion
      what: a string where a number belongs
      effect: the registry does not start (panic, exit 2)
      remedy: write a number, without quotes
      source: distribution 2.8, registry/storage/driver/swift
      line: 7
      column: 5
  contains:
    severity: {description: V(error) or V(warning)., returned: always, type: str, sample: error}
    place:
      description: Dotted path of the setting, or V(line N) in a file that is not YAML.
      returned: when the finding is not about the whole file
      type: str
      sample: storage.swift.authversion
    what: {description: What is there., returned: always, type: str, sample: a string where a number belongs}
    effect:
      description: What the registry does with it.
      returned: always
      type: str
      sample: the registry does not start (panic, exit 2)
    remedy:
      description: What to write instead.
      returned: always
      type: str
      sample: write a number, without quotes
    source:
      description: Version and part of the registry that the rule is based on.
      returned: always
      type: str
      sample: distribution 2.8, registry/storage/driver/swift
    variable:
      description: Variable of the environment that brought the problem about.
      returned: when a variable did
      type: str
      sample: REGISTRY_HTTP_DRAINTIMEOUT
    line:
      description:
        - Line of the setting in the file; for a missing setting, the line of the mapping that lacks it.
        - With C(variable), the line of the variable in O(env_file).
      returned: always
      type: int
      sample: 7
    column:
      description: Column of the setting in that line.
      returned: always
      type: int
      sample: 5
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "/etc/docker/registry/config.yml: no such file on this host. Next: check the path"
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
      sample: "/etc/docker/registry/config.yml: no such file on this host. Next: check the path"
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""


from ansible.module_utils.basic import AnsibleModule

from ..module_utils.base.errors import InputError
from ..module_utils.base.findings import as_data
from ..module_utils.base.managed_file import read_text
from ..module_utils.base.module_run import run
from ..module_utils.registry.config import envfile
from ..module_utils.registry.config.lint import lint
from ..module_utils.registry.config.schema import VERSIONS

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "registry_version": {"type": "str", "choices": list(VERSIONS), "default": "2.8"},
    "check_files": {"type": "bool", "default": False},
    "env_file": {"type": "path"},
}


def content(path: str, what: str) -> str:
    """The text of a file. Raises InputError where there is none."""
    try:
        text = read_text(path)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 text, so not {what}") from error
    if text is None:
        raise InputError(f"{path}: no such file on this host. Next: check the path")
    return text


def examine(params: dict) -> dict:
    """Validate the file; returns the module's result."""
    path, file = params["path"], params["env_file"]
    text = content(path, "a registry's configuration")
    environment = envfile.read(content(file, "a file of variables"), file) if file else envfile.EnvironmentFile({}, [])
    findings = lint(text, params["registry_version"], params["check_files"], environment.variables)
    lines = environment.lines
    findings = [one._replace(line=lines[one.variable], column=1) if one.variable else one for one in findings]
    return {"changed": False, "path": path, "findings": as_data([*environment.findings, *findings])}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    run(module, lambda: examine(module.params))


if __name__ == "__main__":
    main()
