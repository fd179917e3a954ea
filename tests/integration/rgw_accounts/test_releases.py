# SPDX-License-Identifier: Apache-2.0
"""What releases without accounts say."""

from __future__ import annotations

import pytest
from ansible_collections.rgwkit.ceph.plugins.modules import rgw_accounts_info, rgw_iam_info

from tests.ceph import RELEASE

pytestmark = pytest.mark.skipif(RELEASE >= 19, reason="this release has accounts")


@pytest.mark.parametrize("check", [True, False])
def test_accounts_are_refused(accounts, name, check):
    result = accounts({"name": name}, check=check)
    assert result["failed"] and "accounts need Ceph 19" in result["msg"]


@pytest.mark.parametrize("module", [rgw_accounts_info, rgw_iam_info])
def test_there_are_none_to_read(gateway, run_module, module):
    result = run_module(module, **gateway.admin)
    assert result["failed"] and "accounts need Ceph 19" in result["msg"]


def test_users_in_accounts_are_refused_and_others_not(gateway, users, name):
    result = users({"uid": name, "account": "acme"})
    assert result["failed"] and "account: accounts need Ceph 19" in result["msg"]
    assert users({"uid": name, "account": None, "account_root": False})["changed"]
    assert not users({"uid": name, "account": ""})["changed"]


def test_what_is_in_accounts_is_refused(iam, tmp_path):
    result = iam({"groups": [{"name": "g"}]})
    assert result["failed"] and "accounts need Ceph 19" in result["msg"]
    key = {"access_key": "ADA", "secret_file": str(tmp_path / "ada")}
    result = iam({"users": [{"name": "ada", "s3_keys": [key]}]})
    assert result["failed"] and "accounts need Ceph 19" in result["msg"] and not (tmp_path / "ada").exists()
