# SPDX-License-Identifier: Apache-2.0
"""The system's systemd and a user's."""

from __future__ import annotations

from ansible_collections.rgwkit.ceph.plugins.module_utils.host.unit_scope import (
    SCOPES,
    UNIT_FOLDER,
    journal_of,
    systemctl,
    unit_folders,
)


def test_commands_name_the_manager():
    assert systemctl("system", "stop", "a.service") == ["systemctl", "stop", "a.service"]
    assert systemctl("user", "stop", "a.service") == ["systemctl", "--user", "stop", "a.service"]
    assert [journal_of("a.service", scope) for scope in SCOPES] == ["--unit=a.service", "--user-unit=a.service"]


def test_an_administrator_s_own_units_come_first():
    for scope in SCOPES:
        assert unit_folders(scope)[0] == UNIT_FOLDER[scope]
    assert not set(unit_folders("system")) & set(unit_folders("user"))
