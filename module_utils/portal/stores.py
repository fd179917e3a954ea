# SPDX-License-Identifier: Apache-2.0
"""The portal's storages and registries: the role's entries, and what the configuration file has of them."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Sequence

__all__ = ["ACCOUNTS", "authorities", "kind_of", "secret_files", "stores", "verdict_files"]

_Entry = Mapping[str, Any]
_Entries = Sequence[_Entry]

# Options of a back-end in the configuration file, by its kind; the others are files.
_OF_VERDICT = ("verdict_max_age_s",)
_OF_ALL = ("endpoint", "public_endpoint", "home", "timeout_s", "purge_timeout_s", *_OF_VERDICT)
_OF_BACKEND = {
    "dummy": _OF_VERDICT,
    "rgw": (*_OF_ALL, "access_key", "uid_prefix"),
    "swift": (
        *_OF_ALL,
        *("keystone_url", "public_keystone_url", "user", "user_domain", "project", "project_domain", "domain"),
        *("key_role", "account_prefix", "project_prefix", "allow_cleartext_secrets"),
    ),
}
_OF_REGISTRY = ("url", "endpoint", "username", "prefix", "timeout_s")
# The option with the file of the account's secret.
_SECRET = {"rgw": "secret_key_file", "swift": "password_file"}
# What the portal's account in a back-end needs, and what to do without.
ACCOUNTS = {
    "rgw": (("access_key", "secret_key_file"), "give the key of the portal's user of the gateway"),
    "swift": (
        ("keystone_url", "user", "password_file", "project", "domain"),
        "describe the portal's account in Keystone",
    ),
}


def kind_of(backend: _Entry) -> str:
    """rgw, swift or dummy. A role does not get the defaults of options in a list."""
    return str(backend.get("kind") or "rgw")


def stores(
    backends: _Entries,
    registries: _Entries,
    credential: Callable[[str], Optional[str]],
    authority: Callable[[str, Any], Optional[str]],
    verdict: Callable[[str], Optional[str]],
) -> Dict[str, Any]:
    """The sections of the configuration file.

    credential: where the process finds a secret by its name in `secret_files`. authority: the same for a name in
    `authorities` and the path on the host. verdict: the same for the report on a back-end, by the back-end's name.
    """

    def backend(one: _Entry) -> Dict[str, Any]:
        kind = kind_of(one)
        found = {"kind": kind, "limits": dict(one.get("limits") or {}), **_options(one, _OF_BACKEND[kind])}
        found["verdict_file"] = verdict(str(one["name"]))
        if kind in _SECRET:
            found[_SECRET[kind]] = credential(_secret_name(one))
            found["ca_file"] = authority(_authority_name(one, "backend"), one.get("ca_file"))
        return found

    def registry(one: _Entry) -> Dict[str, Any]:
        return {
            **_options(one, _OF_REGISTRY),
            "password_file": credential(_password_name(one)),
            "ca_file": authority(_authority_name(one, "registry"), one.get("ca_file")),
        }

    return {
        "backends": {one["name"]: backend(one) for one in backends},
        "registries": {one["name"]: registry(one) for one in registries},
    }


def secret_files(backends: _Entries, registries: _Entries) -> Dict[str, str]:
    """Files with secrets on the host by the names that the process knows; an empty path where there is none."""
    return {
        **{_secret_name(one): str(one.get(_SECRET.get(kind_of(one), "")) or "") for one in backends},
        **{_password_name(one): one.get("password_file") or "" for one in registries},
    }


def authorities(backends: _Entries, registries: _Entries) -> Dict[str, str]:
    """Files in PEM on the host, likewise."""
    return {
        **{_authority_name(one, "backend"): one.get("ca_file") or "" for one in backends},
        **{_authority_name(one, "registry"): one.get("ca_file") or "" for one in registries},
    }


def verdict_files(backends: _Entries) -> Dict[str, str]:
    """The reports of verifications on the host by the names of their back-ends."""
    return {str(one["name"]): one["verdict_file"] for one in backends if one.get("verdict_file")}


def _options(one: _Entry, names: Sequence[str]) -> Dict[str, Any]:
    return {name: one.get(name) for name in names}


def _secret_name(backend: _Entry) -> str:
    return f"backend.{backend['name']}.secret"


def _password_name(registry: _Entry) -> str:
    return f"registry.{registry['name']}.password"


def _authority_name(one: _Entry, kind: str) -> str:
    return f"{kind}.{one['name']}.pem"
