# SPDX-License-Identifier: Apache-2.0
"""Whether a gateway can encrypt what a bucket's default asks it to encrypt.

A gateway takes a default without looking for a back-end, and refuses every PUT from then on (18.2.7, 20.2.4). Its
options do not show in the admin API, so an object is written that asks for the same in its headers, into a bucket of
the administrator's that is removed at once.
"""

from __future__ import annotations

import secrets
from contextlib import suppress

from ...base.errors import ToolError
from .client import BucketClient


def can_encrypt(client: BucketClient, algorithm: str, kms_key_id: str) -> bool:
    """Whether an object is taken that is to be encrypted so; kms_key_id is empty for AES256. Raises ToolError."""
    # A bucket of an administrator with a tenant is removed by its name there.
    tenant = (client.owner_of_key(client.credentials.user) or "").rpartition("$")[0]
    name = f"rgwkit-encryption-{secrets.token_hex(8)}"
    key = f"{tenant}/{name}" if tenant else name
    headers = {"x-amz-server-side-encryption": algorithm}
    if kms_key_id:
        headers["x-amz-server-side-encryption-aws-kms-key-id"] = kms_key_id
    try:
        client.create_bucket(key, client.credentials)
        can = client.create_object(key, "object", headers)
    except BaseException:
        with suppress(ToolError):  # it may be there, if an answer was lost
            client.remove_bucket(key, with_objects=True)
        raise
    client.remove_bucket(key, with_objects=True)
    return can
