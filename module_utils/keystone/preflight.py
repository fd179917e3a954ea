# SPDX-License-Identifier: Apache-2.0
"""What would keep a gateway from taking Keystone's users. Logs in as the gateway would, looks, and changes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Callable, NamedTuple

from ..base.errors import ToolError
from ..base.findings import ERROR, WARNING, Finding
from ..base.keystone_login import KeystoneLogin
from ..base.words import listed
from .catalogue import KIND, Gateway, compare, object_stores
from .client import Keystone
from .token import Token

# Keystone tokens end to the second, and a gateway caches them until then by its own clock.
_SKEW_S = 30
_ADMIN = "admin"


@dataclass(frozen=True)
class Wanted:
    """What the gateways are to be.

    roles: names or patterns of the roles that the gateways accept, by the options of the variable. longest_push:
    seconds. runtime: what runs the gateways; "package" and
    "cephadm" have no way to give them the authorities of a file.
    """

    login: KeystoneLogin
    roles: dict[str, Sequence[str]]
    gateway: Gateway
    region: str = ""
    longest_push: int = 0
    s3: bool = False
    runtime: str = "docker"


class Found(NamedTuple):
    """Findings that keep a gateway from taking Keystone's users, those that do not, yet, and what the token says."""

    errors: list[Finding]
    warnings: list[Finding]
    token: Token | None


def look(
    keystone: Keystone, wanted: Wanted, with_system: Keystone | None = None, now: Callable[[], float] = time.time
) -> Found:
    """All that is wrong.

    with_system: the same Keystone by the authorities of the system, where `keystone` has those of a file. now: this
    host's clock, in seconds since the epoch.
    """
    judged = [*_trust(with_system, wanted.runtime)]
    token: Token | None = None
    try:
        asked = now()
        token = keystone.log_in(wanted.login)
        judged += _clock(keystone.clock, asked, now())
        judged += _lifetime(token, wanted.longest_push)
        judged += _s3(token, wanted)
        judged += _roles(keystone, wanted)
        judged += _catalogue(token, wanted)
    except ToolError as error:
        judged.append(_failed(error))
    return Found(
        [one for one in judged if one.severity == ERROR],
        [one for one in judged if one.severity != ERROR],
        token,
    )


def _failed(error: ToolError, severity: str = ERROR) -> Finding:
    came_back = error.code if error.status is None else f"HTTP {error.status} {error.code}"
    return Finding(f"could not {error.operation} {error.target}: {came_back}", error.hint, severity=severity)


def _trust(with_system: Keystone | None, runtime: str) -> Iterator[Finding]:
    if with_system is None:
        return
    if runtime == "cephadm":
        yield Finding(
            "ca_file is for this check only: cephadm's gateways trust the authorities of their image",
            "let Keystone have a certificate of an authority that the image knows, or add the authority to the image",
            severity=WARNING,
        )
    elif runtime == "package":
        try:
            with_system.reach()
        except ToolError as error:
            yield Finding(
                f"the gateways trust the authorities of this host's system, and by those: {error.code}",
                "add the authority to the system: on Debian a file in /usr/local/share/ca-certificates and "
                "`update-ca-certificates`, on Red Hat's family one in /etc/pki/ca-trust/source/anchors and "
                "`update-ca-trust`",
            )


def _clock(keystones: float | None, before: float, after: float) -> Iterator[Finding]:
    if keystones is None:
        return
    skew = keystones - (before + after) / 2
    if abs(skew) > _SKEW_S:
        order = "ahead of" if skew > 0 else "behind"
        yield Finding(
            f"Keystone's clock is {abs(skew):.0f} s {order} this host's, by which the gateway tells how long a token "
            "holds",
            "keep both clocks right, by chrony or another NTP client",
        )


def _lifetime(token: Token, longest_push: int) -> Iterator[Finding]:
    if token.lifetime < longest_push:
        yield Finding(
            f"a token holds for {token.lifetime} s, and a push may take {longest_push} s (longest_push)",
            "raise `expiration` in the section [token] of keystone.conf, or lower longest_push to the time that the "
            "longest upload really takes",
            effect="a registry that sends a body again after its token has ended stores an empty segment",
            severity=WARNING,
        )


def _s3(token: Token, wanted: Wanted) -> Iterator[Finding]:
    if wanted.s3 and _ADMIN not in token.roles:
        yield Finding(
            f"user '{wanted.login.user}' has the roles {listed(token.roles)} in project '{wanted.login.project}', "
            "and for S3 the gateway reads the secrets of EC2 credentials, which Keystone's own policy shows to admin "
            "only",
            "give the user the role admin in that project, or change the policy ec2_get_credential, or set s3 to false",
            severity=WARNING,
        )


def _roles(keystone: Keystone, wanted: Wanted) -> list[Finding]:
    try:
        known = [str(role["name"]) for role in keystone.objects("roles")]
    except ToolError as error:
        return [_failed(error, WARNING)._replace(effect="nobody has checked that the accepted roles exist")]
    found = []
    for option, roles in wanted.roles.items():
        # radosgw takes each for a pattern, in which case counts (rgw_keystone.cc, TokenEnvelope::has_role).
        for role in roles:
            if not any(fnmatchcase(name, role) for name in known):
                found.append(_unknown_role(option, role, known))
    return found


def _unknown_role(option: str, role: str, known: Sequence[str]) -> Finding:
    alike = [name for name in known if name.lower() == role.lower()]
    meant = f"write it {alike[0]}, as Keystone does" if alike else f"its roles are {listed(sorted(known))}"
    return Finding(
        f"{option} has the role {role}, which Keystone does not have",
        f"{meant}; or create the role (rgw_keystone_identity does so for the roles that it is given)",
    )


def _catalogue(token: Token, wanted: Wanted) -> list[Finding]:
    if object_stores(token.catalogue, wanted.region):
        return list(compare(token.catalogue, wanted.region, wanted.gateway, token.project_id))
    where = f" in region {wanted.region}" if wanted.region else ""
    return [
        Finding(
            f"Keystone's catalogue has no {KIND} endpoint{where}, so that no client finds the gateways",
            "register the service and its endpoints, for example with rgw_keystone_identity",
            severity=WARNING,
        )
    ]
