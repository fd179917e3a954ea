# SPDX-License-Identifier: Apache-2.0
"""A token as a token server signs tokens, and its certificate (distribution, "Token Authentication Implementation")."""

from __future__ import annotations

import base64
import datetime
import json
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

WORDS = {"realm": "http://127.0.0.1/token", "service": "benchmark", "issuer": "benchmark"}
LIVES_SECONDS = 3600
_KEY = ec.generate_private_key(ec.SECP256R1())


def _certificate() -> x509.Certificate:
    name, now = (
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "benchmark")]),
        datetime.datetime.now(datetime.UTC),
    )
    day = datetime.timedelta(days=1)
    named = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(_KEY.public_key())
    return (
        named.serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .sign(_KEY, hashes.SHA256())
    )


_SIGNED = _certificate()
CERTIFICATE = _SIGNED.public_bytes(Encoding.PEM).decode()


def token() -> str:
    """A token for one hour that allows what every user may: to ask for /v2/."""
    now = int(time.time())
    head = {"typ": "JWT", "alg": "ES256", "x5c": [base64.b64encode(_SIGNED.public_bytes(Encoding.DER)).decode()]}
    claims = {
        "iss": WORDS["issuer"],
        "sub": "user",
        "aud": WORDS["service"],
        "nbf": now - 60,
        "exp": now + LIVES_SECONDS,
    }
    signed = ".".join(_text(json.dumps(part).encode()) for part in (head, {**claims, "access": []}))
    r, s = decode_dss_signature(_KEY.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
