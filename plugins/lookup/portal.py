# Copyright (c) rgwkit authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
name: portal
short_description: Look up what follows from the variables of the role rgw_portal
version_added: "0.3.0"
author: rgwkit authors (@rgwkit)
description:
  - Returns what P(rgwkit.ceph.rgw_portal#role) derives from its variables, for the current host.
options:
  _terms:
    description: What to look up.
    type: list
    elements: str
    choices:
      needs: What the host must have, as options of P(rgwkit.ceph.host_preflight#module).
      objections: What is wrong with the variables.
      account: Name and comment of the user as whom the portal runs.
      venv: Folder of the Python packages.
      requirements_file: Path of the list of Python packages, on the host.
      in_container: Whether docker or podman runs the portal.
      image: Name of the container's image, and what the image consists of.
      layer: Path of the folder of the image's layer, on the controller. The folder goes at the end of the run.
      program: Path of the application as one file, on the controller. The file goes at the end of the run.
      program_file: Path of the application, on the host.
      state_folder: Folder of the SQLite database.
      config: Content of the configuration file.
      config_file: Path of the configuration file.
      contents: Names of all that the role writes, by kind.
      credentials: Copies of secrets for a container, for the entry point C(credentials) of P(rgwkit.ceph.service#role).
      log_command: The command that shows the portal's log.
      secret_files: Paths of the files with secrets that have to be on the host.
      definition: The portal as a definition of P(rgwkit.ceph.service#role).
      things: The names that the service uses, for P(rgwkit.ceph.ownership#module).
      trial: What the trial of the configuration needs before the portal changes.
      ready_url: Where the portal tells what it reaches.
    required: true
"""

EXAMPLES = r"""
- name: Show the configuration of the portal
  ansible.builtin.debug:
    msg: "{{ lookup('rgwkit.ceph.portal', 'config') }}"
"""

RETURN = r"""
_raw: {description: What the term stands for., type: list, elements: raw}
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleLookupError
from ansible_collections.rgwkit.ceph.plugins.module_utils.portal.host_portal import HostPortal
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.home import inventory_home
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.portal_program import (
    digest_of_program,
    write_layer,
    write_program,
)
from ansible_collections.rgwkit.ceph.plugins.plugin_utils.role_variables import DerivedLookup


class LookupModule(DerivedLookup):
    """The lookup portal."""

    prefix = "rgw_portal_"
    derived = HostPortal
    _files: Path | None

    def context(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The identity of the inventory, and a digest of the application and of the role."""
        # The definition is evaluated in the role service, too.
        role = variables.get("role_path")
        self._files = Path(role).parent / "rgw_portal" / "files" if role else None
        return {"home": inventory_home(self._templar, variables), "release": self._release}

    def _value(self, role: Any, term: str) -> Any:
        writers = {"program": self._program, "layer": self._layer}
        return writers[term]() if term in writers else super()._value(role, term)

    def _release(self) -> str:
        """SHA-256 of what makes the portal; empty outside of a role."""
        if self._files is None:
            return ""
        parts = [self._files / "requirements.txt", self._files / "image" / "Dockerfile"]
        parts += sorted((self._files.parent / "tasks").glob("*.yml"))
        found = hashlib.sha256(digest_of_program(self._application, self._engine).encode())
        for path in parts:
            found.update(path.read_bytes())
        return found.hexdigest()

    def _program(self) -> str:
        return str(write_program(self._application, self._engine, Path(constants.DEFAULT_LOCAL_TMP)))

    def _layer(self) -> str:
        dockerfile = self._own_files / "image" / "Dockerfile"
        return str(write_layer(Path(self._program()), dockerfile, Path(constants.DEFAULT_LOCAL_TMP)))

    @property
    def _application(self) -> Path:
        return self._own_files / "portal"

    @property
    def _engine(self) -> Path:
        return self._own_files.parents[2] / "plugins" / "module_utils"

    @property
    def _own_files(self) -> Path:
        if self._files is None:
            raise AnsibleLookupError(
                "only roles have the application. Next: look up 'program' or 'layer' in the role rgw_portal"
            )
        return self._files
