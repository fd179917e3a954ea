# SPDX-License-Identifier: Apache-2.0
"""What to do where an exchange with a service of OpenStack did not come to an answer."""

from __future__ import annotations

from .endpoint import NOT_RESOLVED
from .messages import Answer

# OpenSSL's words, as seen with release 3.0. The first is what a client says of an answer in plain HTTP.
_NO_TLS = "WRONG_VERSION_NUMBER"
_UNVERIFIED = "CERTIFICATE_VERIFY_FAILED"
_OUT_OF_DATE = ("certificate has expired", "certificate is not yet valid")


def transport_hint(answer: Answer, service: str, program: str) -> str:
    """What to do next. service: as messages call it. program: what has to run where the URL leads."""
    if _UNVERIFIED in answer.detail and any(word in answer.detail for word in _OUT_OF_DATE):
        return f"Check the clock of this host, and renew {service}'s certificate or that of the authority."
    if _UNVERIFIED in answer.detail:
        return (
            f"Name the authorities that signed {service}'s certificate (ca_file), and {service} by a name that it is "
            "for."
        )
    if _NO_TLS in answer.detail:
        return f"Check scheme and port of the URL: {service} does not speak TLS there."
    if NOT_RESOLVED in answer.detail:
        return "Check the host's name in the URL, and the name servers of this host."
    return f"Check the URL, that {program} runs, and that no firewall is between."
