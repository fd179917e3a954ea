# SPDX-License-Identifier: Apache-2.0
"""The values that a user's options may have, and how they are spelled inside.

The gateway checks little of a record that is written whole, so names, addresses and sizes are checked here. Every
function raises InputError, whose text does not name the option: the caller does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from ..base.errors import InputError
from ..base.text import is_unicode
from .user_ratelimit import LIMITS
from .user_record import FLAGS, OPERATIONS, QUOTAS, canonical_perm, canonical_storage_class

# "$" parts the tenant from the uid and ":" the uid from the subuser, so neither can be part of a name.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+=,-]*")
TENANT = re.compile(r"[A-Za-z0-9_]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_PLACEMENT = re.compile(r"[A-Za-z0-9._-]*")
_ACCESS_KEY = re.compile(r"[!-~]+")
_UID_RULE = "a uid is made of letters, digits and . _ @ + = , - and begins with a letter or digit."
_SUBUSER_RULE = "a name is made of letters, digits and . _ @ + = , - and begins with one of the first."
_ACCESS_KEY_RULE = "an access_key is printable ASCII without blanks."
# RADOS has objects with names of up to 2,048 bytes, of which RGW needs some itself, and RGW's frontend takes requests
# of 4 KiB without their bodies. With a longer address, Ceph 16 makes a user that it cannot remove any more.
_LONGEST_NAME = 1024
_SIZE = re.compile(r"([0-9]+) ?([KMGTPE]iB)?")
_UNITS = {unit: 1024**power for power, unit in enumerate((None, "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"))}
_LARGEST = 2**63 - 1
_LARGEST_INT32 = 2**31 - 1

# Every cap of Ceph 14 to 20 (radosgw-admin caps add, tried on each), in the order in which they came.
CAPS = [
    "buckets",
    "users",
    "usage",
    "metadata",
    "zone",
    "roles",
    "user-policy",
    "bilog",
    "datalog",
    "mdlog",
    "amz-cache",
    "oidc-provider",
    "ratelimit",
    "info",
    "accounts",
    "user-info-without-keys",
]
PERMS = ("read", "write", "*")
# rgw_account.cc of 20.2.4: "RGW" and 17 digits.
ACCOUNT_ID = re.compile(r"RGW[0-9]{17}")
# The names of IAM: IAM API Reference, CreateUser.
NAME_IN_ACCOUNT = re.compile(r"[A-Za-z0-9_+=,.@-]{1,64}")


def full_uid(uid: str, tenant: str | None) -> str:
    """The name by which the gateway knows a user: "uid" or "tenant$uid"."""
    if "$" in uid:
        raise InputError("'$' has no place in a uid; give the part before it as 'tenant'.")
    if "$" in (tenant or ""):
        raise InputError("a tenant is made of letters, digits and underscores.")
    if not uid:
        raise InputError(_UID_RULE)
    if uid == "anonymous":
        raise InputError("RGW keeps this uid for requests without credentials.")
    return _name(f"{tenant}${uid}" if tenant else uid, "uid")


def problem_with_new_uid(uid: str) -> str:
    """Why no user of this name (with its tenant) is made, though RGW may have one; empty if nothing is against it."""
    tenant, sign, name = uid.rpartition("$")
    if not _NAME.fullmatch(name):
        return _UID_RULE
    return "a tenant is made of letters, digits and underscores." if sign and not TENANT.fullmatch(tenant) else ""


def subuser_name(given: str, uid: str) -> str:
    """The part after ":" of a subuser, given alone or in full."""
    name = given[len(uid) + 1 :] if given.startswith(f"{uid}:") else given
    if ":" in name and name == given:
        raise InputError(f"belongs to another uid; write the part after ':' alone, or '{uid}:' before it.")
    if not name:
        raise InputError(_SUBUSER_RULE)
    return _name(name, "name")


def access_key(given: str) -> str:
    """An S3 access key."""
    if not given:
        raise InputError(_ACCESS_KEY_RULE)
    return _name(given, "access_key")


def problem_with_new_part(part: str, name: str) -> str:
    """Why no subuser or S3 key of this name is made, though RGW may have one; empty if nothing is against it."""
    if part == "subusers" and not _NAME.fullmatch(name):
        return _SUBUSER_RULE
    return _ACCESS_KEY_RULE if part == "s3_keys" and not _ACCESS_KEY.fullmatch(name) else ""


def _name(text: str, what: str) -> str:
    """What RGW makes the name of an object, and what is part of URLs."""
    if "\0" in text:
        raise InputError(f"{what} must not hold a NUL character.")
    return _unicode(_not_too_long(text, what))


def _unicode(text: str) -> str:
    if not is_unicode(text):
        raise InputError("is no Unicode text: it holds a lone surrogate.")
    return text


def _not_too_long(text: str, what: str) -> str:
    encoded = text.encode("utf-8", "surrogatepass")
    # In a URL, a byte becomes three at most.
    if 3 * len(encoded) > _LONGEST_NAME and len(quote(encoded)) > _LONGEST_NAME:
        raise InputError(
            f"{what} is too long: RGW makes an object of this name and takes it in URLs; {_LONGEST_NAME} bytes at most."
        )
    return text


def cap_perm(cap: str, given: Any) -> str:
    """What an admin cap allows."""
    if cap not in CAPS:
        raise InputError(f"no Ceph from 14 to 20 knows '{cap}'; the caps are {', '.join(CAPS)}.")
    canonical = canonical_perm(str(given))
    if canonical not in PERMS:
        raise InputError(f"'{cap}' may be read, write or '*', not '{given}'.")
    return canonical


def size(given: Any) -> int:
    """Bytes from a number, or from one with a binary unit ("10GiB"). -1 means no limit.

    Units without the "i" are refused: to radosgw-admin they are powers of 1024, everywhere else powers of 1000.
    """
    text = str(given).strip()
    if text == "-1":
        return -1
    match = _SIZE.fullmatch(text)
    number = int(match.group(1)) * _UNITS[match.group(2)] if match else -1
    if not 0 <= number <= _LARGEST:
        raise InputError(f"'{given}' is no size; give bytes, or a number with KiB, MiB, GiB, TiB, PiB or EiB.")
    return number


def _count(given: Any) -> int:
    if not -1 <= given <= _LARGEST:
        raise InputError(f"{given} is no count; give 0 or more, or -1 for no limit.")
    return int(given)


def _max_buckets(given: Any) -> int:
    if not -_LARGEST_INT32 - 1 <= given <= _LARGEST_INT32:
        raise InputError(f"{given} is beyond what RGW counts to, {_LARGEST_INT32}; 0 means any number.")
    return int(given)


def _limit(check: Callable[[Any], int]) -> Callable[[Any], int]:
    def checked(given: Any) -> int:
        number = check(given)
        if number < 0:
            raise InputError("must be 0 or more; 0 means no limit.")
        return number

    return checked


def _display_name(given: str) -> str:
    if not given:
        raise InputError("must not be empty.")
    return _unicode(given)


def _email(given: str) -> str:
    if given and not _EMAIL.fullmatch(given):
        raise InputError("is no e-mail address; an empty one removes it.")
    return _name(given, "the address").lower()  # the gateway looks addresses up in lower case


def _op_mask(given: list[str]) -> list[str]:
    unknown = [word for word in given if word not in OPERATIONS]
    if unknown:
        raise InputError(f"may hold {', '.join(OPERATIONS)}, not '{unknown[0]}'.")
    return [word for word in OPERATIONS if word in given]


def _placement(given: str) -> str:
    if not _PLACEMENT.fullmatch(given):
        raise InputError("is made of letters, digits and . _ -")
    return given


def _storage_class(given: str) -> str:
    return canonical_storage_class(_placement(given))


def _tags(given: list[str]) -> list[str]:
    return sorted({_unicode(tag) for tag in given})


def _account(given: str) -> str:
    if ACCOUNT_ID.fullmatch(given) or not given:
        return given
    return _name(given, "the name of an account")


SCALARS: Mapping[str, Callable[[Any], Any]] = {
    "display_name": _display_name,
    "email": _email,
    "suspended": bool,
    **dict.fromkeys(FLAGS, bool),
    "max_buckets": _max_buckets,
    "op_mask": _op_mask,
    "default_placement": _placement,
    "default_storage_class": _storage_class,
    "placement_tags": _tags,
    "account": _account,
    "account_root": bool,
}
_QUOTA: Mapping[str, Callable[[Any], Any]] = {"max_size": size, "max_objects": _count, "enabled": bool}
GROUPS: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(QUOTAS, _QUOTA),
    "rate_limit": {**{name: _limit(size if "bytes" in name else _count) for name in LIMITS}, "enabled": bool},
}
