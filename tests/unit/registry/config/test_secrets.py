# SPDX-License-Identifier: Apache-2.0
"""Which files hold the secrets of a registry's configuration."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.secrets import files_of, unset_secret

from tests.unit.registry.variables import DEFAULTS


def given(**changes):
    return {**DEFAULTS, "swift_secret_file": "/swift", "s3_secret_file": "/s3", **changes}


def test_the_storage_s_secret_is_the_driver_s_own():
    assert files_of(given())["storage.swift.password"] == "/swift"
    assert "storage.swift.password" not in files_of(given(storage="s3"))
    assert files_of(given(storage="filesystem")) == {"http.secret": "/etc/rgwkit/hub/http.secret"}


def test_further_secrets_lie_on_top_and_an_empty_file_means_none():
    further = {"storage.swift.password": "/other", "http.secret": "", "notifications.endpoints.0.url": "/hook"}
    assert files_of(given(secrets=further)) == {
        "storage.swift.password": "/other",
        "notifications.endpoints.0.url": "/hook",
    }


@pytest.mark.parametrize(
    ("storage", "unset"),
    [("swift", "registry_swift_secret_file"), ("s3", "registry_s3_secret_file"), ("filesystem", ""), ("inmemory", "")],
)
def test_a_gateway_s_storage_needs_a_secret(storage, unset):
    assert unset_secret(given(storage=storage, swift_secret_file="", s3_secret_file="")) == unset
    assert unset_secret(given(storage=storage)) == ""
