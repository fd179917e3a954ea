# SPDX-License-Identifier: Apache-2.0
"""htpasswd: entries that a registry takes, kept as long as they fit."""

from __future__ import annotations

import os

import bcrypt
import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.htpasswd import plan
from ansible_collections.rgwkit.ceph.plugins.modules import registry_htpasswd


def test_an_entry_is_bcrypt_and_fits():
    name, _colon, entry = plan(None, {"ci": "correct horse"}).text.strip().partition(":")
    assert name == "ci"
    assert bcrypt.checkpw(b"correct horse", entry.encode())


def test_a_fitting_entry_is_kept_to_the_letter():
    first = plan(None, {"ci": "correct horse", "dev": "battery staple"})
    assert plan(first.text, {"dev": "battery staple", "ci": "correct horse"}) == (first.text, [])


def test_an_entry_of_another_cost_is_made_anew():
    cheap = plan(None, {"ci": "correct horse"}, cost=5)
    assert ":$2b$05$" in cheap.text and plan(cheap.text, {"ci": "correct horse"}, cost=5).changes == []
    again = plan(cheap.text, {"ci": "correct horse"}, cost=6)
    assert again.changes == ["user ci changed: cost 5 -> 6"] and ":$2b$06$" in again.text
    assert plan(cheap.text, {"ci": "another"}, cost=6).changes == ["user ci changed"]


@pytest.mark.parametrize("cost", [3, 18])
def test_a_cost_that_no_htpasswd_file_has_is_refused(cost):
    with pytest.raises(InputError, match="is 4 to 17"):
        plan(None, {"ci": "correct horse"}, cost)


def test_users_are_added_changed_and_removed():
    before = plan(None, {"ci": "one", "old": "two"}).text + "md5:$apr1$x$y\n"
    after = plan(before, {"ci": "another", "new": "three"})
    assert sorted(after.changes) == ["user ci changed", "user md5 removed", "user new added", "user old removed"]
    assert [line.split(":")[0] for line in after.text.splitlines()] == ["ci", "new"]


def test_an_entry_that_is_no_bcrypt_is_replaced():
    assert plan("ci:$apr1$x$y\n", {"ci": "one"}).changes == ["user ci changed"]


@pytest.mark.parametrize(
    ("name", "password", "said"), [("a:b", "x", "no colon"), ("", "x", "printable"), ("a", "é" * 37, "72 bytes")]
)
def test_what_bcrypt_or_the_format_cannot_hold_is_refused(name, password, said):
    with pytest.raises(InputError, match=said):
        plan(None, {name: password})


def test_create_again_change_again(run_module, tmp_path):
    path, password_file = tmp_path / "htpasswd", tmp_path / "ci.password"
    params = {
        "path": str(path),
        "owner": os.getuid(),
        "users": [{"name": "ci", "password_file": str(password_file)}],
    }
    assert run_module(registry_htpasswd, check=True, **params)["changed"]
    assert not path.exists() and not password_file.exists()
    made = run_module(registry_htpasswd, **params)
    assert made["changes"] == ["user ci added"]
    assert password_file.read_text().strip() not in made["printed"]
    assert not run_module(registry_htpasswd, **params)["changed"]
    password_file.write_text("another password that is long enough\n")
    assert run_module(registry_htpasswd, **params)["changes"] == ["user ci changed"]
    assert run_module(registry_htpasswd, cost=4, **params)["changes"] == ["user ci changed: cost 10 -> 4"]
    assert bcrypt.checkpw(b"another password that is long enough", path.read_bytes().strip().split(b":")[1])
    assert run_module(registry_htpasswd, **dict(params, users=[]))["changes"] == ["user ci removed"]


@pytest.fixture
def users(tmp_path):
    def make(**contents):
        for name, content in contents.items():
            (tmp_path / name).touch(mode=0o600)
            (tmp_path / name).write_bytes(content)
        entries = [{"name": name, "password_file": str(tmp_path / name)} for name in contents]
        return {"path": str(tmp_path / "htpasswd"), "owner": os.getuid(), "users": entries}

    return make


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("content", "said"), [(b"", "is empty"), (b"canary\r\n", "CR LF"), (b"p\xe4ss canary\n", "not text in UTF-8")]
)
def test_a_file_that_is_no_password_is_refused_before_anything_changes(
    run_module, users, tmp_path, content, said, check
):
    params = users(ci=content)
    params["users"].insert(0, {"name": "new", "password_file": str(tmp_path / "new")})
    result = run_module(registry_htpasswd, check=check, **params)
    assert f"user ci: secret file '{tmp_path}/ci'" in result["msg"] and said in result["msg"]
    assert "canary" not in result["printed"]
    assert os.listdir(tmp_path) == ["ci"]


def test_a_password_is_taken_to_the_byte(run_module, users):
    params = users(ci="p\u00e4ssw\u00f6rter p\u00e4ssw\u00f6rter\n".encode())
    assert run_module(registry_htpasswd, **params)["changed"]
    with open(params["path"], "rb") as file:
        assert bcrypt.checkpw("p\u00e4ssw\u00f6rter p\u00e4ssw\u00f6rter".encode(), file.read().strip().split(b":")[1])


def test_two_users_do_not_share_a_password_file(run_module, users, tmp_path):
    params = users(ci=b"correct horse\n")
    params["users"].append({"name": "dev", "password_file": f"{tmp_path}/./ci"})
    assert "is named twice, for user ci and for user dev" in run_module(registry_htpasswd, **params)["msg"]
    params["users"][1] = {"name": "ci", "password_file": str(tmp_path / "other")}
    assert "users that are named twice: ci" in run_module(registry_htpasswd, **params)["msg"]
    assert os.listdir(tmp_path) == ["ci"]


def test_an_empty_password_is_refused_by_the_plan_itself():
    with pytest.raises(InputError, match="user ci: the password is empty"):
        plan(None, {"ci": ""})
