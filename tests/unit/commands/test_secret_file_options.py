# SPDX-License-Identifier: Apache-2.0
"""Every option of every module that names a secret's file: the same files are refused, in the same words."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest

from commands.doctor.__main__ import main as doctor

S3 = {"endpoint": "http://127.0.0.1:1", "bucket": "b", "access_key": "A"}
ADMIN = {"endpoint": "http://127.0.0.1:1", "access_key": "A", "wait": 0}
VERIFY = {"endpoint": "http://127.0.0.1:1", "user": "u:s"}
KEY = "k" * 20
CI = {"username": "u", "password_file": "FILE"}
S3_USER = {"s3_access_key": "A", "s3_secret_key_file": "FILE"}
# Module, option and the parameters that lead to its being read. `FILE` stands for the file.
READERS: dict[tuple[str, str], dict[str, Any]] = {
    ("rgw_verify", "secret_file"): {**VERIFY, "secret_file": "FILE"},
    ("rgw_verify", "s3_secret_key_file"): {
        **VERIFY,
        "secret": KEY,
        "s3_access_key": "A",
        "s3_secret_key_file": "FILE",
    },
    ("rgw_verify", "suspended_secret_file"): {
        **VERIFY,
        "secret": KEY,
        "suspended_user": "i:s",
        "suspended_secret_file": "FILE",
    },
    ("registry_probe", "password_file"): {
        "registries": ["http://127.0.0.1:1"],
        "username": "u",
        "password_file": "FILE",
    },
    ("registry_roundtrip", "password_file"): {"registry": "127.0.0.1:1", **CI},
    ("registry_blobs", "secret_key_file"): {**S3, "secret_key_file": "FILE"},
    ("registry_migrate", "secret_key_file"): {
        **S3,
        "secret_key_file": "FILE",
        "swift_user": "u:s",
        "swift_secret_file": "GOOD",
        "container": "c",
    },
    ("registry_migrate", "swift_secret_file"): {
        **S3,
        "secret_key": KEY,
        "swift_user": "u:s",
        "swift_secret_file": "FILE",
        "container": "c",
    },
    ("registry_gc", "secret_key_file"): {**S3, "secret_key_file": "FILE", "program": ["/bin/false"]},
    ("registry_cache", "secret_key_file"): {**S3, "secret_key_file": "FILE", "redis": {"address": "127.0.0.1:1"}},
    ("registry_cache", "redis.password_file"): {
        **S3,
        "secret_key": KEY,
        "redis": {"address": "127.0.0.1:1", "password_file": "FILE"},
    },
    ("registry_config", "secrets"): {
        "path": "/nonexistent/config.yml",
        "config": {"version": "0.1"},
        "secrets": {"http.secret": "FILE"},
    },
    ("registry_htpasswd", "users.password_file"): {
        "path": "/nonexistent/htpasswd",
        "users": [{"name": "ci", "password_file": "FILE"}],
    },
    ("rgw_buckets", "secret_key_file"): {**ADMIN, "secret_key_file": "FILE", "buckets": [{"name": "b"}]},
    ("rgw_buckets_info", "secret_key_file"): {**ADMIN, "secret_key_file": "FILE"},
    ("rgw_users", "secret_key_file"): {**ADMIN, "secret_key_file": "FILE", "users": [{"uid": "u"}]},
    ("rgw_users", "users.secret_file"): {
        **ADMIN,
        "secret_key": KEY,
        "users": [{"uid": "u", "s3_keys": [{"access_key": "B", "secret_file": "FILE"}]}],
    },
    ("rgw_users_export", "secret_key_file"): {**ADMIN, "secret_key_file": "FILE", "secret_directory": "/nowhere"},
    ("rgw_users_info", "secret_key_file"): {**ADMIN, "secret_key_file": "FILE"},
    ("rgw_admin_user", "secret_file"): {"uid": "u", "access_key": "A", "secret_file": "FILE"},
}


def put(value: Any, path: Path, good: Path) -> Any:
    if isinstance(value, dict):
        return {name: put(item, path, good) for name, item in value.items()}
    if isinstance(value, list):
        return [put(item, path, good) for item in value]
    return {"FILE": str(path), "GOOD": str(good)}.get(value, value) if isinstance(value, str) else value


def make(tmp_path: Path, fault: str) -> Path:
    path = tmp_path / "given"
    path.touch(mode=0o600)
    path.write_bytes(b"canary-canary-canary" + {"crlf": b"\r\n"}.get(fault, b"\n"))
    if fault == "empty":
        path.write_bytes(b"")
    if fault == "open":
        path.chmod(0o644)
    if fault == "foreign":
        os.chown(path, 65534, -1)
    if fault == "link":
        path.rename(tmp_path / "target")
        path.symlink_to(tmp_path / "target")
    return path


FAULTS = {
    "empty": "is empty",
    "crlf": "CR LF",
    "open": "is open to every account",
    "link": "is a symbolic link",
    "foreign": "belongs to user id 65534",
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("reader", READERS, ids="-".join)
def test_an_unfit_file_is_refused(run_module, tmp_path, reader, fault):
    if fault == "foreign" and os.geteuid() != 0:
        pytest.skip("gives a file away")
    good = tmp_path / "good"
    good.touch(mode=0o600)
    good.write_text(KEY)
    path = make(tmp_path, fault)
    module = importlib.import_module(f"ansible_collections.rgwkit.ceph.plugins.modules.{reader[0]}")
    result = run_module(module, **put(READERS[reader], path, good))
    assert result["failed"]
    assert f"secret file '{path}'" in result["msg"] and FAULTS[fault] in result["msg"]
    assert "canary" not in result["printed"]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_doctor_refuses_it_too(capsys, tmp_path, monkeypatch, fault):
    if fault == "foreign" and os.geteuid() != 0:
        pytest.skip("gives a file away")
    make(tmp_path, fault)
    monkeypatch.chdir(tmp_path)
    code = doctor(["--endpoint", "http://127.0.0.1:1", "--user", "u:s", "--secret-file", "given"])
    said = capsys.readouterr()
    assert code == os.EX_USAGE
    assert f"the swift key: secret file '{tmp_path}/given'" in said.err and FAULTS[fault] in said.err
    assert "canary" not in said.err + said.out
