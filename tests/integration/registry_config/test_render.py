# SPDX-License-Identifier: Apache-2.0
"""registry_render.yml: every section of config.yml from the role's variables, on no host; a real registry takes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint

from .registries import VERSION, running
from .test_behaviour import needs_swift

PROJECT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent

EVERY_SECTION = {
    "registry_storage": "inmemory",
    "registry_cache": "redis",
    "registry_port": 0,
    "registry_readonly": True,
    "registry_log": {"formatter": "json", "accesslog": {"disabled": True}, "fields": {"service": "all"}},
    "registry_headers": {"X-One": ["a", "b"], "X-Two": ["#c: {d}"]},
    "registry_http": {"host": "https://registry.example.com", "prefix": "/r/", "http2": {"disabled": True}},
    "registry_redis": {"addr": "127.0.0.1:9", "dialtimeout": "1s", "pool": {"maxidle": 4, "idletimeout": "60s"}},
    "registry_redis_password_file": "{{ registry_dir }}/redis.secret",
    "registry_notifications": {
        "endpoints": [{"name": "n", "url": "http://127.0.0.1:9/", "timeout": "1s", "disabled": True}]
    },
    "registry_validation": {"manifests": {"urls": {"allow": ["^https://"]}}},
    "registry_catalog": {"maxentries": 50},
    "registry_extra": {"policy": {"repository": {"classes": ["image"]}}, "http": {"relativeurls": True}},
}
# Other words for another registry's.
BY_VERSION = {
    "2.7": {"registry_catalog": {}},
    "3.0": {"registry_redis": {"addrs": ["127.0.0.1:9"], "dialtimeout": "1s", "poolsize": 4}},
    "3.1": {"registry_redis": {"addrs": ["127.0.0.1:9"], "poolsize": 4}, "registry_tags": {"maxtags": 50}},
}


@pytest.fixture
def render(tmp_path):
    """Runs the playbook for one registry with the given variables; returns its exit code, output and folder."""

    def run(*options: str, **variables: object) -> tuple[int, str, Path]:
        # Nobody is at that address, and no docker daemon at that socket.
        host = {"ansible_host": "192.0.2.1", "registry_version": VERSION, **variables}
        inventory = {"registries": {"hosts": {"one": host}}}
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump(inventory))
        target = tmp_path / "rendered"
        command = [str(BIN / "ansible-playbook"), "-i", str(tmp_path / "hosts.yml"), "playbooks/registry_render.yml"]
        command += ["-e", json.dumps({"registry_render_dir": str(target)}), "--diff", "-vvv", *options]
        environment = {**os.environ, "DOCKER_HOST": "unix:///nonexistent"}
        done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr, target / "one"

    return run


def test_every_section_reaches_the_registry(render, tmp_path):
    code, output, folder = render(**{**EVERY_SECTION, **BY_VERSION.get(VERSION, {})})
    assert code == 0, output
    text = (folder / "config.yml").read_text()
    assert lint(text, VERSION) == []
    with running(tmp_path / "runs", {"one": text}) as runs:
        answer = runs["one"].ask("GET", "/r/v2/")
        log = json.loads(runs["one"].first_line)
    assert answer.status == 200
    assert (answer.headers.get_all("X-One"), answer.headers.get_all("X-Two")) == (["a", "b"], ["#c: {d}"])
    assert log["service"] == "all"


def test_again_nothing_changes_and_no_secret_is_shown(render):
    variables = {"registry_storage": "filesystem", "registry_users": [{"name": "ci", "password_file": "ci.password"}]}
    variables["registry_users"][0]["password_file"] = "{{ registry_dir }}/ci.password"
    first = render(**variables)
    again = render(**variables)
    assert (first[0], again[0]) == (0, 0), first[1] + again[1]
    assert "changed=0" in again[1] and "changed=0" not in first[1]
    folder = first[2]
    assert {path.name for path in folder.iterdir()} == {
        ".rgwkit",
        "ci.password",
        "config.yml",
        "htpasswd",
        "http.secret",
    }
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert not [name for name in ("http.secret", "ci.password") if (folder / name).read_text().strip() in first[1]]


@needs_swift
def test_the_default_is_swift_without_a_fault(render):
    code, output, folder = render(registry_swift_secret_file="{{ registry_dir }}/swift.secret")
    assert code == 0, output
    assert lint((folder / "config.yml").read_text(), VERSION) == []


def test_swift_without_a_key_says_what_to_set(render):
    code, output, _folder = render(registry_storage="swift")
    assert code != 0 and "registry_swift_secret_file is not set" in output


def test_faults_in_the_variables_are_named_and_nothing_is_written(render):
    extra = {"storage": {"delete": {"enabled": "yes"}}, "http": {"adr": ":1"}}
    code, output, folder = render(registry_storage="inmemory", registry_extra=extra)
    assert code != 0 and "storage.delete.enabled: a string where a boolean belongs" in output
    assert "http.adr: not a key of the registry" in output
    assert not (folder / "config.yml").exists()
