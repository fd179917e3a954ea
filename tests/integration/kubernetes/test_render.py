# SPDX-License-Identifier: Apache-2.0
"""registry_render.yml with its targets: from the variables of role `registry` to files, on no host and no cluster."""

from __future__ import annotations

import json
import stat
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.playbooks.test_inline_secrets import CANARY, Run

pytestmark = pytest.mark.long

ON_SWIFT = {
    "registry_name": "hub",
    "registry_storage": "swift",
    "registry_swift_authurl": "http://rgw.example:8080/auth/v1",
    "registry_swift_secret_file": "{{ registry_dir }}/swift.secret",
    "registry_users": [{"name": "ci", "password_file": "{{ registry_dir }}/ci.password"}],
    "registry_notifications": {"endpoints": [{"name": "hook", "url": "https://hooks.example/"}]},
    "registry_secrets": {"notifications.endpoints.0.headers.Authorization": "{{ registry_dir }}/hook"},
}
FILES = {
    "manifests": {"namespace.yaml", "registry.yaml", "secret.yaml"},
    "helm": {"objects.yaml", "secret.yaml", "values.yaml", "values-secret.yaml"},
}
TARGETS = pytest.mark.parametrize("target", FILES)


def render(directory: Path, variables: dict[str, Any], *options: str) -> tuple[Run, Path]:
    host = {"ansible_host": "192.0.2.1", **ON_SWIFT, **variables}
    (directory / "hosts.yml").write_text(yaml.safe_dump({"registries": {"hosts": {"one": host}}}))
    (directory / "vars.json").write_text(json.dumps({"registry_render_dir": str(directory / "rendered")}))
    arguments = ("-i", str(directory / "hosts.yml"), "-e", f"@{directory / 'vars.json'}", *options)
    return Run(directory, "playbooks/registry_render.yml", *arguments), directory / "rendered" / "one"


def changed(run: Run) -> bool:
    return '"changed": 0' not in run.seen.rpartition('"stats"')[2]


@TARGETS
def test_written_again_and_checked(tmp_path, target):
    checked, folder = render(tmp_path, {"registry_render_target": target}, "--check")
    assert checked.code == 0 and changed(checked), checked.seen[-3000:]
    assert not (folder / target).exists() and not (folder / "swift.secret").exists()
    first, folder = render(tmp_path, {"registry_render_target": target})
    assert first.code == 0 and changed(first), first.seen[-3000:]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder / target).glob("*.yaml")}
    assert modes == {name: 0o600 if "secret" in name else 0o644 for name in FILES[target]}
    assert stat.S_IMODE((folder / target).stat().st_mode) == 0o700
    assert not (folder / "config.yml").exists()
    again, _folder = render(tmp_path, {"registry_render_target": target})
    assert again.code == 0 and not changed(again), again.seen[-3000:]
    for name in ("swift.secret", "http.secret", "hook", "ci.password"):
        secret = (folder / name).read_text().strip()
        assert not first.shows(secret) and not again.shows(secret)
        public = "".join(path.read_text() for path in (folder / target).glob("*.yaml") if "secret" not in path.name)
        assert secret not in public


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"registry_name": "Hub_1"}, "registry_name: Kubernetes refuses the name"),
        ({"registry_users": []}, "would serve every pod of the cluster without authentication"),
        ({"registry_redis": {"addr": "r:1", "password": CANARY}}, "redis.password: a secret in the configuration"),
    ],
    ids=["name", "open", "inline"],
)
def test_refused_and_nothing_written(tmp_path, variables, said):
    """tests/unit/kubernetes/test_checks.py has the other refusals."""
    run, folder = render(tmp_path, {"registry_render_target": "manifests", **variables})
    assert run.code != 0 and said in run.seen, run.seen[-3000:]
    assert not list((folder / "manifests").glob("*.yaml")) and not run.shows(CANARY)


def test_chart_3_with_swift_is_refused(tmp_path):
    run, _folder = render(tmp_path, {"registry_render_target": "helm", "registry_kubernetes_chart": "3"})
    assert run.code != 0 and "chart 3 runs registry 3, which has no swift driver" in run.seen


def test_an_unknown_target_is_refused(tmp_path):
    run, _folder = render(tmp_path, {"registry_render_target": "compose"})
    assert run.code != 0 and "registry_render_target" in run.seen and "manifests" in run.seen


def test_a_number_for_a_password_goes_through(tmp_path):
    key = tmp_path / "digits"
    key.touch(mode=0o600)
    key.write_text("01234567890123456789")
    variables = {"registry_render_target": "manifests", "registry_swift_secret_file": str(key)}
    run, folder = render(tmp_path, variables)
    assert run.code == 0, run.seen[-3000:]
    [secret] = yaml.safe_load_all((folder / "manifests" / "secret.yaml").read_text())
    held = b64decode(secret["data"]["REGISTRY_STORAGE_SWIFT_PASSWORD"]).decode()
    assert held == '"01234567890123456789"' and yaml.safe_load(held) == "01234567890123456789"
