# SPDX-License-Identifier: Apache-2.0
"""Options of Ceph that hold secrets: their values would stand in arguments, in ceph.conf and in every dump."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..base.censor import MARK, is_secret_name

# ceph, src/common/options/rgw.yaml.in. Secrets whose names do not say so, and a file whose name says that it is one.
_ALSO = frozenset(("key", "rgw_crypt_s3_kms_encryption_keys", "rgw_sts_key"))
_FILES = frozenset(("rgw_ldap_secret",))
# rgw_keystone_*_path: of the same release as the options that they replace.
INSTEAD = (
    "for rgw_keystone_admin_password and rgw_keystone_admin_token name files by the same names with _path behind; "
    "other secrets Ceph reads from no file, and they go into the section client.rgw of the monitors' database by "
    "`ceph config assimilate-conf -i FILE`"
)


def is_secret_option(name: str) -> bool:
    """Whether an option of Ceph holds a secret. Blanks, dashes and underscores are the same in their names."""
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    return plain in _ALSO or (is_secret_name(plain) and plain not in _FILES)


def secret_options(names: Iterable[str]) -> list[str]:
    """Those of the names that hold secrets."""
    return sorted(name for name in map(str, names) if is_secret_option(name))


def secret_paths(options: Any) -> set[tuple[str, ...]]:
    """Where secrets are in a mapping of options, for the module's censor."""
    return {(name,) for name in secret_options(options)} if isinstance(options, Mapping) else set()


def without_secrets(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options for people's eyes."""
    return {name: MARK if is_secret_option(name) else value for name, value in options.items()}
