# SPDX-License-Identifier: Apache-2.0
"""The container's own addresses, read from the kernel without the command `ip`."""

import errno
import fcntl
import ipaddress
import socket
import struct
from typing import List, Optional, Union

from ceph_demo.errors import DemoError

Interface = Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]

# <linux/sockios.h>
SIOCGIFADDR = 0x8915
SIOCGIFNETMASK = 0x891B
# Scopes in /proc/net/if_inet6. A monitor cannot use link-local addresses.
GLOBAL, LOOPBACK = "00", "10"


def interfaces() -> List[Interface]:
    """Loopback and global addresses with their networks, IPv4 first."""
    return _ipv4() + _ipv6()


def detect(version: int) -> Optional[Interface]:
    """The first address of this IP version that is not loopback; None if there is none."""
    own = (found for found in interfaces() if found.version == version and not found.ip.is_loopback)
    return next(own, None)


def own_network(address: str) -> Optional[str]:
    """The network of one of this container's own addresses; None for any other address."""
    wanted = ipaddress.ip_address(address)
    for own in interfaces():
        # All addresses of 127.0.0.0/8 belong to this container, although the interface shows only one.
        if wanted == own.ip or (wanted.is_loopback and wanted in own.network):
            return str(own.network)
    return None


def url_host(address: str) -> str:
    """The address in the notation before a port: IPv6 in brackets."""
    return f"[{address}]" if ":" in address else address


def check_free(address: str, port: int, setting: str) -> None:
    """Raise DemoError if no program can listen on the address and port; `setting` is the variable to change then."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "is taken by another program" if taken else f"cannot be used: {error.strerror}"
            raise DemoError(f"port {port} on {address} {reason}; free it or set {setting} to another") from error


def _ipv4() -> List[Interface]:
    found: List[Interface] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:

        def ask(operation: int, name: str) -> str:
            answer = fcntl.ioctl(handle.fileno(), operation, struct.pack("256s", name.encode()))
            return socket.inet_ntoa(answer[20:24])

        for _index, name in socket.if_nameindex():
            try:
                found.append(ipaddress.IPv4Interface(f"{ask(SIOCGIFADDR, name)}/{ask(SIOCGIFNETMASK, name)}"))
            except OSError:  # an interface without an IPv4 address
                continue
    return found


def _ipv6() -> List[Interface]:
    try:
        with open("/proc/net/if_inet6") as file:
            rows = [line.split() for line in file]
    except FileNotFoundError:  # a kernel without IPv6
        return []
    return [
        ipaddress.IPv6Interface((int(address, 16), int(prefix_length, 16)))
        for address, _index, prefix_length, scope, _flags, _name in rows
        if scope in (GLOBAL, LOOPBACK)
    ]
