# SPDX-License-Identifier: Apache-2.0
"""What a login at Keystone has to be like before a password is sent anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.errors import InputError
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.keystone_login import (
    KeystoneLogin,
    TokenLogin,
    keystone_url,
)
from ansible_collections.rgwkit.ceph.plugins.module_utils.base.login import Login

URL = "https://keystone.example:5000"
ADA = Login("ada", "password-of-ada")


@pytest.mark.parametrize("url", [URL, f"{URL}/", f"{URL}/v3", f"{URL}/v3/"])
def test_the_version_is_not_part_of_the_url(url: str) -> None:
    login = KeystoneLogin.of(ADA, {"url": url, "project": "p"})
    assert (login.url, login.v3_url) == (URL, f"{URL}/v3")


def test_a_path_before_the_version_is_kept() -> None:
    assert keystone_url("https://cloud.example/identity/v3", False, "") == "https://cloud.example/identity"


def test_plain_http_is_only_for_those_who_ask_for_no_check() -> None:
    with pytest.raises(InputError, match=r"has no TLS.* set validate_certs to false"):
        KeystoneLogin.of(ADA, {"url": "http://k:5000", "project": "p"})
    assert (
        KeystoneLogin.of(ADA, {"url": "http://k:5000", "project": "p", "validate_certs": False}).url == "http://k:5000"
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"url": f"{URL}/v2.0", "project": "p"}, f"Next: write {URL}/v3"),
        ({"url": f"{URL}/v2", "project": "p"}, "not had since release Queens"),
        ({}, "name the user's project"),
        ({"project": None}, "name the user's project"),
        ({"project": "p", "application_credential": True}, "leave project out"),
        ({"project": "p", "interface": "private"}, "'private' is none of public, internal, admin"),
    ],
)
def test_what_cannot_be_meant(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as caught:
        KeystoneLogin.of(ADA, {"url": URL, **options})
    assert says in str(caught.value) and ADA.secret not in str(caught.value)


def test_no_form_of_a_login_shows_its_secret() -> None:
    login = KeystoneLogin.of(ADA, {"url": URL, "project": "p"})
    assert ADA.secret not in repr(login) + repr(TokenLogin("ada", "http://gw/swift/v1", ADA.secret))
