# SPDX-License-Identifier: Apache-2.0
"""Domain names as the records of hosts may have them: lower case, without the dot at the end."""

from __future__ import annotations

import ipaddress
import re

from ..base.errors import InputError

WILDCARD = "*."
# Letters, digits and hyphens (RFC 1123, 2.1), 1 to 63 octets (RFC 1035, 2.3.4). Certificates have no others.
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_LONGEST = 253
_MARK, _MARK_OF_WILDCARD = "_rgwkit", "_rgwkit-wildcard"


def domain_name(text: str, wildcard: bool = False) -> str:
    """The name in its one form. wildcard: whether its first label may be "*" (RFC 4592). Raises InputError."""
    name = text.strip().rstrip(".").lower()
    host = name[len(WILDCARD) :] if wildcard and name.startswith(WILDCARD) else name
    if not name.isascii():
        raise InputError(f"the name '{text}' is not ASCII. Next: write the name as DNS has it (xn--...).")
    if is_address(host):
        raise InputError(f"'{text}' is an address. Next: give a name.")
    if len(name) > _LONGEST or not all(_LABEL.match(label) for label in host.split(".")):
        raise InputError(
            f"'{text}' is no name of a host. Next: use letters, digits and hyphens, at most 63 between two dots and "
            f"{_LONGEST} in all{', and * as the first label only' if '*' in text else ''}."
        )
    return name


def is_address(text: str) -> bool:
    """Whether a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_below(name: str, domain: str) -> bool:
    """Whether a name is the domain or below that domain."""
    return name == domain or name.endswith(f".{domain}")


def parent(name: str) -> str:
    """The name without its first label."""
    return name.partition(".")[2]


def is_wildcard(name: str) -> bool:
    """Whether the first label is "*"."""
    return name.startswith(WILDCARD)


def mark_name(name: str) -> str:
    """Where the mark of a name is, in the same zone.

    No bucket has such a name, and a wildcard does not reach the mark: an underscore is in no name of a host.
    """
    if is_wildcard(name):
        return f"{_MARK_OF_WILDCARD}.{parent(name)}"
    return f"{_MARK}.{name}"


def below_wildcard(name: str, label: str) -> str:
    """A name that a wildcard answers for; a name without a wildcard stays as it is."""
    return f"{label}.{parent(name)}" if is_wildcard(name) else name
