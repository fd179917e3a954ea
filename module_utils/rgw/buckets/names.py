# SPDX-License-Identifier: Apache-2.0
"""Names of buckets: which of them RGW creates, and how the admin API and S3 want them."""

from __future__ import annotations

import ipaddress
import re

from ...base.errors import InputError
from ...base.text import is_unicode

_SHORTEST, _LONGEST = 3, 63
# Ceph stores buckets whose gateway has rgw_relaxed_s3_bucket_names, and swift containers, of up to 255 bytes.
_LONGEST_OF_ALL = 255
_LETTERS = re.compile(r"[a-z0-9.-]*")
_TENANT = re.compile(r"[A-Za-z0-9_]*")
# Where a gateway has its admin API and swift by default (rgw_admin_entry, rgw_swift_url_prefix, rgw_swift_auth_entry).
# A request for a bucket of this name is one to them.
_TAKEN = ("admin", "auth", "swift")
# The id of an account.
_ACCOUNT = re.compile("RGW[0-9]{17}")
_RULE = 'S3, "General purpose bucket naming rules"'


def bucket_key(name: str, tenant: str | None) -> str:
    """The name by which the admin API knows a bucket: "name" or "tenant/name". Raises InputError.

    Names that only an existing bucket can have pass; problem_with_new_name has the rules for new ones.
    """
    if not name:
        raise InputError("name must not be empty.")
    if "/" in name:
        raise InputError("name must not hold '/'; give the part before it as 'tenant'.")
    if "\0" in name or "\n" in name or ":" in name or not is_unicode(name):
        raise InputError("name must not hold ':', a line break, a NUL character or a lone surrogate.")
    if len(name.encode()) > _LONGEST_OF_ALL:
        raise InputError(f"name is longer than the {_LONGEST_OF_ALL} bytes that Ceph stores.")
    if not _TENANT.fullmatch(tenant or ""):
        raise InputError("a tenant is made of letters, digits and underscores.")
    return f"{tenant}/{name}" if tenant else name


def bare_name(key: str) -> str:
    """The name without its tenant, as S3 and the quota request of the admin API want it."""
    return key.rpartition("/")[2]


def tenant_of(key: str) -> str:
    """The tenant in a key; empty without one."""
    return key.rpartition("/")[0]


def is_account(owner: str) -> bool:
    """Whether a bucket's owner is an account (Ceph 19), which owns buckets in place of a user."""
    return bool(_ACCOUNT.fullmatch(owner))


def is_of_another_tenant(owner: str, key: str) -> bool:
    """Whether the user who owns a bucket ("tenant$uid") is of another tenant than the bucket.

    The admin API gives a bucket to such a user. In his name, S3 and swift then have another bucket by the same name.
    """
    return not is_account(owner) and owner.rpartition("$")[0] != tenant_of(key)


def problem_with_new_container(key: str) -> str:
    """Why no swift container of this name is created; empty if nothing is against it. Releases differ below three."""
    name = bare_name(key)
    return "" if len(name) >= _SHORTEST else f"a container's name has {_SHORTEST} characters at least on some releases."


def problem_with_new_name(key: str) -> str:
    """Which rule a name breaks, so that RGW or S3 clients refuse it; empty if it breaks none."""
    name = bare_name(key)
    if not _SHORTEST <= len(name) <= _LONGEST:
        return f"a bucket's name has {_SHORTEST} to {_LONGEST} characters, this one has {len(name)} ({_RULE})."
    if not _LETTERS.fullmatch(name):
        return f"a bucket's name is made of lower-case letters, digits, '.' and '-' ({_RULE})."
    if not (name[0].isalnum() and name[-1].isalnum()):
        return f"a bucket's name begins and ends with a letter or digit ({_RULE})."
    if ".." in name or ".-" in name or "-." in name:
        return f"in a bucket's name, each part between dots begins and ends with a letter or digit ({_RULE})."
    if name in _TAKEN:
        return f"'/{name}' is where a gateway serves its admin API or swift, so that S3 does not get at such a bucket."
    if _is_address(name):
        return f"a bucket's name must not look like an IPv4 address ({_RULE})."
    return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.IPv4Address(name)
    except ValueError:
        return False
    return True
