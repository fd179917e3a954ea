# SPDX-License-Identifier: Apache-2.0
"""The definition of a service: what is missing, unknown or no choice is refused."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.services.definition import complete, override

from .definitions import given


def test_what_is_not_given_has_a_default_that_confines():
    definition = complete(given())
    assert (definition["confined"], definition["network"], definition["restart"]) == (True, "host", "unless-stopped")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"imgae": "x"}, "has unknown keys: imgae"),
        ({"name": ""}, "has no name"),
        ({"runtime": "container"}, "runtime of the service hub is container, and may be docker, podman, package"),
        ({"scope": "root"}, "scope of the service hub is root, and may be system, user"),
        ({"scope": "user"}, "the service hub is an ordinary user's .scope., which only the runtime podman can run"),
        ({"restart": "sometimes"}, "may be unless-stopped, always, on-failure, no"),
        ({"distribution_unit": "a.service", "package_state": "latest"}, "has a distribution_unit, can only"),
        ({"environment": {"PORT": "1", "REGISTRY_HTTP_SECRET": "x"}}, "service hub has REGISTRY_HTTP_SECRET, which"),
        ({"command": "serve /etc/config.yml"}, "command of the service hub is no list: 'serve /etc/config.yml'"),
        ({"environment": ["A=1"]}, "environment of the service hub is no mapping"),
        ({"labels": "io.rgwkit.home"}, "labels of the service hub is no mapping"),
        ({"name": "../hub"}, "the service cannot have the name '../hub'"),
        ({"name": "-hub"}, "the service cannot have the name '-hub'"),
        ({"name": "hub\n"}, "the service cannot have the name"),
        ({"unit": "a/b.service"}, "unit of the service hub is 'a/b.service', which is no name of a unit"),
        ({"description": "Hub\n[Service]"}, "description of the service hub has more than one line"),
        ({"home": "/inventory\n"}, "home of the service hub has more than one line"),
        ({"labels": {"a": "b\n[Service]"}}, "labels of the service hub has more than one line"),
        ({"properties": ["User=1\nExecStartPre=x"]}, "properties of the service hub has more than one line"),
    ],
)
def test_a_mistake_is_named(changes, said):
    with pytest.raises(InputError, match=said):
        complete(given(**changes))


def test_a_process_beside_the_service_has_a_name_of_its_own_and_is_not_restarted():
    beside = override(complete(given(unit="a.service", volumes=["v"])), {"command": ["-v"]}, "-once")
    assert (beside["name"], beside["restart"], beside["command"]) == ("hub-once", "no", ["-v"])
    assert (beside["unit"], beside["volumes"]) == ("", [])
