# SPDX-License-Identifier: Apache-2.0
"""Real mirrors of a real registry: what they give and refuse, and that the lint foretells what they do."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.lint import lint
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.render import dump
from ansible_collections.rgwkit.ceph.plugins.modules import registry_mirror_preflight, registry_probe

from tests.integration.registry_config.cases import PLAIN, changed
from tests.integration.registry_mirror.conftest import LAYER_BYTES, log, push, stop
from tests.integration.registry_probe.conftest import PASSWORD, USER, htpasswd
from tests.integration.registry_probe.test_registry_tokens import ISSUER, SERVICE, _public, service

pytestmark = pytest.mark.long

__all__ = ["service"]

WAIT_SECONDS = 20


def places(**changes: Any) -> list[str]:
    return [finding.place for finding in lint(dump(changed(PLAIN, changes)), "2.8")]


def pull(run_module, url, image):
    return run_module(registry_probe, registry=url, steps=["mirror"], image=image)


def wait_until(holds):
    until = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_an_image_is_pulled_through_and_again_when_the_upstream_is_gone(run_module, upstream, mirror):
    registry = mirror()
    first = pull(run_module, registry.url, upstream.image)
    assert first["passed"] and first["verdicts"][-1]["bytes"] > LAYER_BYTES
    # The mirror stores a blob behind its answer.
    wait_until(lambda: len(list(registry.data.glob("docker/registry/v2/blobs/sha256/*/*/data"))) == 4)
    stop(upstream.container)
    again = pull(run_module, registry.url, upstream.image)
    assert again["passed"] and again["verdicts"][-1]["bytes"] == first["verdicts"][-1]["bytes"]
    other = pull(run_module, registry.url, f"{upstream.image}-unknown")
    assert not other["passed"] and other["verdicts"][-1]["verdict"] == "wrong-status"


def test_a_registry_that_takes_pushes_is_no_mirror(run_module, upstream):
    result = pull(run_module, upstream.url, upstream.image)
    assert (result["passed"], result["verdicts"][-1]["verdict"]) == (False, "wrong-status")
    assert "405" in result["verdicts"][-1]["expected"] and "202" in result["verdicts"][-1]["got"]


def test_an_image_without_a_tag_is_bad_input(run_module, upstream):
    assert "write REPOSITORY:TAG" in pull(run_module, upstream.url, "library/rgwkit")["msg"]


def test_without_an_upstream_the_mirror_panics_and_the_preflight_says_so(run_module, upstream, mirror):
    assert run_module(registry_mirror_preflight, remoteurl=upstream.url)["remoteurl"] == upstream.url
    registry = mirror()
    stop(upstream.container)
    failed = run_module(registry_mirror_preflight, remoteurl=upstream.url)
    assert failed["failed"] and "a mirror starts only while the other registry answers" in failed["msg"]
    subprocess.run(["docker", "restart", registry.container], check=True, capture_output=True)
    wait_until(lambda: f'panic: Get "{upstream.url}/v2/"' in log(registry.container))


def test_a_mirror_of_a_registry_with_htpasswd_gives_nothing_and_the_preflight_refuses_it(run_module, start, tmp_path):
    other = start(**htpasswd())
    image = push(other.url, Login(USER, PASSWORD))
    registry = start(proxy={"remoteurl": other.url, "username": USER, "password": PASSWORD})
    assert "404" in pull(run_module, registry.url, image)["verdicts"][-1]["got"]
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    login = {"remoteurl": other.url, "username": USER, "password_file": str(file)}
    refused = run_module(registry_mirror_preflight, **login)
    assert refused["failed"] and "htpasswd" in refused["msg"] and PASSWORD not in refused["printed"]
    assert "failed" not in run_module(registry_mirror_preflight, **login, tokens_only=False)
    file.write_text("wrong-canary")
    wrong = run_module(registry_mirror_preflight, **login)
    assert "registry_proxy.username" in wrong["msg"] and "wrong-canary" not in wrong["printed"]


def test_a_mirror_logs_in_where_tokens_are_given(run_module, start, service, certificate, tmp_path):
    token = {
        "realm": service.realm,
        "service": SERVICE,
        "issuer": ISSUER,
        "rootcertbundle": "/etc/docker/registry/t.pem",
    }
    other = start(files={"t.pem": _public(certificate)}, auth={"token": token})
    image = push(other.url, Login(USER, PASSWORD))
    registry = start(proxy={"remoteurl": other.url, "username": USER, "password": PASSWORD})
    assert pull(run_module, registry.url, image)["passed"]
    file = tmp_path / "password"
    file.write_text(PASSWORD)
    file.chmod(0o600)
    login = {"remoteurl": other.url, "username": USER, "password_file": str(file)}
    assert "failed" not in run_module(registry_mirror_preflight, **login)


def test_a_path_in_the_url_is_lost(run_module, start):
    other = start(http={"prefix": "/pre/"})
    image = push(f"{other.url}/pre")
    registry = start(proxy={"remoteurl": f"{other.url}/pre"})
    assert places(**{"proxy.remoteurl": f"{other.url}/pre"}) == ["proxy.remoteurl"]
    assert "404" in pull(run_module, registry.url, image)["verdicts"][-1]["got"]


def test_a_login_in_the_url_is_logged(run_module, start):
    other = start(**htpasswd())
    url = other.url.replace("http://", f"http://{USER}:{PASSWORD}@")
    registry = start(proxy={"remoteurl": url})
    assert places(**{"proxy.remoteurl": url}) == ["proxy.remoteurl"]
    assert PASSWORD in log(registry.container)
    assert PASSWORD not in run_module(registry_mirror_preflight, remoteurl=url)["printed"]


def test_without_a_remote_url_the_registry_takes_pushes(start):
    proxy = {"username": USER, "password": PASSWORD}
    assert places(proxy=proxy) == ["proxy.remoteurl"]
    push(start(proxy=proxy).url)


def test_a_read_only_mirror_stores_what_clients_pull(run_module, upstream, mirror):
    storage = {
        "filesystem": {"rootdirectory": "/var/lib/registry"},
        "delete": {"enabled": True},
        "maintenance": {"readonly": {"enabled": True}},
    }
    readonly = "storage.maintenance.readonly"
    assert places(**{"proxy.remoteurl": upstream.url, readonly: {"enabled": True}}) == [f"{readonly}.enabled"]
    registry = mirror(storage=storage)
    assert pull(run_module, registry.url, upstream.image)["passed"]
    wait_until(lambda: list(registry.data.glob("docker/registry/v2/blobs/sha256/*/*/data")))


def test_images_expire_only_where_deletion_is_enabled(run_module, upstream, mirror):
    left = {}
    for enabled in (True, False):
        registry = mirror(
            storage={"filesystem": {"rootdirectory": "/var/lib/registry"}, "delete": {"enabled": enabled}}
        )
        assert pull(run_module, registry.url, upstream.image)["passed"]
        state = registry.data / "scheduler-state.json"
        wait_until(lambda state=state: state.exists() and len(json.loads(state.read_text())) == 4)
        stop(registry.container)
        entries = json.loads(state.read_text())
        for entry in entries.values():
            entry["ExpiryData"] = "2020-01-01T00:00:00Z"
        state.write_text(json.dumps(entries))
        subprocess.run(["docker", "start", registry.container], check=True, capture_output=True)
        wait_until(lambda url=registry.url: _answers(url))
        time.sleep(2)
        left[enabled] = len(list(registry.data.glob("docker/registry/v2/repositories/**/_layers/**/link")))
        assert ("operation unsupported" in log(registry.container)) is not enabled
    assert left == {True: 0, False: 3}
    wrong = {"proxy.remoteurl": upstream.url, "storage.delete.enabled": False}
    assert places(**wrong) == ["storage.delete.enabled"]


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/v2/", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
