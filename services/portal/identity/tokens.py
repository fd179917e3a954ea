# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens (RFC 6750) that are JWTs (RFC 7519) of one issuer, for this portal.

The algorithm is one of the configured ones, whatever the token says (RFC 8725, 3.1): "none" and shared secrets never
are.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from ..config import OidcSettings
from ..problems import NotSignedIn
from .caller import Identity
from .issuer import Issuer

_LONGEST = 16 * 1024
# Types of access tokens (RFC 7519, 5.1; RFC 9068, 2.1), and claims that these tokens do not have: those of ID tokens
# (OpenID Connect Core 1.0, 2 and 3.1.3.6) and of security events such as a logout (RFC 8417, 2.2).
_KINDS = ("jwt", "at+jwt")
_OF_OTHERS = ("nonce", "at_hash", "c_hash", "events")
_BAD = "The token is not valid: {reason}."


class TokenCheck:
    """What is held against each token: signature, issuer, audience, times, subject."""

    def __init__(self, settings: OidcSettings) -> None:
        self._settings = settings
        self.issuer = Issuer(settings)
        self._registry = JWSRegistry(algorithms=list(settings.algorithms))

    def identity(self, token: str) -> Identity:
        """Whose token it is. Raises NotSignedIn, and Unavailable without the issuer's keys."""
        claims = self.claims(token, self._settings.audience, for_sign_in=False)
        return Identity(subject_of(claims), groups_of(claims.get(self._settings.groups_claim)))

    def claims(self, token: str, wanted: str, for_sign_in: bool = True) -> dict[str, Any]:
        """What a good token for an audience says. for_sign_in: whether it is an ID token, which opens nothing else.

        Raises NotSignedIn, and Unavailable without the issuer's keys.
        """
        if len(token) > _LONGEST:
            raise _refused("it is too long")
        kind, claims = self._verified(token)
        if not for_sign_in and (kind not in _KINDS or not claims.keys().isdisjoint(_OF_OTHERS)):
            raise _refused("it is for something else than access")
        if claims.get("iss") != self._settings.issuer:
            raise _refused("it is of another issuer")
        audience = claims.get("aud")
        if wanted not in (audience if isinstance(audience, list) else [audience]):
            raise _refused("it is not for this portal")
        self._check_times(claims)
        return claims

    def _verified(self, token: str) -> tuple[str, dict[str, Any]]:
        """The token's type, and its claims."""
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            if header.get("alg") not in self._settings.algorithms:
                raise _refused("its algorithm is not one of those allowed")
            key_id = header.get("kid")
            keys = self.issuer.keys(key_id if isinstance(key_id, str) else None)
            kind = str(header.get("typ", "JWT")).lower().removeprefix("application/")
            return kind, dict(jwt.decode(token, keys, registry=self._registry).claims)
        except (JoseError, ValueError, KeyError, TypeError, RecursionError):
            raise _refused("its signature is not one of the issuer's") from None

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now, leeway = time.time(), self._settings.leeway_s
        ends, begins = _time(claims, "exp"), _time(claims, "nbf")
        if ends is None:
            raise _refused("it does not say when it ends")
        if ends + leeway <= now:
            raise _refused("it has ended")
        if begins is not None and begins - leeway > now:
            raise _refused("it has not begun")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise _refused(f"its {name} is no time")
    return value


def subject_of(claims: Mapping[str, Any]) -> str:
    """Who somebody is. Raises NotSignedIn."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise _refused("it names no subject")
    return subject


def groups_of(claim: object) -> frozenset[str]:
    """The groups in a claim; none where it is missing or not a list, so that nobody gets a role by accident."""
    names = claim if isinstance(claim, list) else []
    return frozenset(name for name in names if isinstance(name, str) and name and name.isprintable())


def _refused(reason: str) -> NotSignedIn:
    return NotSignedIn(_BAD.format(reason=reason))
