# SPDX-License-Identifier: Apache-2.0
"""The module against real registries: what is well, and every fault that one of its steps is there to find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login
from ansible_collections.rgwkit.ceph.plugins.module_utils.http.outcomes import WrongAnswer
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.client import OciRegistry
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.api.content import Blob, Image
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.run import prove
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.probe.steps import STEPS, select
from ansible_collections.rgwkit.ceph.plugins.modules import registry_probe as module

from tests.conftest import RunModule
from tests.faulty_gateway import FaultyGateway
from tests.integration.gateway import Gateway, second_gateway
from tests.integration.registry_probe.conftest import CHUNK_BYTES, ETC, PASSWORD, USER, Start, htpasswd, swift

SIZES = [1000, CHUNK_BYTES + 1]
# Registry 2 gives up what breaks inside a chunk. These registries send blobs themselves.
WELL = {step.name: "ok" for step in STEPS if not step.only_named} | {"broken-upload": "skipped", "redirect": "skipped"}
ALONE = WELL | {"replica-upload": "skipped", "replica-pull": "skipped"}


def words(result: dict[str, Any]) -> dict[str, str]:
    return {verdict["step"]: verdict["verdict"] for verdict in result["verdicts"]}


def verdict_of(step: str, result: dict[str, Any]) -> dict[str, Any]:
    return next(verdict for verdict in result["verdicts"] if verdict["step"] == step)


def test_two_replicas_on_swift_do_all(run_module: RunModule, gateway: Gateway, start: Start) -> None:
    first, second = start(storage=swift(gateway)), start(storage=swift(gateway))
    result = run_module(module, registries=[first.url, second.url], layer_sizes=SIZES)
    assert words(result) == WELL, result["summary"]
    assert (result["passed"], result["changed"], result["leftover"]) == (True, False, [])
    rates = {verdict["step"]: verdict["rate"] for verdict in result["verdicts"]}
    assert {step for step, rate in rates.items() if rate} == {"push", "pull", "replica-pull"}
    assert verdict_of("push", result)["bytes"] > sum(SIZES)
    # The last layer was one byte above a segment.
    objects = gateway.run("radosgw-admin", "bucket", "list", "--bucket=registry-probe", "--max-entries=1000")
    assert "/0000000000000002" in objects
    tags = requests.get(f"{second.url}/v2/{result['repository']}/image/manifests/probe", timeout=10)
    assert tags.status_code == 404


def test_another_http_secret_is_found_by_the_upload_alone(
    run_module: RunModule, gateway: Gateway, start: Start
) -> None:
    first = start(storage=swift(gateway))
    second = start(storage=swift(gateway), http={"secret": "another"})
    result = run_module(module, registries=[first.url, second.url], layer_sizes=SIZES)
    assert words(result) == WELL | {"replica-upload": "wrong-status"}
    found = verdict_of("replica-upload", result)
    assert "BLOB_UPLOAD_INVALID" in found["got"]
    assert "http.secret" in found["cause"]
    assert "http.secret" in result["msg"]


def test_replicas_that_share_nothing_are_found(run_module: RunModule, start: Start) -> None:
    result = run_module(module, registries=[start().url, start().url], layer_sizes=[1000])
    assert words(result) == WELL | {"replica-upload": "wrong-status", "replica-pull": "wrong-status"}
    assert "BLOB_UPLOAD_UNKNOWN" in verdict_of("replica-upload", result)["got"]
    assert "do not share their storage" in verdict_of("replica-pull", result)["cause"]


def test_the_head_bug_of_the_gateway_is_named(run_module: RunModule, gateway: Gateway, start: Start) -> None:
    with FaultyGateway(gateway.host, gateway.port, "head-no-status-line") as proxy:
        registry = start(storage=swift(gateway, proxy.url))
        result = run_module(module, registry=registry.url, layer_sizes=[1000])
        assert proxy.injected
    assert result["failed"]
    assert words(result) == dict.fromkeys(WELL, "skipped") | {"ping": "ok", "push": "wrong-status"}
    push = verdict_of("push", result)
    assert push["got"].startswith("500 Internal Server Error: UNKNOWN")
    assert "HEAD bug" in push["cause"]
    assert "head-empty-manifest" in push["remedy"]
    assert gateway.secret not in result["printed"]


def test_users_are_let_in_by_their_password(run_module: RunModule, start: Start, tmp_path: Path) -> None:
    registry = start(**htpasswd())
    file = tmp_path / "password"
    file.touch(mode=0o600)
    file.write_text(PASSWORD + "\n")
    good = run_module(module, registry=registry.url, username=USER, password_file=str(file), layer_sizes=[1000])
    assert words(good) == ALONE
    wrong = run_module(module, registry=registry.url, username=USER, password="not-the-password", layer_sizes=[1000])
    assert words(wrong) == dict.fromkeys(WELL, "skipped") | {"ping": "unauthorized"}
    assert "refuses user or password" in wrong["msg"]
    nobody = run_module(module, registry=registry.url, layer_sizes=[1000])
    assert verdict_of("ping", nobody)["verdict"] == "unauthorized"
    for result in (good, wrong, nobody):
        assert PASSWORD not in result["printed"]
        assert "Y2k6" not in result["printed"]  # "ci:" in base64, as basic authentication begins


def test_without_deletion_all_else_is_well(run_module: RunModule, start: Start) -> None:
    storage = {"filesystem": {"rootdirectory": "/var/lib/registry"}}
    result = run_module(module, registry=start(storage=storage).url, layer_sizes=[1000])
    assert words(result) == ALONE | {"delete": "skipped"}
    assert "405" in verdict_of("delete", result)["got"]
    assert len(result["leftover"]) == 6  # configuration, layer, manifest, index, the mounted and the resumed blob
    assert "could not be deleted" in str(result["warnings"])


def test_a_read_only_registry_says_so(run_module: RunModule, start: Start) -> None:
    storage = {"filesystem": {"rootdirectory": "/x"}, "maintenance": {"readonly": {"enabled": True}}}
    result = run_module(module, registry=start(storage=storage).url, layer_sizes=[1000])
    assert "storage.maintenance.readonly" in verdict_of("push", result)["cause"]


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"x" * 1000, {"pull": "digest-mismatch"}), (b"x" * 999, {"head": "length-mismatch", "pull": "length-mismatch"})],
    ids=["changed", "shorter"],
)
def test_a_blob_that_the_storage_changed_is_found(start: Start, content: bytes, found: dict[str, str]) -> None:
    registry = start()
    digest = Image("seed", [1000]).blobs[-1].digest.partition(":")[2]
    stored = registry.data / f"docker/registry/v2/blobs/sha256/{digest[:2]}/{digest}/data"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(content)  # The registry keeps what is there already.
    report = prove([OciRegistry(registry.url)], [1000], select(["push", "head", "pull"]), 20, seed="seed")
    verdicts = {verdict.step: verdict.verdict for verdict in report.verdicts}
    assert verdicts == {"ping": "ok", "push": "ok", "head": "ok", **found}


def test_a_certificate_must_be_trusted(run_module: RunModule, start: Start, certificate: Path) -> None:
    tls = {"certificate": f"{ETC}/tls.pem", "key": f"{ETC}/tls.pem"}
    registry = start(files={"tls.pem": certificate.read_bytes()}, http={"tls": tls})
    known = run_module(module, registry=registry.url, ca_file=str(certificate), layer_sizes=SIZES)
    assert words(known) == ALONE
    unknown = run_module(module, registry=registry.url, layer_sizes=SIZES)
    assert words(unknown)["ping"] == "tls-error"
    assert "ca_file" in unknown["msg"]
    unchecked = run_module(module, registry=registry.url, validate_certs=False, steps=["ping"])
    assert words(unchecked) == {"ping": "ok"}


def test_uploads_that_lead_elsewhere_are_found(run_module: RunModule, start: Start) -> None:
    registry = start(http={"host": "https://registry.example"})
    result = run_module(module, registry=registry.url, layer_sizes=[1000])
    assert words(result) == ALONE | {"location": "wrong-location"}
    assert verdict_of("location", result)["got"] == "https://registry.example"


def test_blobs_are_fetched_from_where_the_registry_sends_its_clients(gateway: Gateway, start: Start) -> None:
    with second_gateway(gateway, rgw_swift_account_in_url="true") as url:
        running = start(**htpasswd(), storage=swift(gateway, url, redirect={"disable": False}))
        registry, blob = OciRegistry(running.url, Login(USER, PASSWORD)), Blob("redirected", CHUNK_BYTES + 1)
        registry.begin(20)
        registry.ping()
        registry.push("redirected", blob)
        assert registry.ask("GET", f"/redirected/blobs/{blob.digest}", "redirected").status == 307
        registry.head("redirected", blob)
        registry.get_blob("redirected", blob)
        registry.close()


def test_check_mode_stores_nothing(run_module: RunModule, start: Start) -> None:
    registry = start()
    result = run_module(module, check=True, registry=registry.url)
    assert words(result) == dict.fromkeys(WELL, "skipped") | {"ping": "ok"}
    assert not list(registry.data.iterdir())


def test_a_registry_that_is_read_only_refuses_an_upload_and_another_one_is_found_out(start: Start) -> None:
    """What the garbage collection rests on."""
    storage = {"filesystem": {"rootdirectory": "/var/lib/registry"}, "maintenance": {"readonly": {"enabled": True}}}
    refusing, taking = OciRegistry(start(storage=storage).url), OciRegistry(start().url)
    for client in (refusing, taking):
        client.begin(20)
    refusing.expect_read_only("rgwkit-read-only")
    with pytest.raises(WrongAnswer) as found:
        taking.expect_read_only("rgwkit-read-only")
    assert "202" in found.value.got
