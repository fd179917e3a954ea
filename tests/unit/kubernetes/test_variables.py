# SPDX-License-Identifier: Apache-2.0
"""Secrets as variables: what the registry reads in them is what was meant, whatever it looks like."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.kubernetes.variables import flow, secret_variables
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.environment import overlaid
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import with_values
from hypothesis import given
from hypothesis import strategies as st

CONFIG = {
    "version": "0.1",
    "storage": {"swift": {"authurl": "http://h/auth/v1"}},
    "http": {"addr": ":5000"},
    "notifications": {"endpoints": [{"name": "one", "url": "http://h"}, {"name": "two", "url": "http://h"}]},
}
SCALARS = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)


@pytest.mark.parametrize("secret", ["0123456789", "yes", "null", "1e3", "a: b", "'", '"', "#x", "{}", "~"])
def test_a_secret_stays_a_text(secret):
    variables = secret_variables(CONFIG, {"storage.swift.password": secret}, "2.8")
    assert list(variables) == ["REGISTRY_STORAGE_SWIFT_PASSWORD"]
    assert overlaid(CONFIG, variables, "2.8").config["storage"]["swift"]["password"] == secret


def test_a_secret_in_a_list_takes_the_list_along():
    secrets = {
        "notifications.endpoints.0.headers.Authorization": "Bearer 1",
        "notifications.endpoints.1.headers.X-Token": "2",
    }
    variables = secret_variables(CONFIG, secrets, "2.8")
    assert list(variables) == ["REGISTRY_NOTIFICATIONS_ENDPOINTS"]
    assert overlaid(CONFIG, variables, "2.8").config == with_values(CONFIG, secrets)


def test_a_section_that_the_file_has_not_is_made():
    variables = secret_variables(CONFIG, {"redis.password": "0777"}, "3.1")
    assert overlaid(CONFIG, variables, "3.1").config["redis"] == {"password": "0777"}


def test_places_that_no_variable_reaches_are_named():
    secrets = {"http.secret": "a", "no_such.place": "b", "storage.maintenance.secret": "c"}
    with pytest.raises(InputError, match=r"^no_such\.place: no variable REGISTRY_\* of registry 2\.8"):
        secret_variables(CONFIG, secrets, "2.8")


@given(VALUES)
def test_one_line_of_yaml_is_what_it_was(value):
    line = flow(value)
    assert "\n" not in line and yaml.safe_load(line) == value


def test_one_is_not_true():
    assert (flow(1), flow(0), flow(True), flow(None)) == ("1", "0", "true", "null")
