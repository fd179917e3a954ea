# SPDX-License-Identifier: Apache-2.0
"""The module rook_manifests: what Rook gets of a gateway and its users, and what it cannot be told."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.rgwkit.ceph.plugins.module_utils.rgw.user_options import USER_OPTIONS
from ansible_collections.rgwkit.ceph.plugins.modules import rook_manifests

from tests.conftest import RunModule
from tests.unit.kubernetes.objects import decoded
from tests.unit.kubernetes.rook.schema import SPECS

CANARY = "canary0123456789canary"
APP = {
    "uid": "app",
    "display_name": "Application",
    "max_buckets": 10,
    "op_mask": ["read", "write"],
    "user_quota": {"max_size": "1GiB", "max_objects": 1000},
    "caps": {"usage": "read", "user-info-without-keys": "read", "buckets": "*"},
    "s3_keys": [
        {"access_key": "APP", "secret": CANARY},
        {"access_key": "OLD", "state": "absent"},
        {"access_key": "LAST", "state": "retired"},
    ],
}
# What no CephObjectStoreUser can say, and what the module says of it.
UNSAYABLE = {
    "tenant": ({"tenant": "acme"}, "tenant: Rook makes users without a tenant"),
    "name": ({"uid": "App_1"}, "uid: Kubernetes refuses the name 'App_1'"),
    "subusers": (
        {"subusers": [{"name": "swift", "access": "full", "secret": CANARY}]},
        "subusers 'swift': Rook has no",
    ),
    "temp_url_keys": ({"temp_url_keys": [{"index": 0, "secret": CANARY}]}, "temp_url_keys '0': the kind has no such"),
    "email": ({"email": "a@example.com"}, "email: the kind has no such field"),
    "suspended": ({"suspended": True}, "suspended: Rook cannot lock a user out"),
    "system": ({"system": True}, "system: Rook makes no system users"),
    "admin": ({"admin": True}, "admin: Rook makes no users with"),
    "account": ({"account": "acme", "account_root": True}, "account: Rook has accounts as"),
    "default_placement": ({"default_placement": "fast"}, "default_placement: Rook has the field from 1.21 on"),
    "default_storage_class": ({"default_storage_class": "COLD"}, "default_storage_class: Rook has the field from"),
    "placement_tags": ({"placement_tags": ["ssd"]}, "placement_tags: the kind has no such field"),
    "bucket_quota": ({"bucket_quota": {"max_objects": 1}}, "bucket_quota.max_objects: Rook has a quota for the user"),
    "rate_limit": ({"rate_limit": {"max_read_ops": 1}}, "rate_limit.max_read_ops: the kind has no such field"),
    "user_quota": ({"user_quota": {"max_size": "1GiB", "enabled": False}}, "user_quota.enabled: Rook enforces each"),
    "key": ({"s3_keys": [{"access_key": "K"}]}, "s3_keys 'K': Rook needs the secret, too"),
    "key's subuser": (
        {"s3_keys": [{"access_key": "K", "subuser": "s", "secret": CANARY}]},
        "s3_keys 'K': Rook gives keys to users, not to subusers",
    ),
    "key's file": ({"s3_keys": [{"access_key": "K", "secret_file": "/tmp/no-such-file"}]}, "run playbooks/users.yml"),
}


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    """Parameters of a run that is fine."""
    (tmp_path / "out").mkdir(mode=0o700)
    key = tmp_path / "admin.secret"
    key.touch(mode=0o600)
    key.write_text(f"{CANARY}-of-admin")
    return {
        "path": str(tmp_path / "out"),
        "store": "outside",
        "endpoint": "http://rgw.example:8080",
        "access_key": "ADMIN",
        "secret_key_file": str(key),
        "users": [APP],
    }


def written(folder: Path, name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((folder / "out" / name).read_text()))


def test_written_again_checked(run_module: RunModule, given: dict[str, Any], tmp_path: Path) -> None:
    checked = run_module(rook_manifests, check=True, **given)
    assert checked["changed"] and not list((tmp_path / "out").iterdir())
    first = run_module(rook_manifests, **given)
    assert first["uids"] == ["app"] and sorted(first["changes"]) == ["objects.yaml", "secret.yaml"]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert modes == {"objects.yaml": 0o644, "secret.yaml": 0o600}
    again = run_module(rook_manifests, **given)
    assert not again["changed"] and again["diff"] == []
    assert CANARY not in first["printed"] + again["printed"] + (tmp_path / "out" / "objects.yaml").read_text()


def test_a_user_is_what_the_entry_says(run_module: RunModule, given: dict[str, Any], tmp_path: Path) -> None:
    run_module(rook_manifests, **given)
    store, user = written(tmp_path, "objects.yaml")
    assert (store["kind"], store["metadata"]["name"], store["metadata"]["namespace"]) == (
        "CephObjectStore",
        "outside",
        "rook-ceph",
    )
    assert (user["kind"], user["metadata"]["name"]) == ("CephObjectStoreUser", "app")
    assert user["spec"] == {
        "store": "outside",
        "displayName": "Application",
        "opMask": ["read", "write"],
        "capabilities": {"usage": "read", "userInfoWithoutKeys": "read", "buckets": "*"},
        "quotas": {"maxSize": 1 << 30, "maxObjects": 1000, "maxBuckets": 10},
        "keys": [
            {
                "accessKeyRef": {"name": "outside-app-keys", "key": "access-0"},
                "secretKeyRef": {"name": "outside-app-keys", "key": "secret-0"},
            }
        ],
    }
    login, keys = written(tmp_path, "secret.yaml")
    assert (login["metadata"]["name"], login["type"]) == ("rgw-admin-ops-user", "kubernetes.io/rook")
    assert decoded(login) == {"accessKey": "ADMIN", "secretKey": f"{CANARY}-of-admin"}
    assert decoded(keys) == {"access-0": "APP", "secret-0": CANARY}


@pytest.mark.parametrize("case", UNSAYABLE)
def test_what_the_kind_cannot_say_is_refused(
    run_module: RunModule, given: dict[str, Any], tmp_path: Path, case: str
) -> None:
    entry, said = UNSAYABLE[case]
    seen = run_module(rook_manifests, **{**given, "users": [{"uid": "app", **entry}]})
    assert seen["failed"] and said in seen["msg"] and CANARY not in seen["printed"]
    assert not list((tmp_path / "out").iterdir())


def test_every_option_of_a_user_is_said_or_refused() -> None:
    harmless = {"uid", "state", "purge", "purge_data", "move_buckets"}
    tried = {name for entry, _said in UNSAYABLE.values() for name in entry} | set(APP)
    assert set(USER_OPTIONS) == tried | harmless


def test_all_refusals_are_named_at_once(run_module: RunModule, given: dict[str, Any]) -> None:
    users = [{"uid": "one", "suspended": True, "email": "a@b"}, {"uid": "two", "subusers": [{"name": "swift"}]}, APP]
    seen = run_module(rook_manifests, **{**given, "users": users})
    for said in ("users[0] (uid 'one'): suspended", "users[0] (uid 'one'): email", "users[1] (uid 'two'): subusers"):
        assert said in seen["msg"]


def test_values_of_a_new_user_need_no_word(run_module: RunModule, given: dict[str, Any], tmp_path: Path) -> None:
    as_new = {
        "uid": "new",
        "suspended": False,
        "email": "",
        "placement_tags": [],
        "max_buckets": None,
        "bucket_quota": None,
    }
    seen = run_module(rook_manifests, **{**given, "users": [as_new, {"uid": "Gone_1", "state": "absent"}]})
    assert seen["uids"] == ["new"]
    assert written(tmp_path, "objects.yaml")[1]["spec"] == {"store": "outside"}


def test_some_users_of_the_list(run_module: RunModule, given: dict[str, Any]) -> None:
    users = [APP, {"uid": "registry", "subusers": [{"name": "swift"}]}]
    assert run_module(rook_manifests, **{**given, "users": users}, uids=["app"])["uids"] == ["app"]
    strange = run_module(rook_manifests, **{**given, "users": users}, uids=["ap"])
    assert strange["failed"] and "no entry of the users has the uid 'ap'" in strange["msg"]


@pytest.mark.parametrize(
    ("endpoint", "authorities", "spec"),
    [
        ("http://rgw.example:8080", False, {"port": 8080, "externalRgwEndpoints": [{"hostname": "rgw.example"}]}),
        ("http://192.0.2.7", False, {"port": 80, "externalRgwEndpoints": [{"ip": "192.0.2.7"}]}),
        ("http://[2001:db8::7]:8080", False, {"port": 8080, "externalRgwEndpoints": [{"ip": "2001:db8::7"}]}),
        (
            "https://192.0.2.7",
            True,
            {
                "securePort": 443,
                "sslCertificateRef": "outside-gateway-ca",
                "externalRgwEndpoints": [{"ip": "192.0.2.7"}],
            },
        ),
        ("https://rgw.example", False, {"port": 443, "externalRgwEndpoints": [{"hostname": "rgw.example"}]}),
    ],
)
def test_the_gateway_s_address(
    run_module: RunModule, given: dict[str, Any], tmp_path: Path, endpoint: str, authorities: bool, spec: dict[str, Any]
) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    ca_file = str(tmp_path / "ca.pem") if authorities else None
    seen = run_module(rook_manifests, **{**given, "endpoint": endpoint}, ca_file=ca_file)
    assert seen["changed"]
    [store] = [one for one in written(tmp_path, "objects.yaml") if one["kind"] == "CephObjectStore"]
    assert store["spec"]["gateway"] == spec
    names = {one["metadata"]["name"]: one for one in written(tmp_path, "secret.yaml")}
    assert ("outside-gateway-ca" in names) is authorities
    by_name = endpoint.startswith("https") and not authorities
    wanted = {"advertiseEndpoint": {"dnsName": "rgw.example", "port": 443, "useTls": True}}
    assert store["spec"].get("hosting") == (wanted if by_name else None)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"endpoint": "rgw.example:8080"}, "rook_objects_endpoint: "),
        ({"endpoint": "http://127.0.0.1:8080"}, "127.0.0.1 is the operator's own pod"),
        ({"endpoint": "http://rgw.example/prefix"}, "'/prefix' has no place"),
        ({"endpoint": "http://rgw_1.example"}, "Kubernetes refuses 'rgw_1.example'"),
        ({"endpoint": "https://192.0.2.7"}, "speaks TLS to a host's name only"),
        ({"store": "Out_side"}, "rook_objects_store: Kubernetes refuses the name"),
        ({"namespace": "a.b"}, "rook_objects_namespace: Kubernetes refuses the name"),
        ({"secret_key_file": "/no/such/file"}, "'/no/such/file' does not exist"),
        ({"ca_file": "/no/such/file"}, "ca_file: there is no file /no/such/file"),
    ],
)
def test_refused(
    run_module: RunModule, given: dict[str, Any], tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    seen = run_module(rook_manifests, **{**given, **changed})
    assert seen["failed"] and said in seen["msg"]
    assert not list((tmp_path / "out").iterdir())


def test_the_objects_have_documented_fields_only(run_module: RunModule, given: dict[str, Any], tmp_path: Path) -> None:
    run_module(rook_manifests, **given)
    for document in written(tmp_path, "objects.yaml"):
        jsonschema.validate(document["spec"], SPECS[document["kind"]])
