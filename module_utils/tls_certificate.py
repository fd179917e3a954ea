# SPDX-License-Identifier: Apache-2.0
"""Whether a certificate and its key will do for a server, found out by a handshake with oneself, in memory."""

from __future__ import annotations

import ssl
import time
from typing import NamedTuple

# The constant is in Python's ssl from 3.10 on; the flag is OpenSSL's X509_V_FLAG_PARTIAL_CHAIN.
_PARTIAL_CHAIN = 0x80000


class Certificate(NamedTuple):
    """What came of it. problem: why no client would accept it, empty if one would; days: how long it is valid."""

    problem: str
    days: float


def try_certificate(certificate: str, key: str, name: str) -> Certificate:
    """Serve as `name` (a host name or an address) with the files of a certificate chain and its key.

    Who signed it is not asked: the certificate itself is trusted here, and clients have authorities of their own.
    """
    try:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(certificate, key)
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.load_verify_locations(certificate)
        client.verify_flags |= ssl.VerifyFlags(_PARTIAL_CHAIN)
        seen = _handshake(server, client, name)
    except ssl.SSLCertVerificationError as error:
        return Certificate(error.verify_message, 0)
    except ssl.SSLError as error:
        return Certificate(_words(error), 0)
    except OSError as error:
        return Certificate(f"{error.filename or certificate}: {(error.strerror or 'unreadable').lower()}", 0)
    return Certificate("", (ssl.cert_time_to_seconds(str(seen["notAfter"])) - time.time()) / 86400)


def _words(error: ssl.SSLError) -> str:
    if error.reason == "KEY_VALUES_MISMATCH":
        return "the key is not this certificate's"
    return f"not a certificate and its key in PEM ({error.reason or 'unreadable'})"


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> dict[str, object]:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for end in ends * 3:  # TLS 1.2 needs two turns of each
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return dict(ends[0].getpeercert() or {})
