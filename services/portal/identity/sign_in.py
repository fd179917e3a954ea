# SPDX-License-Identifier: Apache-2.0
"""From a request's headers to who asks, anew at each request: who loses a group loses its roles at once."""

from __future__ import annotations

from starlette.datastructures import Headers

from ..config import Settings
from ..problems import Forbidden, NotSignedIn
from .caller import Caller, Identity, roles_of
from .proxy import ProxyCheck
from .tokens import TokenCheck


class SignIn:
    """The ways in that are configured."""

    def __init__(self, settings: Settings) -> None:
        """Raises InputError for settings that cannot be used."""
        self._roles = settings.roles
        self.tokens = TokenCheck(settings.oidc) if settings.oidc else None
        self._proxy = ProxyCheck(settings.proxy) if settings.proxy else None

    def is_claimed(self, headers: Headers) -> bool:
        """Whether a request says who sends it, in any way."""
        return "authorization" in headers or (self._proxy is not None and self._proxy.is_asked(headers))

    def caller(self, headers: Headers, peer: str) -> Caller:
        """Who asks. peer: the address that the request came from. Raises NotSignedIn, Forbidden, Unavailable."""
        scheme, _space, token = headers.get("authorization", "").partition(" ")
        from_proxy = self._proxy is not None and self._proxy.is_asked(headers)
        if scheme and from_proxy:
            raise NotSignedIn("Give a token, or come through the proxy, not both.")
        if self._proxy is not None and from_proxy:
            identity = self._proxy.identity(headers, peer)
        elif self.tokens is not None and scheme.lower() == "bearer":
            identity = self.tokens.identity(token.strip())
        else:
            raise NotSignedIn("The request carries no token that this portal takes.")
        return self.with_roles(identity)

    def with_roles(self, identity: Identity) -> Caller:
        """Somebody with the roles of the groups. Raises Forbidden for somebody without a role."""
        roles = roles_of(identity.groups, self._roles)
        if not roles:
            raise Forbidden("None of your groups has a role here. Ask whoever keeps the groups.")
        return Caller(identity, roles)
