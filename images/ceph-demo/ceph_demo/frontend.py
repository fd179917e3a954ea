# SPDX-License-Identifier: Apache-2.0
"""`rgw frontends`: composed from RGW_FRONTEND_*, or taken from RGW_FRONTEND, which is parsed to find the listener."""

import re
from typing import NamedTuple

from ceph_demo.errors import DemoError
from ceph_demo.network import url_host

TYPES = ("beast", "civetweb")
LAST_RELEASE_WITH_CIVETWEB = 16
LISTENER = re.compile(r"(ssl_)?(?:port|endpoint)=(?:(\[[0-9a-fA-F:]+\]|[0-9.]+):)?(\d+)(s?)(?:\+.*)?$")


class Frontend(NamedTuple):
    """The option for radosgw (`text`) and the address where radosgw will listen."""

    type: str
    text: str
    address: str
    port: int
    tls: bool

    @property
    def listener(self) -> str:
        """Address and port in the usual notation."""
        return f"{url_host(self.address)}:{self.port}"

    @property
    def near_address(self) -> str:
        """Address at which a program in this container reaches the frontend."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.address, self.address)

    def check_release(self, major: int) -> None:
        """Refuse civetweb for releases where radosgw would run without a listener."""
        if self.type == "civetweb" and major > LAST_RELEASE_WITH_CIVETWEB:
            raise DemoError(
                f"RGW_FRONTEND_TYPE=civetweb: Ceph {major} has no civetweb (it left after "
                f"{LAST_RELEASE_WITH_CIVETWEB}), and radosgw would run without listening; use beast"
            )


def compose(frontend_type: str, address: str, port: int, options: str) -> Frontend:
    """The frontend of RGW_FRONTEND_TYPE, _IP, _PORT and _OPTIONS."""
    listener = f"{url_host(address)}:{port}"
    if frontend_type == "beast":
        # Without tcp_nodelay, every small response on a persistent connection waits 40 ms for the client's delayed ACK.
        nodelay = "" if "tcp_nodelay=" in options else "tcp_nodelay=1"
        words = ["beast", f"endpoint={listener}", nodelay, options]
    else:
        words = ["civetweb", f"port={listener}", options]
    return Frontend(frontend_type, " ".join(filter(None, words)), address, port, tls=False)


def parse(text: str) -> Frontend:
    """The frontend of the whole text of RGW_FRONTEND, with the first listener."""
    frontend_type, *options = text.split()
    if frontend_type not in TYPES:
        raise DemoError(f"RGW_FRONTEND={text}: the value must begin with {' or '.join(TYPES)}")
    for option in options:
        found = LISTENER.match(option)
        if found:
            tls, address, port, civetweb_tls = found.groups()
            address = (address or "0.0.0.0").strip("[]")
            return Frontend(frontend_type, text, address, int(port), bool(tls or civetweb_tls))
    raise DemoError(f"RGW_FRONTEND={text}: the value must name a listener, such as endpoint=0.0.0.0:8080")
