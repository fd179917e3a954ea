# SPDX-License-Identifier: Apache-2.0
"""What the swift driver's parameters have to be for each version of the authentication.

Source: distribution 2.8.3, registry/storage/driver/swift; ncw/swift 1.0.53, auth.go and auth_v3.go; measured with
registry 2.8.2 on RGW 16.2.15.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, Optional, Tuple

from ...base.findings import WARNING
from .finding import PANICS, Fault
from .go_url import GoUrl, parsed
from .schema_values import is_number

Faults = Iterator[Tuple[str, Fault]]
ENDPOINT_TYPES = ("public", "internal", "admin")
_MOST_VERSION = 3
_AUTH = re.compile(r"/auth(/v1(\.0)?|/1\.0)?/?$")
_AUTH_V1 = re.compile(r"/auth/v1(\.0)?/?$")


def guessed_version(authurl: str) -> Optional[int]:
    """The version of the authentication that the swift driver takes a URL for: v3, v2, v1 looked for anywhere in it."""
    return next((number for number in (3, 2, 1) if f"v{number}" in authurl), None)


def swift_login(swift: Mapping[str, Any]) -> Faults:
    """Parameters and their faults; `swift` has its names in small letters."""
    authurl = swift.get("authurl")
    if not isinstance(authurl, str) or not authurl:
        return
    url = parsed(authurl)
    if not url.is_http:
        problem = url.problem or "no http:// or https:// with a host after it"
        yield "authurl", Fault(f"no URL: {problem}", PANICS, "write it whole, such as http://rgw.example.com/auth/v1")
        return
    said = _whole(swift.get("authversion"))
    version = said or guessed_version(authurl)
    if version is None:
        fix = "write authversion: 1 beside it, and /auth/v1 where it says /auth or /auth/1.0"
        yield "authurl", Fault("no version (v1, v2, v3) in it", PANICS, fix)
    elif version == 1:
        yield from _version_1(swift, url)
    elif version in (2, 3):
        yield from _keystone(swift, url, version, guessed=not said)


def _whole(number: Any) -> Optional[int]:
    """What the driver makes of a number: it takes 1.5 for 1. None for what is none."""
    return int(number) if is_number(number) and 0 <= number <= _MOST_VERSION else None


def _version_1(swift: Mapping[str, Any], url: GoUrl) -> Faults:
    fix = "write the URL that gives tokens: on a gateway, http://HOST:PORT/auth/v1"
    if not url.path.strip("/"):
        yield "authurl", Fault("no path in it: nothing there gives a token", PANICS, fix)
    elif re.search(r"/swift/v1(/|$)", url.path):
        yield "authurl", Fault("the URL of the storage, which gives no token", PANICS, fix)
    elif re.search(r"/v[23](\.0)?/?$", url.path):
        yield "authurl", Fault("Keystone's URL, and authversion 1", PANICS, "write authversion: 2 or 3, or " + fix)
    username = swift.get("username")
    if _AUTH.search(url.path) and isinstance(username, str) and username and ":" not in username:
        fix = "write user:subuser, such as registry:swift; the key is the subuser's"
        yield "username", Fault("a user without a subuser", PANICS, fix)
    if swift.get("endpointtype") not in (None, "", *ENDPOINT_TYPES):
        effect = "with authversion 1 the registry does not look at it"
        yield "endpointtype", Fault("not one of public, internal, admin", effect, "remove it", WARNING)


def _keystone(swift: Mapping[str, Any], url: GoUrl, version: int, guessed: bool) -> Faults:
    faults = list(_keystone_url(url, version, guessed))
    if faults:
        # What else is missing depends on which of the two is meant.
        yield from faults
        return
    for name in ("tenant", "tenantid"):
        if name in swift and swift[name] is None and not (name == "tenant" and swift.get("tenantid")):
            fault = Fault("no value", f'{PANICS}: it asks Keystone for a project named "<nil>"', "remove the key")
            yield name, fault
    scoped = any(swift.get(name) for name in ("tenant", "tenantid", *(["trustid"] if version == 3 else [])))
    if version == 3 and not (swift.get("domain") or swift.get("domainid")):
        fix = "write the user's domain, such as domain: Default, or its domainid"
        yield "domain", Fault("missing: Keystone v3 knows no user by a name alone", PANICS, fix)
    if not scoped and all(swift.get(name, "") is not None for name in ("tenant", "tenantid")):
        fix = "name the project: tenant with tenantdomain, or tenantid" + (", or a trustid" if version == 3 else "")
        if version == 2:
            effect = f"{PANICS}: a token without a project has no storage URL"
            yield "tenant", Fault("missing", effect, fix)
        else:
            effect = "it starts only where Keystone has a default project for the user"
            yield "tenant", Fault("no tenant, tenantid or trustid", effect, fix, WARNING)
    if swift.get("endpointtype") not in (None, "", *ENDPOINT_TYPES):
        yield "endpointtype", Fault("not one of public, internal, admin", PANICS, "write one of them, or nothing")


def _keystone_url(url: GoUrl, version: int, guessed: bool) -> Faults:
    right = f"write Keystone's URL, such as http://keystone.example.com:5000/v{version}{'.0' if version == 2 else ''}"
    if _AUTH_V1.search(url.path):
        if guessed:
            problem = f"v{version} stands somewhere in it, so the driver speaks Keystone v{version} to it"
            yield "authurl", Fault(problem, PANICS, "write authversion: 1 beside it")
        else:
            fix = f"write authversion: 1, or {right}"
            yield "authurl", Fault(f"a URL of version 1, and authversion {version}", PANICS, fix)
    elif not url.path.strip("/"):
        yield "authurl", Fault("no path in it", PANICS, right)
    elif url.path.rstrip("/").endswith("/tokens"):
        yield "authurl", Fault("the path of the tokens, which the driver adds by itself", PANICS, right)
    elif re.search(r"/v3/?$" if version == 2 else r"/v2\.0/?$", url.path):
        yield "authurl", Fault(f"the URL of another version than {version}", PANICS, right)
