# SPDX-License-Identifier: Apache-2.0
"""A demo's gateway with users of a real Keystone, by TLS: as the role sets it up, and what its clients are answered."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config

from tests.ceph import IMAGE
from tests.integration.keystone.account import Account, new_account
from tests.integration.keystone.forwarder import forwarded
from tests.integration.rgw_topics.receiver import host_address
from tests.playbooks import Run, free_port, run_playbook

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Demo:
    """The play of the role ceph_demo for one demo. account: as whom its gateway logs in, and where."""

    account: Account
    playbook: Path
    keystone_url: str
    name: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *options: str, keystone: dict[str, object] | None = None, **variables: object) -> Run:
        """Run the play. keystone: entries of ceph_demo_keystone over its own."""
        given = {
            **self.account.options,
            "url": self.keystone_url,
            "accepted_roles": ["member", "read*"],
            **(keystone or {}),
        }
        done = run_playbook(self.playbook, "-i", "localhost,", *options, ceph_demo_keystone=given, **variables)
        assert self.account.is_hidden(done.output)
        return done

    def started(self) -> str:
        """When the container was started last."""
        form = "--format={{.Id}} {{.State.StartedAt}}"
        return subprocess.run(["docker", "inspect", form, self.name], capture_output=True, text=True, check=True).stdout

    def swift(self, method: str, path: str, token: str, data: str = "") -> requests.Response:
        headers = {"X-Auth-Token": token}
        return requests.request(method, f"{self.url}/swift/v1{path}", headers=headers, data=data, timeout=60)

    def s3(self, access_key: str, secret_key: str):
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )


@pytest.fixture(scope="module")
def demo(keystone, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    account = new_account(keystone, folder, "admin")
    name, port = f"rgwkit-test-{secrets.token_hex(3)}", free_port()
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
        "rgwkit_home": name,
        "ceph_demo_name": name,
        "ceph_demo_image": IMAGE,
        "ceph_demo_storage": "ephemeral",
        "ceph_demo_memory": "2g",
        "ceph_demo_dir": str(folder / "demo"),
        "ceph_demo_rgw_port": port,
        "ceph_demo_ready_timeout": 180,
    }
    roles = [{"name": "Run the demo", "role": "rgwkit.ceph.ceph_demo"}]
    playbook = folder / "demo.yml"
    playbook.write_text(
        json.dumps([{"name": "Demo", "hosts": "localhost", "gather_facts": False, "vars": variables, "roles": roles}])
    )
    # The demo's network reaches this host, but no container of another network.
    with forwarded(host_address(keystone.container), keystone.address, 5001) as forwarded_port:
        url = f"https://{host_address(keystone.container)}:{forwarded_port}/v3"
        demo = Demo(account, playbook, url, name, port)
        try:
            first = demo.run("-vvv", "--diff")
            assert first.code == 0, first.output
            yield demo
        finally:
            demo.run(ceph_demo_state="absent", ceph_demo_remove_data=True)


def test_a_second_run_changes_nothing(demo):
    again = demo.run("-vvv", "--diff")
    assert (again.code, again.count("changed")) == (0, 0), again.output


def test_nobody_is_shown_the_password(demo):
    shown = subprocess.run(["docker", "inspect", demo.name], capture_output=True, text=True, check=True).stdout
    logs = subprocess.run(["docker", "logs", demo.name], capture_output=True, text=True, check=True)
    assert "rgw_keystone_url" in shown
    assert demo.account.is_hidden(shown) and demo.account.person.password not in logs.stdout + logs.stderr
    conf = ["docker", "exec", demo.name, "cat", "/etc/ceph/ceph.conf"]
    assert demo.account.is_hidden(subprocess.run(conf, capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("role", ["member", "reader"])
def test_a_token_with_an_accepted_role_is_good(demo, keystone, role):
    token = keystone.identity.token_of(keystone.identity.person(role))
    assert demo.swift("PUT", "/c", token).status_code == 201
    assert demo.swift("PUT", "/c/o", token, "content").status_code == 201
    assert demo.swift("GET", "/c/o", token).text == "content"


def test_a_token_without_an_accepted_role_is_not(demo, keystone):
    """401 and not 403, as for a wrong token: radosgw tells them apart in its log only."""
    token = keystone.identity.token_of(keystone.identity.person("other"))
    assert demo.swift("GET", "", token).status_code == 401


def test_a_wrong_token_is_not(demo):
    assert demo.swift("GET", "", "gAAAAAwrong").status_code == 401


def test_projects_do_not_see_each_other_s_containers(demo, keystone):
    one, other = (keystone.identity.token_of(keystone.identity.person("member")) for _place in range(2))
    assert demo.swift("PUT", "/same", one).status_code == demo.swift("PUT", "/same", other).status_code == 201
    assert demo.swift("PUT", "/same/o", one, "content").status_code == 201
    assert demo.swift("GET", "/same/o", other).status_code == 404


def test_a_revoked_token_counts_as_long_as_the_gateway_keeps_it(demo, keystone):
    person = keystone.identity.person("member")
    known, new = (keystone.identity.token_of(person) for _place in range(2))
    assert demo.swift("GET", "", known).ok
    for token in (known, new):
        keystone.identity.revoke(token)
    assert demo.swift("GET", "", known).ok
    assert demo.swift("GET", "", new).status_code == 401


def test_s3_with_ec2_credentials_is_in_the_same_buckets(demo, keystone):
    person = keystone.identity.person("member")
    client = demo.s3(*keystone.identity.ec2_credential(person))
    client.create_bucket(Bucket="bucket")
    client.put_object(Bucket="bucket", Key="o", Body=b"content")
    assert demo.swift("GET", "/bucket/o", keystone.identity.token_of(person)).text == "content"
    access_key, _secret = keystone.identity.ec2_credential(person)
    stranger = keystone.identity.ec2_credential(keystone.identity.person("other"))
    for credential in ((access_key, "wrong"), stranger):
        with pytest.raises(client.exceptions.ClientError) as refused:
            demo.s3(*credential).list_buckets()
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_what_keystone_refuses_changes_nothing(demo):
    before = demo.started()
    refused = demo.run(keystone={"accepted_roles": ["Member"]})
    assert refused.code != 0 and "write it member" in refused.output, refused.output
    assert "is of the API v2" in demo.run(keystone={"url": "https://keystone.example.com/v2.0"}).output
    assert demo.started() == before


def test_a_change_of_options_restarts_the_gateway_once(demo, keystone):
    before = demo.started()
    checked = demo.run("--check", "--diff", keystone={"token_cache_size": 0})
    assert (checked.code, demo.started()) == (0, before), checked.output
    assert checked.count("changed") > 0
    changed = demo.run("-vvv", "--diff", keystone={"token_cache_size": 0})
    assert changed.code == 0 and changed.count("changed") > 0, changed.output
    after = demo.started()
    assert after != before
    again = demo.run(keystone={"token_cache_size": 0})
    assert (again.code, again.count("changed"), demo.started()) == (0, 0, after), again.output

    token = keystone.identity.token_of(keystone.identity.person("member"))
    assert demo.swift("GET", "", token).ok
    keystone.identity.revoke(token)
    assert demo.swift("GET", "", token).status_code == 401  # without a cache
