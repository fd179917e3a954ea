# SPDX-License-Identifier: Apache-2.0
"""The options of Ceph by which a gateway takes Keystone's users, from the variable of a role."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..base.boolean import is_true
from ..base.keystone_login import without_version

PASSWORD = "rgw_keystone_admin_password"  # noqa: S105 -- the name of an option
PASSWORD_PATH = f"{PASSWORD}_path"
VERIFY = "rgw_keystone_verify_ssl"
# Releases up to 18 speak v2.0 unless they are told; 20 has v3 only, and no such option (`radosgw --show-config` of
# 14.2.21, 16.2.15, 18.2.7 and 20.2.4). All other options are in each of these releases.
API_VERSION = "rgw_keystone_api_version"
DEFAULTS: dict[str, Any] = {
    "url": "",
    "user": "",
    "password_file": "",
    "project": "service",
    "domain": "Default",
    "accepted_roles": ["member", "admin"],
    "accepted_admin_roles": [],
    "implicit_tenants": "both",
    "token_cache_size": 10000,
    "s3": True,
    "account_in_url": False,
    "ca_file": "",
    "region": "",
    "catalogue_urls": [],
    "longest_push": 3600,
    "allow_cleartext_secrets": False,
}
# ceph, src/rgw/rgw_user.cc, ImplicitTenants: true and false are for both protocols.
_TENANTS = {"none": "false", "both": "true", "s3": "s3", "swift": "swift"}


def with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """The variable with the defaults of all that is not given; empty where it is empty: no Keystone."""
    return {**DEFAULTS, **given} if given else {}


def keystone_options(given: Mapping[str, Any], password_path: str = "") -> dict[str, str]:
    """The options for a gateway, without a secret among them; empty without Keystone.

    given: the variable. password_path: the file with the password as the gateway sees it; empty if the password comes
    another way.
    """
    if not given:
        return {}
    one = with_defaults(given)
    options = {
        "rgw_keystone_url": without_version(one["url"]),
        API_VERSION: "3",
        VERIFY: "true",
        "rgw_keystone_admin_user": one["user"],
        # One domain for both, user and project (rgw_keystone.cc, AdminTokenRequestVer3).
        "rgw_keystone_admin_project": one["project"],
        "rgw_keystone_admin_domain": one["domain"],
        "rgw_keystone_accepted_roles": ",".join(one["accepted_roles"]),
        "rgw_keystone_implicit_tenants": _TENANTS[one["implicit_tenants"]],
        "rgw_keystone_token_cache_size": str(one["token_cache_size"]),
        "rgw_s3_auth_use_keystone": _word(one["s3"]),
        "rgw_swift_account_in_url": _word(one["account_in_url"]),
    }
    admins = ",".join(one["accepted_admin_roles"])
    options.update({"rgw_keystone_accepted_admin_roles": admins} if admins else {})
    return {**options, **({PASSWORD_PATH: password_path} if password_path else {})}


def conflicts(given: Mapping[str, Any], others: Mapping[str, Any]) -> list[str]:
    """The names among a gateway's other options that would contradict the variable, or switch verification off.

    others: options of Ceph that an inventory gives besides. Verification is never off, with the variable or without.
    """
    plain = {re.sub(r"[\s-]+", "_", str(name).strip().lower()): (name, value) for name, value in others.items()}
    off = [name for option, (name, value) in plain.items() if option == VERIFY and not is_true(str(value).strip())]
    if not given:
        return sorted(off)
    ours = {*keystone_options({**given, "accepted_admin_roles": ["-"]}), PASSWORD_PATH}
    return sorted({*off, *(name for option, (name, _value) in plain.items() if option in ours)})


def _word(value: Any) -> str:
    return str(is_true(value)).lower()
