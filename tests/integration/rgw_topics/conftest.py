# SPDX-License-Identifier: Apache-2.0
"""One gateway and one receiver for all tests here, and the module's own main() pointed at the gateway."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_topics

from tests.certificates import write_self_signed
from tests.integration.gateway import running_gateway
from tests.integration.rgw_topics.helpers import CANARY, Owner, TopicsGateway
from tests.integration.rgw_topics.receiver import Receiver, host_address, running_receiver


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TopicsGateway]:
    folder = tmp_path_factory.mktemp("gateway")
    certificate = write_self_signed(folder / "tls.pem")
    with running_gateway(folder, certificate) as demo:
        gateway = TopicsGateway(demo, certificate)
        gateway.wait_until_ready()
        yield gateway


@pytest.fixture(scope="session")
def receiver(gateway: TopicsGateway) -> Iterator[Receiver]:
    with running_receiver(host_address(gateway.demo.container)) as receiver:
        yield receiver


@pytest.fixture
def owner(gateway: TopicsGateway) -> Owner:
    return gateway.new_owner()


@pytest.fixture
def name() -> str:
    """The name of a topic that no other test has."""
    return f"t{secrets.token_hex(4)}"


@pytest.fixture
def module(gateway, run_module):
    """Run the module on some topics; returns what Ansible would get. An option that is None is left out."""

    def run(*topics, check=False, **options):
        demo = gateway.demo
        admin = {
            "endpoint": demo.url,
            "ca_file": str(gateway.certificate),
            "access_key": demo.access_key,
            "secret_key_file": str(demo.secret_file),
        }
        result = run_module(rgw_topics, check=check, **{**admin, "topics": list(topics), **options})
        printed = result.pop("printed")
        assert CANARY not in printed
        assert demo.secret not in printed
        return result

    return run
