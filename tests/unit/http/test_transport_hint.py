# SPDX-License-Identifier: Apache-2.0
"""What Keystone's and Designate's clients say to do where TLS does not come about, by handshakes that really fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import ToolError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.keystone_login import KeystoneLogin
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.secret import Secret
from ansible_collections.rgwkit.ceph.plugins.module_utils.dns.designate.client import Designate
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.keystone.client import Keystone

from tests.certificates import write_self_signed
from tests.faulty_gateway import FaultyGateway
from tests.hostile_servers import fixed, hostile_server

Ask = Callable[[Endpoint], Any]


def log_in(endpoint: Endpoint) -> Any:
    login = KeystoneLogin(str(endpoint), Login("dns", "password-canary-7e1d"), "storage")
    return Keystone(endpoint, 5).log_in(login)


def list_zones(endpoint: Endpoint) -> Any:
    return Designate(endpoint, Secret("token-canary-91c2"), 5).zones()


@pytest.mark.parametrize(("service", "ask"), [("Keystone", log_in), ("Designate", list_zones)])
@pytest.mark.parametrize(
    ("names", "days", "trusted", "said", "hint"),
    [
        ([], (-1, 30), False, "self-signed certificate", "Name the authorities that signed {}'s certificate (ca_file)"),
        ([], (-9, -1), True, "has expired", "renew {}'s certificate"),
        ([], (5, 30), True, "not yet valid", "Check the clock of this host"),
        (["dns.example.org"], (-1, 30), True, "mismatch", "and {} by a name that it is for"),
    ],
)
def test_a_certificate_that_is_not_accepted(
    tmp_path: Path, service: str, ask: Ask, names: list[str], days: tuple[int, int], trusted: bool, said: str, hint: str
) -> None:
    shown = write_self_signed(tmp_path / "shown.pem", *names, subject="shown", begins=days[0], ends=days[1])
    authority = shown if trusted else write_self_signed(tmp_path / "other.pem", subject="other")
    with FaultyGateway("127.0.0.1", 1, certificate=shown) as front, pytest.raises(ToolError) as failed:
        ask(Endpoint.parse(front.url, str(authority)))
    assert said in failed.value.code and hint.format(service) in failed.value.hint, str(failed.value)
    assert not front.requests and "canary" not in str(failed.value)


@pytest.mark.parametrize(("service", "ask"), [("Keystone", log_in), ("Designate", list_zones)])
def test_a_port_without_tls(service: str, ask: Ask) -> None:
    with hostile_server(fixed(b"{}", status="400 Bad Request")) as url, pytest.raises(ToolError) as failed:
        ask(Endpoint.parse(f"https://{url}"))
    assert f"{service} does not speak TLS there" in failed.value.hint, str(failed.value)
