#!/usr/bin/python
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

DOCUMENTATION = r"""
module: registry_config
short_description: Write a Docker registry's config.yml from typed data
version_added: "0.1.0"
author: rgwkit authors (@rgwkit)
description:
  - Writes the configuration with mode 0600, every string quoted and every number and boolean as what it is, since the
    registry panics on, or silently ignores, values of another type.
  - Secrets are read from files by this module and appear nowhere else, diffs included.
attributes:
  check_mode: {description: Says what would be written., support: full}
  diff_mode: {description: Shows the file with marks in place of the secrets., support: full}
  idempotent: {description: A second run changes nothing., support: full}
options:
  path: {description: The file to write. Its folder has to exist., type: path, required: true}
  owner: {description: User id that owns the file; the registry runs as it., type: int, default: 0}
  config: {description: "The configuration as data, without secrets.", type: dict, required: true}
  secrets:
    description:
      - Where in the configuration which secret goes; the key is the dotted place, the value a file on this host.
      - A file that is missing is made with a random secret of 40 letters and digits, mode 0600.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: A registry on Ceph's swift
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
      http:
        addr: :5000
    secrets:
      storage.swift.password: /etc/docker/registry/swift.secret
      http.secret: /etc/docker/registry/http.secret

- name: A scratch registry in memory
  rgwkit.ceph.registry_config:
    path: /tmp/scratch/config.yml
    config: {version: "0.1", storage: {inmemory: {}}, http: {addr: "127.0.0.1:5001"}}

- name: For a registry that runs as user 65532
  rgwkit.ceph.registry_config:
    path: /srv/registry/config.yml
    owner: 65532
    config: "{{ my_registry }}"
    secrets: {http.secret: /srv/registry/http.secret}
"""

RETURN = r"""
path: {description: The file., returned: success, type: str}
"""

import os
import re

from ansible.module_utils.basic import AnsibleModule

from ..module_utils.managed_file import access_differences, read_text, write_text
from ..module_utils.registry_config import ConfigError, dump, with_values
from ..module_utils.registry_secrets import keep
from ..module_utils.rgw_errors import InputError, RgwError

ARGUMENTS = {
    "path": {"type": "path", "required": True},
    "owner": {"type": "int", "default": 0},
    "config": {"type": "dict", "required": True},
    "secrets": {"type": "dict", "default": {}, "no_log": False},
}


def masked(text: str, places: dict) -> str:
    """The text with a mark in place of each secret; old and new text have the secret on the line of its key."""
    for place, mark in places.items():
        text = re.sub(rf"^(\s*{re.escape(place.rsplit('.', 1)[-1])}: ).*$", rf'\1"{mark}"', text, flags=re.MULTILINE)
    return text


def run(params: dict, check_mode: bool) -> dict:
    """Write the file if it differs; returns the module's result."""
    path, owner = params["path"], params["owner"]
    kept = {place: keep(file, check_mode) for place, file in params["secrets"].items()}
    wanted = dump(with_values(params["config"], {place: found.secret.value for place, found in kept.items()}))
    current = read_text(path)
    access = access_differences(path, owner) if current is not None else []
    changed = current != wanted or bool(access)
    if changed and not check_mode:
        write_text(path, wanted, owner)
    return {"changed": changed, "path": path, "diff": difference(current or "", wanted, access, params["secrets"])}


def difference(before: str, after: str, access: list, places: dict) -> dict:
    """Ansible's diff of the two texts, without secrets."""
    old, new = masked(before, dict.fromkeys(places, "secret")), masked(after, dict.fromkeys(places, "secret"))
    if old == new and before != after:
        new = masked(after, dict.fromkeys(places, "another secret"))
    return {"before": old, "after": new, "prepared": "".join(f"{change}\n" for change in access)}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        module.exit_json(**run(module.params, module.check_mode))
    except (ConfigError, InputError, RgwError) as error:
        module.fail_json(msg=str(error))
    except OSError as error:
        folder = os.path.dirname(module.params["path"])
        module.fail_json(msg=f"writing {module.params['path']}: {error.strerror}; does {folder} exist?")


if __name__ == "__main__":
    main()
