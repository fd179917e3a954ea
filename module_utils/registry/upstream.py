# SPDX-License-Identifier: Apache-2.0
"""The registry that a mirror (a pull-through cache) mirrors, checked before the mirror is started.

Source: distribution 2.8.3, registry/proxy: a mirror asks the other registry once at its start, and panics without an
answer. Registry 2 sends user and password to the realm of tokens only; from a registry that asks for them itself, it
gets a 401 and answers its own clients with 404. Measured on 2.8.2.
"""

from __future__ import annotations

from typing import Optional, Sequence

from ..base.errors import ToolError
from ..base.login import Login
from ..http.evidence import without_login
from ..http.outcomes import WrongAnswer
from ..http.verdicts import TLS_ERROR
from .api.session import OciSession

__all__ = ["check_upstream"]

_SECONDS = 30
_HINTS = {
    TLS_ERROR: "Add the certificate of the other registry's authority to registry_gateway_ca_file.",
    "unauthorized": "Check the user in registry_proxy.username and the password in registry_proxy_password_file.",
}
_HINT = "Check registry_proxy.remoteurl; a mirror starts only while the other registry answers."


def check_upstream(url: str, login: Optional[Login], authorities: Sequence[Optional[str]], tokens_only: bool) -> None:
    """Log in to the registry as the mirror will. Raises ToolError where the mirror could not, InputError for a bad URL.

    authorities: files with trusted certificate authorities, tried in turn; None for those of the system. tokens_only:
    whether the mirror sends user and password to token servers only, as one of version 2 does.
    """
    target = f"the registry {without_login(url)} that is to be mirrored"
    failure = None
    for ca_file in authorities:
        session = OciSession(url, login, ca_file)
        session.begin(_SECONDS)
        try:
            session.ping()
        except WrongAnswer as finding:
            failure = finding
            if finding.word != TLS_ERROR:
                break
        else:
            if tokens_only and session.by_password:
                raise _refused_login(target)
            return
        finally:
            session.close()
    if failure:
        raise ToolError("log in to", target, str(failure), _HINTS.get(failure.word, _HINT)) from None


def _refused_login(target: str) -> ToolError:
    return ToolError(
        "use",
        target,
        "the registry asks for user and password itself (htpasswd), and a mirror of version 2 sends them to a token "
        "server only, so that the mirror would answer 404 for every image",
        "Mirror a registry that gives tokens, or one that lets everybody pull.",
    )
