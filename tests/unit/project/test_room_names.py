# SPDX-License-Identifier: Apache-2.0
"""The names of the engine's rooms beside those of ansible-core's own module_utils."""

from __future__ import annotations

import pkgutil

import ansible.module_utils

from tests.playbooks import PROJECT


def test_no_room_takes_the_place_of_a_module_of_ansible_core():
    """In a clone, module_utils/service would be what systemd_service imports as ansible.module_utils.service."""
    core = {module.name for module in pkgutil.iter_modules(ansible.module_utils.__path__)}
    rooms = {path.name for path in (PROJECT / "module_utils").iterdir() if path.is_dir()}
    assert "service" in core and "services" in rooms
    assert rooms & core == set()
