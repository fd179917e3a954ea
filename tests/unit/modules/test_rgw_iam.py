# SPDX-License-Identifier: Apache-2.0
"""The module's own main(), without a gateway: what it plans for one that is to be made, and what it prints."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_iam

CANARY = "canary-4d1be08a7f35"


@pytest.fixture
def module(run_module, tmp_path):
    def run(*users, **options):
        nobody = {
            "endpoint": "http://127.0.0.1:1",
            "access_key": "A",
            "secret_key_file": str(tmp_path / "no"),
            "wait": 0,
        }
        accounts = [{"root": "acme-root", "users": list(users), "groups": [{"name": "gone", "state": "absent"}]}]
        result = run_module(rgw_iam, **{**nobody, "home": "h", "accounts": accounts, **options})
        assert CANARY not in result.pop("printed")
        return result

    return run


def test_what_is_in_accounts_of_a_gateway_that_is_to_be_made_is_planned_in_check_mode(module, tmp_path):
    keys = [{"access_key": "ONE", "secret": CANARY}, {"access_key": "TWO", "secret_file": str(tmp_path / "two")}]
    user = {"name": "ada", "s3_keys": keys}
    result = module(user, check=True, gateway_to_be_made=True)
    (account,) = result["accounts"]
    assert result["changed"] and account["id"] is None
    assert [line.split(": ")[0] for line in account["changes"]] == [
        "users.ada",
        "users.ada.s3_keys.ONE.secret",
        "users.ada.s3_keys.TWO.secret",
        f"users.ada.secret_file {tmp_path / 'two'}",
    ]
    assert "(generated)" in account["changes"][2]
    assert (
        "1 would be created, 1 unchanged" in result["summary"] and "1 new secret file would be in" in result["summary"]
    )
    assert "no gateway at http://127.0.0.1:1 yet" in result["warnings"][0]["event"]["msg"]
    assert not list(tmp_path.iterdir())
    # Everywhere else, a gateway that does not answer is an error.
    (tmp_path / "no").write_text(CANARY + "\n")
    (tmp_path / "no").chmod(0o600)
    for check, still_to_be_made in ((False, True), (True, False)):
        failed = module(user, check=check, gateway_to_be_made=still_to_be_made)
        assert failed["failed"] and "127.0.0.1:1" in failed["msg"] and not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    "key",
    [
        {"access_key": "ONE", "secret": CANARY, "state": "gone"},
        {"access_key": "ONE", "secret": CANARY, "subuser": "x"},
        {"access_key": "ONE", "secrets": CANARY},
        {"access_key": "ONE", "secret": [CANARY]},
        {"access_key": "ONE", "secret": CANARY, "secret_file": "/nowhere"},
        CANARY,
    ],
)
def test_no_secret_in_an_error_about_a_key(module, key):
    assert module({"name": "ada", "s3_keys": [key]}, check=True, gateway_to_be_made=True)["failed"]
