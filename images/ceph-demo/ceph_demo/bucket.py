# SPDX-License-Identifier: Apache-2.0
"""CEPH_DEMO_BUCKET: creates the bucket with one signed S3 request, since the image may have no S3 client."""

import hashlib
import hmac
import http.client
import time
from typing import Dict, Tuple

from ceph_demo.demo_user import Keys
from ceph_demo.errors import DemoError
from ceph_demo.frontend import Frontend
from ceph_demo.gateway import connect
from ceph_demo.supervisor import Supervisor

MAKE_SECONDS = 30.0
NO_BODY = hashlib.sha256(b"").hexdigest()
# RGW checks the signature against the region that the request names, and accepts any region name.
REGION = "us-east-1"


def ensure(name: str, frontend: Frontend, keys: Keys, supervisor: Supervisor) -> None:
    """Create the bucket unless the user has it. DemoError if the gateway refuses; without an answer, try again."""

    def made() -> bool:
        try:
            status, body = _put(name, frontend, keys)
        except (OSError, http.client.HTTPException):
            return False
        if 400 <= status < 500:
            raise DemoError(f"CEPH_DEMO_BUCKET={name}: the gateway refused to create the bucket: {status} {body}")
        return status == 200

    supervisor.wait_for(made, f"the gateway to create bucket {name}", MAKE_SECONDS)


def _put(name: str, frontend: Frontend, keys: Keys) -> Tuple[int, str]:
    connection = connect(frontend)
    try:
        connection.request("PUT", f"/{name}", headers=signed("PUT", frontend.listener, f"/{name}", keys, time.gmtime()))
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    finally:
        connection.close()


def signed(method: str, host: str, path: str, keys: Keys, now: time.struct_time) -> Dict[str, str]:
    """Headers of a request without body or query, signed with AWS Signature Version 4."""
    timestamp = time.strftime("%Y%m%dT%H%M%SZ", now)
    scope = [timestamp[:8], REGION, "s3", "aws4_request"]
    headers = {"host": host, "x-amz-content-sha256": NO_BODY, "x-amz-date": timestamp}
    names = ";".join(headers)  # in alphabetical order, as the signature requires
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join((method, path, "", lines, names, NO_BODY))
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = "\n".join(("AWS4-HMAC-SHA256", timestamp, "/".join(scope), digest))

    key = b"AWS4" + keys.secret_key.encode()
    for part in scope + [text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    credential = f"{keys.access_key}/{'/'.join(scope)}"
    headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
    return headers
