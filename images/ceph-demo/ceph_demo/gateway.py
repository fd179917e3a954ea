# SPDX-License-Identifier: Apache-2.0
"""The gateway as its clients see it: whether this image supports the frontend, and whether the gateway answers."""

import http.client
import re
import ssl

from ceph_demo.errors import DemoError
from ceph_demo.frontend import Frontend
from ceph_demo.supervisor import Supervisor
from ceph_demo.tools import Tool

CAPS = {"mon": "allow rw", "osd": "allow rwx", "mgr": "allow rw"}
START_SECONDS = 60.0
# A short timeout: a busy gateway that misses it answers the next attempt.
PROBE_SECONDS = 0.5


def check_frontend(frontend: Frontend, supervisor: Supervisor) -> None:
    """Refuse a frontend that this release does not have."""
    if frontend.type == "civetweb":  # every release has beast, so spare the process
        version = supervisor.result(Tool(["radosgw", "--version"]))
        found = re.match(r"ceph version (\d+)", version)
        if not found:
            raise DemoError(f"RGW_FRONTEND_TYPE=civetweb: `radosgw --version` printed {version!r}; use beast")
        frontend.check_release(int(found.group(1)))


def wait(frontend: Frontend, supervisor: Supervisor) -> None:
    """Wait until radosgw answers a request."""
    supervisor.wait_for(lambda: answers(frontend), f"radosgw to answer on {frontend.listener}", START_SECONDS)


def answers(frontend: Frontend) -> bool:
    """Whether an HTTP request gets any HTTP answer within PROBE_SECONDS."""
    connection = connect(frontend)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def connect(frontend: Frontend) -> http.client.HTTPConnection:
    """A connection from inside this container, for one request of PROBE_SECONDS."""
    if not frontend.tls:
        return http.client.HTTPConnection(frontend.near_address, frontend.port, timeout=PROBE_SECONDS)
    context = ssl.create_default_context()
    # The certificate is valid for an outside name, and secrets on this connection never leave the container.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(frontend.near_address, frontend.port, timeout=PROBE_SECONDS, context=context)
