# SPDX-License-Identifier: Apache-2.0
"""Whether a server's certificate will do: it belongs to its key, is valid now, and is for the names clients use."""

from __future__ import annotations

import os
import ssl
import stat
import time
from contextlib import suppress
from typing import List, NamedTuple, Optional, Sequence, Tuple

from ..base.findings import Finding

SOON_DAYS = 14
_DAY_SECONDS = 86400
# Named in ssl since Python 3.10: trust in the certificate itself, as there is no telling whose authority clients trust.
_PARTIAL_CHAIN = 0x80000
# verify(1) of OpenSSL: X509_V_ERR_CERT_NOT_YET_VALID and _CERT_HAS_EXPIRED.
_WHEN = {9: "is not valid yet", 10: "has expired"}


class Pair(NamedTuple):
    """A certificate with its chain and its key, files in PEM that may be one and the same, and the names clients use.

    purpose: what it is for, in words. variable: where the user has named it.
    """

    certificate: str
    key: str
    names: Sequence[str]
    purpose: str
    variable: str


def check_certificate(pair: Pair) -> Tuple[List[Finding], Optional[Finding]]:
    """What clients or the server would refuse, and a warning when the certificate ends within SOON_DAYS."""
    what = f"the certificate {pair.certificate} for {pair.purpose}"
    unusable = _readable(pair) or _loadable(pair, what)
    if unusable:
        return [unusable], None
    try:
        ends = _handshake(pair, "")
    except ssl.SSLCertVerificationError as error:
        problem = f"{what} {_WHEN.get(error.verify_code, f'is no good: {error.verify_message}')}"
        return [Finding(problem, f"renew it, then run again ({pair.variable})")], None
    findings = [_for_name(pair, name, what) for name in pair.names]
    return [finding for finding in findings if finding], _ends_soon(pair, ends, what)


def _readable(pair: Pair) -> Optional[Finding]:
    for path in (pair.certificate, pair.key):
        try:
            with open(path, "rb"):
                pass
        except OSError as error:
            problem = f"{path}, wanted for {pair.purpose}, cannot be read: {error.strerror}"
            return Finding(problem, f"put it there on this host, or name another file with {pair.variable}")
    if stat.S_IMODE(os.stat(pair.key).st_mode) & stat.S_IRWXO:
        problem = f"the key {pair.key} for {pair.purpose} is open to every account of this host"
        return Finding(problem, "make a new key if others could have read it; otherwise: chmod o= on the file")
    return None


def _loadable(pair: Pair, what: str) -> Optional[Finding]:
    try:
        _server(pair)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            return Finding(
                f"{what} does not belong to the key {pair.key}", f"name the pair that does ({pair.variable})"
            )
        problem = f"{what} and the key {pair.key} are no usable pair: {error.reason or error}"
        return Finding(problem, "both have to be PEM, the server's certificate first, the key without a passphrase")
    return None


def _for_name(pair: Pair, name: str, what: str) -> Optional[Finding]:
    try:
        _handshake(pair, name)
    except ssl.SSLCertVerificationError as error:
        remedy = f"let it be made for {name} (subjectAltName), or have clients use a name it is for ({pair.variable})"
        return Finding(f"{what} is not for {name}, which clients use: {error.verify_message}", remedy)
    return None


def _ends_soon(pair: Pair, ends: float, what: str) -> Optional[Finding]:
    days = int((ends - time.time()) // _DAY_SECONDS)
    if days >= SOON_DAYS:
        return None
    return Finding(f"{what} is valid for {days} more days", f"renew it, then run again ({pair.variable})")


def _handshake(pair: Pair, name: str) -> float:
    """The handshake of a client that knows the server as `name` (any, if empty), in memory; when the certificate ends.

    Raises ssl.SSLCertVerificationError for what such a client would refuse. Names in the subject alone count for
    nothing, as with Go's clients, docker among them.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = bool(name)
    context.hostname_checks_common_name = False
    context.verify_flags |= ssl.VerifyFlags(_PARTIAL_CHAIN)
    context.load_verify_locations(pair.certificate)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(to_client, to_server, server_hostname=name or None)
    server = _server(pair).wrap_bio(to_server, to_client, server_side=True)
    while True:
        try:
            client.do_handshake()
            break
        except ssl.SSLWantReadError:
            with suppress(ssl.SSLWantReadError):
                server.do_handshake()
    peer = client.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(peer["notAfter"])))


def _server(pair: Pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # A key with a passphrase would ask for it on the terminal: an empty one makes that an error.
    context.load_cert_chain(pair.certificate, pair.key, password="")
    return context
