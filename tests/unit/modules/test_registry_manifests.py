# SPDX-License-Identifier: Apache-2.0
"""The module registry_manifests: files and modes, a second run, check mode, refusals, and no word of a secret."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.modules import registry_manifests

from tests.conftest import RunModule
from tests.unit.kubernetes.registries import ENTRY, PEM

CANARY = "canary0123456789canary"
CONFIG = {
    "version": "0.1",
    "storage": {
        "swift": {"authurl": "http://rgw/auth/v1", "authversion": 1, "username": "r:s", "container": "registry"},
        "redirect": {"disable": True},
    },
    "http": {"addr": ":5000"},
}
TARGETS = pytest.mark.parametrize("target", ["manifests", "helm"])


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    """Parameters of a run that is fine; the swift key is there, the shared secret is not."""
    (tmp_path / "out").mkdir(mode=0o700)
    key = tmp_path / "swift.secret"
    key.touch(mode=0o600)
    key.write_text(CANARY)
    secrets = {"storage.swift.password": str(key), "http.secret": str(tmp_path / "http.secret")}
    return {
        "path": str(tmp_path / "out"),
        "target": "manifests",
        "name": "hub",
        "namespace": "registry",
        "image": "registry:2.8.3",
        "config": CONFIG,
        "secrets": secrets,
    }


@TARGETS
def test_written_again_checked(run_module: RunModule, given: dict[str, Any], tmp_path: Path, target: str) -> None:
    given["target"] = target
    checked = run_module(registry_manifests, check=True, **given)
    assert checked["changed"] and not list((tmp_path / "out").iterdir()) and not (tmp_path / "http.secret").exists()
    first = run_module(registry_manifests, **given)
    assert sorted(first["changes"]) == sorted(checked["changes"]) == sorted(first["files"])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert modes == {name: 0o600 if "secret" in name else 0o644 for name in first["files"]}
    again = run_module(registry_manifests, **given)
    assert not again["changed"] and again["changes"] == [] and again["diff"] == []


@TARGETS
def test_no_secret_is_printed(run_module: RunModule, given: dict[str, Any], tmp_path: Path, target: str) -> None:
    seen = run_module(registry_manifests, **{**given, "target": target})
    shared = (tmp_path / "http.secret").read_text().strip()
    held = "".join(path.read_text() for path in (tmp_path / "out").iterdir() if "secret" in path.name)
    assert CANARY not in seen["printed"] and shared not in seen["printed"]
    assert held


def test_the_pod_s_files_are_read(run_module: RunModule, given: dict[str, Any], tmp_path: Path) -> None:
    for name, text in (("htpasswd", ENTRY), ("c.pem", PEM), ("k.pem", PEM.format(CANARY)), ("ca.pem", PEM)):
        (tmp_path / name).write_text(text)
    folder = "/etc/docker/registry"
    config = {
        **CONFIG,
        "auth": {"htpasswd": {"realm": "hub", "path": f"{folder}/htpasswd"}},
        "http": {"addr": ":5000", "tls": {"certificate": f"{folder}/certificate.pem", "key": f"{folder}/key.pem"}},
    }
    files = {
        "htpasswd_file": "htpasswd",
        "tls_certificate_file": "c.pem",
        "tls_key_file": "k.pem",
        "gateway_ca_file": "ca.pem",
    }
    paths = {option: str(tmp_path / name) for option, name in files.items()}
    seen = run_module(registry_manifests, **{**given, "config": config}, **paths)
    assert seen.get("failed") is None and CANARY not in seen["printed"]
    [secret] = yaml.safe_load_all((tmp_path / "out" / "secret.yaml").read_text())
    assert {"htpasswd", "key.pem"} <= set(secret["data"])
    (tmp_path / "htpasswd").unlink()
    missing = run_module(registry_manifests, **{**given, "config": config}, **paths)
    assert missing["failed"] and f"htpasswd_file: there is no file {tmp_path / 'htpasswd'}" in missing["msg"]
    # In check mode the task before would have written the file.
    assert run_module(registry_manifests, check=True, **{**given, "config": config}, **paths).get("failed") is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "Hub"}, "Kubernetes refuses the name 'Hub'"),
        ({"target": "helm", "chart": "3"}, "no swift driver"),
        ({"environment": {"REGISTRY_LOG_LEVEL": "trace"}}, "log.level"),
        ({"environment": {"REGISTRY_HTTP_SECRET": CANARY}}, "REGISTRY_HTTP_SECRET"),
        ({"registry_version": "3.1"}, "storage.swift: registry 3 has no swift driver"),
        ({"tls_certificate_file": "/c"}, "parameters are required together: tls_certificate_file, tls_key_file"),
    ],
)
def test_refused_and_nothing_written(
    run_module: RunModule, given: dict[str, Any], tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    seen = run_module(registry_manifests, **{**given, **changed})
    assert seen["failed"] and said in seen["msg"] and CANARY not in seen["msg"]
    assert not list((tmp_path / "out").iterdir()) and not (tmp_path / "http.secret").exists()


def test_a_warning_lets_the_files_be_written(run_module: RunModule, given: dict[str, Any]) -> None:
    seen = run_module(registry_manifests, **given, environment={"HTTP_PROXY": "http://proxy:3128"})
    assert seen["changed"] and [finding["variable"] for finding in seen["findings"]] == ["HTTP_PROXY"]
    assert "HTTP_PROXY: a proxy between the registry and its storage" in str(seen["warnings"])


def test_a_namespace_that_is_no_longer_wanted_goes(
    run_module: RunModule, given: dict[str, Any], tmp_path: Path
) -> None:
    run_module(registry_manifests, **given)
    seen = run_module(registry_manifests, **given, create_namespace=False)
    assert seen["changes"] == ["namespace.yaml"] and not (tmp_path / "out" / "namespace.yaml").exists()
