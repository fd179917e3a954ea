# SPDX-License-Identifier: Apache-2.0
"""What the programs of one person are given: a gateway, logins, registries and a place for backups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Tuple

from ..base.keystone_login import KEYSTONE, PREAUTH, TEMPAUTH, KeystoneLogin
from ..base.login import Login
from ..base.secret import Secret

__all__ = ["Access", "Backup", "Gateway", "Registry", "Sregistry"]


@dataclass(frozen=True)
class Gateway:
    """A gateway as clients reach it.

    url: scheme, host and port, without a path. authority: host and port. ca_file: authorities to trust, or empty.
    region: what S3 clients sign for.
    """

    url: str
    authority: str
    tls: bool
    ca_file: str
    region: str


@dataclass(frozen=True)
class Registry:
    """A login at a Docker registry. address: host and port, as in the names of images."""

    address: str
    login: Login


@dataclass(frozen=True)
class Backup:
    """Where restic and duplicity store backups. password: what the backups are encrypted with."""

    bucket: str
    path: str
    password: Secret


@dataclass(frozen=True)
class Sregistry:
    """How sregistry authenticates. variables: SREGISTRY_SWIFT_*, the token among them."""

    variables: Mapping[str, str] = field(repr=False)


_NO_GATEWAY = Gateway("", "", False, "", "")
_NO_LOGIN = Login("", "")
_NO_BACKUP = Backup("", "", Secret(""))


@dataclass(frozen=True)
class Access:
    """All that one folder of settings is made of. folder: its path. What a person does not have is empty.

    swift: the login of swift programs. keystone: where that is a user of Keystone; storage_url: where the secret is a
    token, what the token is for.
    """

    folder: str
    gateway: Gateway = _NO_GATEWAY
    swift: Login = _NO_LOGIN
    s3: Login = _NO_LOGIN
    registries: Tuple[Registry, ...] = ()
    backup: Backup = _NO_BACKUP
    sregistry: Sregistry = field(default_factory=lambda: Sregistry({}))
    keystone: Optional[KeystoneLogin] = None
    storage_url: str = ""

    @property
    def auth(self) -> str:
        """How the login of swift programs is authenticated."""
        return KEYSTONE if self.keystone else PREAUTH if self.storage_url else TEMPAUTH

    def lacks(self, part: str) -> bool:
        """Whether the person does not have this part."""
        return bool(getattr(self, part) == getattr(Access(""), part))
