#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_config
short_description: Write a Docker registry's config.yml from typed data
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Writes the configuration with mode 0600. Every string is quoted, and every number and boolean keeps its type,
    because the registry panics on values of another type or silently ignores them.
  - Validates the configuration first against everything that a registry of O(registry_version) knows. A setting that
    the registry would ignore, or with which it would not start, is an error; see O(fail_on).
  - M(rgwkit.ceph.registry_config_info) validates an existing file and changes nothing.
  - The module reads secrets from files. They appear in no finding, diff or other output.
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.file_access
attributes:
  diff_mode: {details: The diff shows the file with marks in place of the secrets.}
options:
  path: {description: The file to write. Its folder must exist., type: path, required: true}
  config: {description: "The configuration as data, without secrets.", type: dict, required: true}
  secrets:
    description:
      - Secrets to insert into the configuration. The key is the dotted path of the setting, the value a file on this
        host. Items of a list are numbered from 0, as in V(notifications.endpoints.0.headers.Authorization).
      - A missing file is created with a random secret of 64 hexadecimal digits, mode 0600.
      - An existing file must belong to root or to the user who runs the module, may be readable by its owner and a
        group only, and must hold one line of printable ASCII. An empty file, a file with a Windows line ending, a link,
        and a file that is named for two settings are refused.
    type: dict
    default: {}
  registry_version:
    version_added: "0.2.0"
    description: Version of the registry that the file is for.
    type: str
    choices: ["2.7", "2.8", "3.0", "3.1"]
    default: "2.8"
  fail_on:
    version_added: "0.2.0"
    description:
      - Lowest severity of a finding that fails the task, so that nothing is written. All other findings are warnings of
        the task.
    type: str
    choices: [error, warning, never]
    default: error
  check_files:
    version_added: "0.2.0"
    description:
      - Whether the files that the configuration names must exist on this host. A registry in a container sees other
        files.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Write the configuration of a registry on Ceph's swift
  rgwkit.ceph.registry_config:
    path: /etc/docker/registry/config.yml
    config:
      version: "0.1"
      storage:
        swift:
          authurl: http://rgw.example.com:8080/auth/v1
          authversion: 1
          username: registry:swift
          container: registry
        redirect: {disable: true}
      http:
        addr: :5000
      notifications:
        endpoints: [{name: webhook, url: https://hooks.example.com/registry}]
    secrets:
      storage.swift.password: /etc/docker/registry/swift.secret
      http.secret: /etc/docker/registry/http.secret
      notifications.endpoints.0.headers.Authorization: /etc/docker/registry/webhook.secret

- name: Write the configuration of a scratch registry in memory
  rgwkit.ceph.registry_config:
    path: /tmp/scratch/config.yml
    config: {version: "0.1", storage: inmemory, http: {addr: "127.0.0.1:5001"}}

- name: Write the configuration of a registry that runs as user 65532
  rgwkit.ceph.registry_config:
    path: /srv/registry/config.yml
    owner: 65532
    config: "{{ my_registry }}"
    secrets: {http.secret: /srv/registry/http.secret}
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /etc/docker/registry/config.yml
findings:
  description: Problems of the configuration. A finding never shows a value.
  returned: when the configuration was validated
  type: list
  elements: dict
  sample:
    - severity: error
      place: storage.swift.authversion
      what: a string where a number belongs
      effect: the registry does not start (panic, exit 2)
      remedy: write a number, without quotes
      source: distribution 2.8, registry/storage/driver/swift
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
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: "use"
    target: "the given parameters"
    status: null
    code: "http.secret: the secret in '/etc/http.secret' is not printable ASCII, which headers and signatures need."
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
      sample: "http.secret: the secret in '/etc/http.secret' is not printable ASCII, which headers and signatures need."
    hint:
      description: What to do next; empty where the message says so itself.
      returned: always
      type: str
      sample: ""
"""


from ..module_utils.base.censor import Censor
from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.errors import InputError
from ..module_utils.base.file_access import FILE_ACCESS_OPTIONS, file_access
from ..module_utils.base.findings import ERROR, counted
from ..module_utils.base.managed_file import access_differences, read_text, write_text
from ..module_utils.base.module_run import run
from ..module_utils.registry.config.diff import shown
from ..module_utils.registry.config.lint import missing_files
from ..module_utils.registry.config.render import dump, with_values
from ..module_utils.registry.config.schema import VERSIONS
from ..module_utils.registry.config.secrets import Kept, look, make_missing
from ..module_utils.registry.config.strangers import strangers
from ..module_utils.registry.config.validator import validate

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    **FILE_ACCESS_OPTIONS,
    "config": {"type": "dict", "required": True},
    "secrets": {"type": "dict", "default": {}, "no_log": False},
    "registry_version": {"type": "str", "choices": list(VERSIONS), "default": "2.8"},
    "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
    "check_files": {"type": "bool", "default": False},
}


def write(params: dict, check_mode: bool) -> dict:
    """Write the file if it differs and no finding fails the task; returns the module's result."""
    path, version = params["path"], params["registry_version"]
    owner, group, mode = file_access(params)
    kept = look(params["secrets"])
    for place, one in kept.items():
        refuse_beyond_ascii(place, one)
    config = with_values(params["config"], {place: one.secret.value for place, one in kept.items()})
    findings = validate(config, version) + (list(missing_files(config, version)) if params["check_files"] else [])
    if objections(findings, params["fail_on"]):
        return {"changed": False, "path": path, "findings": findings}
    wanted, current = dump(config), read_text(path)
    access = access_differences(path, owner, mode, group) if current is not None else []
    changed = current != wanted or bool(access)
    if not check_mode:
        make_missing(kept)
        if changed:
            write_text(path, wanted, owner, mode, group)
    diff = difference(current or "", wanted, access, params["secrets"])
    return {"changed": changed, "path": path, "findings": findings, "diff": diff}


def refuse_beyond_ascii(place: str, kept: Kept) -> None:
    """Headers and signatures of a registry must be the same in any encoding. Raises InputError."""
    if not kept.secret.value.isascii():
        raise InputError(
            f"{place}: the secret in '{kept.path}' is not printable ASCII, which headers and signatures need."
        )


def difference(before: str, after: str, access: list, places: dict) -> dict:
    """Ansible's diff of the two texts, without secrets."""
    marks = {place: f"<from {file}>" for place, file in places.items()}
    old, new = shown(before, marks, "<secret>"), shown(after, marks, "<secret>")
    if old == new and before != after:
        changed = {place: f"<from {file}, changed>" for place, file in places.items()}
        new = shown(after, changed, "<secret, changed>")
    return {"before": old, "after": new, "prepared": "".join(f"{change}\n" for change in access)}


def inline_secrets(config: dict) -> list:
    """The places of secrets in the configuration itself."""
    censor = Censor()
    censor.by_names(config)
    return censor.places


def objections(findings: list, fail_on: str) -> list:
    """The findings that fail the task."""
    return [finding for finding in findings if fail_on == "warning" or (fail_on == ERROR and finding.severity == ERROR)]


def reach(module: CensoredModule) -> dict:
    """Write the file; the module's result. Fails where findings speak against it."""
    params = module.params
    result = write(params, module.check_mode)
    findings = result["findings"]
    result["findings"] = [finding.as_dict() for finding in findings]
    against = objections(findings, params["fail_on"])
    if against:
        said = "\n".join(f"- {finding}" for finding in against)
        what = f"{params['path']}, for a registry {params['registry_version']}: {counted(against)}"
        module.fail_json(msg=f"{what}\n{said}", findings=result["findings"])
    for finding in findings:
        module.warn(f"{params['path']}: {finding}")
    inline = sorted(set(inline_secrets(params["config"])) - set(params["secrets"]))
    if inline:
        advice = "Next: put each into a file and name the file in secrets (registry_secrets of the role)"
        module.warn(f"{params['path']}: the configuration itself contains secrets: {', '.join(inline)}. {advice}")
    return result


def main() -> None:
    module = CensoredModule(ARGUMENTS, {"config": strangers}, supports_check_mode=True)
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
