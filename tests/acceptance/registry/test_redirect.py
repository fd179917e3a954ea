# SPDX-License-Identifier: Apache-2.0
"""registry_redirect of the role: redirects stay after a proof, and a failed proof leaves the registry without them."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.doctor.runner import wait_ready
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.endpoint import Endpoint
from ansible_collections.rgwkit.ceph.plugins.module_utils.s3.bucket import S3Bucket

from tests.acceptance.registry.registry_host import RegistryHost, registry_host
from tests.integration.gateway import Gateway, running_gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        ready = wait_ready(Endpoint.parse(running.url), Login(running.user, running.secret), 120)
        assert ready.ok, f"{ready}\n{running.logs()[-4000:]}"
        yield running


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RegistryHost]:
    with registry_host(tmp_path) as made:
        yield made


def key_file(folder: Path, name: str) -> Path:
    file = folder / name
    file.touch(mode=0o600)
    file.write_text(secrets.token_hex(16))
    return file


def on_swift(gateway: Gateway, key: Path, choice: str, **more: object) -> dict[str, object]:
    return {
        "registry_storage": "swift",
        "registry_swift_authurl": f"{gateway.url}/auth/v1",
        "registry_swift_username": gateway.user,
        "registry_swift_secret_file": str(gateway.secret_file),
        "registry_swift_temp_url_key_file": str(key),
        "registry_swift_container": "redirects",
        "registry_redirect": choice,
        **more,
    }


def give_key(gateway: Gateway, key: Path, index: str = "") -> None:
    option = f"--temp-url-key{index}={key.read_text()}"
    gateway.run("radosgw-admin", "user", "modify", "--uid=demo", option)


def written(host: RegistryHost) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((host.folder / "registry/config.yml").read_text())["storage"]
    return found


def kept(host: RegistryHost) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((host.folder / "registry/redirect.json").read_text())
    return found


def test_auto_keeps_redirects_that_work_and_costs_nothing_the_second_time(gateway: Gateway, host: RegistryHost) -> None:
    key, successor = key_file(host.folder, "key-a"), key_file(host.folder, "key-b")
    give_key(gateway, key)
    clients = {"registry_redirect_clients": ["localhost"], "registry_redirect_url": f"http://127.0.0.1:{host.port}"}
    variables = on_swift(gateway, key, "auto", **clients)
    first = host.play(**variables)
    assert first.code == 0, first.output
    assert written(host)["redirect"] == {"disable": False}
    assert written(host)["swift"]["secretkey"] == key.read_text()
    assert kept(host)["redirects"] is True
    assert "Prove that a client gets blobs from the gateway" in first.output
    started = host.started()

    again = host.play(**variables)
    assert (again.code, again.count("changed")) == (0, 0), again.output
    assert host.started() == started
    assert "TASK [rgwkit.ceph.registry : Prove that the registry's host gets blobs from the gateway]" in again.output
    assert "Try the new configuration" not in again.output

    # The rotation: the account has both keys, the registry gets the new one, and the old one goes.
    give_key(gateway, successor, "-2")
    rotated = host.play(**{**variables, "registry_swift_temp_url_key_file": str(successor)})
    assert rotated.code == 0, rotated.output
    assert written(host)["swift"]["secretkey"] == successor.read_text()
    assert written(host)["redirect"] == {"disable": False}
    stored = json.loads(gateway.run("radosgw-admin", "user", "info", "--uid=demo"))["temp_url_keys"]
    assert {one["key"]: one["val"] for one in stored} == {0: key.read_text(), 1: successor.read_text()}
    for run in (first, again, rotated):
        assert key.read_text() not in run.output
        assert successor.read_text() not in run.output
        assert "temp_url_sig" not in run.output

    # A key that the account loses is noticed by the next run, which leaves the registry without redirects.
    give_key(gateway, key, "-2")
    lost = host.play(**{**variables, "registry_swift_temp_url_key_file": str(successor)})
    assert lost.code == 0, lost.output
    assert written(host)["redirect"] == {"disable": True}
    assert "does not know the key" in kept(host)["found"]


def test_auto_leaves_a_registry_without_redirects_that_do_not_work(gateway: Gateway, host: RegistryHost) -> None:
    key = key_file(host.folder, "unknown-key")
    variables = on_swift(gateway, key, "auto")
    first = host.play(**variables)
    assert first.code == 0, first.output
    assert written(host)["redirect"] == {"disable": True}
    assert (kept(host)["redirects"], "redirect-key" in kept(host)["found"]) == (False, True), kept(host)
    assert "runs without redirects" in first.output
    assert "does not know the key" in first.output
    started = host.started()

    again = host.play(**variables)
    assert (again.code, again.count("changed")) == (0, 0), again.output
    assert host.started() == started
    assert key.read_text() not in first.output + again.output

    off = host.play(**on_swift(gateway, key, "off"))
    assert off.code == 0, off.output
    assert "tempurlmethods" not in written(host)["swift"]
    assert not (host.folder / "registry/redirect.json").exists()


def test_on_redirects_and_off_takes_that_back(gateway: Gateway, host: RegistryHost) -> None:
    key = key_file(host.folder, "key")
    give_key(gateway, key)
    on = host.play(**on_swift(gateway, key, "on"))
    assert on.code == 0, on.output
    assert "Prove that the registry's host gets blobs from the gateway" in on.output
    assert written(host)["redirect"] == {"disable": False}
    off = host.play(**on_swift(gateway, key, "off"))
    assert off.code == 0, off.output
    assert written(host)["redirect"] == {"disable": True}
    assert "tempurlmethods" not in written(host)["swift"]


def test_on_fails_where_redirects_do_not_work(gateway: Gateway, host: RegistryHost) -> None:
    key = key_file(host.folder, "unknown-key")
    off = host.play(**on_swift(gateway, key, "off"))
    assert off.code == 0, off.output
    failed = host.play(**on_swift(gateway, key, "on"))
    assert failed.code != 0
    assert "redirect-key" in failed.output
    assert "does not know the key" in failed.output
    assert written(host)["redirect"] == {"disable": True}
    unnamed = host.play(**{**on_swift(gateway, key, "on"), "registry_swift_temp_url_key_file": ""})
    assert "registry_swift_temp_url_key_file is not set" in unnamed.output
    assert key.read_text() not in failed.output


def test_a_registry_on_s3_redirects_by_presigned_urls(gateway: Gateway, host: RegistryHost) -> None:
    bucket = S3Bucket(Endpoint.parse(gateway.url), Login(gateway.access_key, gateway.secret), "presigned", 30)
    bucket.make()
    bucket.close()
    run = host.play(
        registry_storage="s3",
        registry_s3_regionendpoint=gateway.url,
        registry_s3_bucket="presigned",
        registry_s3_accesskey=gateway.access_key,
        registry_s3_secret_file=str(gateway.secret_file),
        registry_redirect="on",
    )
    assert run.code == 0, run.output
    assert written(host)["redirect"] == {"disable": False}
    assert "Prove that the registry's host gets blobs from the gateway" in run.output
    assert gateway.secret not in run.output
    assert "X-Amz-Signature" not in run.output
