# SPDX-License-Identifier: Apache-2.0
"""Secrets in dictionaries of roles, where a file was meant: refused or written, and shown by nothing.

Which dictionaries there are, tests/unit/base/test_censor.py knows.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.processes import command_lines
from tests.integration.rgw_users.helpers import spellings

ROOT = Path(__file__).resolve().parents[3]
CANARY = f"canary-{secrets.token_hex(12)}"
GATEWAY = {"hosts": "localhost", "connection": "local", "gather_facts": False}
REGISTRY: dict[str, Any] = {
    "registry_storage": "swift",
    "registry_swift_authurl": "http://192.0.2.1:8080/auth/v1",
    "registry_swift_username": "u:s",
    "registry_swift_secret_file": "{{ registry_dir }}/swift.secret",
    "registry_swift_options": {"secretkey": CANARY},
    "registry_redis": {"addr": "127.0.0.1:9", "password": CANARY},
    "registry_proxy": {"remoteurl": f"https://ci:{CANARY}@hub.example", "username": "ci", "password": CANARY},
    "registry_http": {"secret": CANARY},
    "registry_http_secret_file": "",
    "registry_notifications": {
        "endpoints": [
            {"name": "n", "url": "http://h/", "headers": {"Authorization": [f"Bearer {CANARY}"], "X-Token": [CANARY]}}
        ]
    },
    "registry_extra": {"reporting": {"bugsnag": {"apikey": CANARY}}, "log": {"hooks": [{"options": {"smtp": CANARY}}]}},
    "registry_token": {"realm": "r", "service": "s", "issuer": "i", "rootcertbundle": "/b", "secret": CANARY},
}
FROM_FILES = {
    "registry_storage": "inmemory",
    "registry_notifications": {"endpoints": [{"name": "n", "url": "http://h/"}]},
    "registry_secrets": {"notifications.endpoints.0.headers.Authorization": "{{ registry_dir }}/hook"},
}


class Run:
    """One run of ansible-playbook and all that could be seen of it."""

    def __init__(self, directory: Path, play: list[Any] | str, *options: str) -> None:
        playbook = play
        if not isinstance(play, str):
            (directory / "play.yml").write_text(yaml.safe_dump(play))
            playbook = str(directory / "play.yml")
        environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_LOG_PATH": str(directory / "ansible.log"),
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-vvvv", "--diff", *options, str(playbook)]
        with command_lines() as seen:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        self.code = done.returncode
        self.seen = done.stdout + done.stderr + (directory / "ansible.log").read_text()
        self.programs = b"\n".join(seen)

    def shows(self, secret: str) -> bool:
        return any(word in self.programs or word.decode() in self.seen for word in spellings(secret))


def render(directory: Path, variables: dict[str, Any]) -> tuple[Run, Path]:
    host = {"ansible_host": "192.0.2.1", "registry_name": "canary", **variables}
    (directory / "hosts.yml").write_text(yaml.safe_dump({"registries": {"hosts": {"one": host}}}))
    (directory / "vars.json").write_text(json.dumps({"registry_render_dir": str(directory / "rendered")}))
    options = ("-i", str(directory / "hosts.yml"), "-e", f"@{directory / 'vars.json'}")
    return Run(directory, "playbooks/registry_render.yml", *options), directory / "rendered" / "one"


def test_what_is_inline_in_a_registry_s_dictionaries_is_not_shown(tmp_path):
    # Some of it the registry would not take: what is refused is shown least carefully.
    refused, folder = render(tmp_path, REGISTRY)
    assert refused.code != 0 and "not a key of the registry" in refused.seen, refused.seen[-3000:]
    assert not (folder / "config.yml").exists()
    assert not refused.shows(CANARY)
    good = {name: value for name, value in REGISTRY.items() if name not in ("registry_token", "registry_extra")}
    good["registry_swift_options"] = {}
    written, folder = render(tmp_path, good)
    assert written.code == 0, written.seen[-3000:]
    assert (folder / "config.yml").read_text().count(CANARY) == 6
    assert stat.S_IMODE((folder / "config.yml").stat().st_mode) & stat.S_IRWXO == 0
    assert not written.shows(CANARY)
    assert "Authorization: <secret>" in written.seen and f"password: <from {folder}/swift.secret>" in written.seen


def test_a_header_of_a_notification_comes_from_a_file(tmp_path):
    run, folder = render(tmp_path, FROM_FILES)
    assert run.code == 0, run.seen[-3000:]
    made = (folder / "hook").read_text().strip()
    [endpoint] = yaml.safe_load((folder / "config.yml").read_text())["notifications"]["endpoints"]
    assert endpoint["headers"] == {"Authorization": [made]}
    assert not run.shows(made)


@pytest.mark.parametrize(
    ("role", "variables", "said"),
    [
        ("rgw_gateway", {"rgw_gateway_options": {"rgw_keystone_admin_password": CANARY}}, "suffix _path"),
        ("rgw_gateway", {"rgw_gateway_options": {"rgw_sts_key": CANARY}, "rgw_gateway_state": "absent"}, "rgw_sts_key"),
        (
            "rgw_gateway",
            {"rgw_gateway_instances": [{"name": "a", "port": 1, "options": {"rgw_opa_token": CANARY}}]},
            "rgw_opa_token",
        ),
        ("ceph_demo", {"ceph_demo_environment": {"CEPH_DEMO_SECRET_KEY": CANARY}}, "ceph_demo_secret_key_file"),
    ],
)
def test_a_secret_among_options_is_refused_before_anything_is_done(tmp_path, role, variables, said):
    include = {"ansible.builtin.include_role": {"name": f"rgwkit.ceph.{role}"}, "name": "Include the role"}
    run = Run(
        tmp_path, [{**GATEWAY, "name": "Run the role", "tasks": [include], "vars": variables}], "-i", "localhost,"
    )
    assert run.code != 0 and said in run.seen, run.seen[-3000:]
    assert not run.shows(CANARY)


NEGATIVE: list[Any] = [
    {"uid": "a", "subusers": [{"name": "s", "access": "full", "secrt": CANARY}]},
    {"uid": "a", "subusers": [{"name": "s", "access": "full", "secret": {"value": CANARY}}]},
    {"uid": "a", "subusers": [{"name": "s", "access": "full", "secret": [CANARY]}]},
    {"uid": "a", "subusers": {"name": "s", "access": "full", "secret": CANARY}},
    {"uid": "a", "subusers": CANARY},
    {"uid": "a", "subuser": [{"name": "s", "key": CANARY}]},
    {"uid": "a", "s3_keys": [{"access_key": "X", "secret_key": CANARY}]},
    {"uid": "a", "s3_keys": [{"access_key": "X", "secret_file": CANARY}]},
    {"uid": "a", "temp_url_keys": [{"index": 7, "secret": CANARY}]},
    {"uid": "a", "user_quota": {"max_size": "10GB"}, "s3_keys": [{"access_key": "X", "secret": f"{CANARY} x"}]},
    CANARY,
]


def test_a_malformed_user_is_refused_without_its_secret(tmp_path):
    connection = {"endpoint": "http://127.0.0.1:1", "access_key": "a", "secret_key": "b" * 20, "wait": 0}
    tasks = [
        {"name": f"Entry {number}", "rgwkit.ceph.rgw_users": {**connection, "users": [f"{{{{ entries[{number}] }}}}"]}}
        for number in range(len(NEGATIVE))
    ]
    variables = {"entries": NEGATIVE, "ansible_python_interpreter": sys.executable}
    play = {**GATEWAY, "name": "Try each", "vars": variables}
    run = Run(tmp_path, [{**play, "tasks": [{**task, "ignore_errors": True} for task in tasks]}], "-i", "localhost,")
    assert run.code == 0, run.seen[-3000:]
    assert f'"ignored": {len(NEGATIVE)}' in run.seen, run.seen[-3000:]
    assert "keys[0].secret_key: did you mean secret?" in run.seen and "module_stderr" not in run.seen
    assert not run.shows(CANARY)
