# SPDX-License-Identifier: Apache-2.0
"""What the portal's options may be: the application's configuration and the role's preflight both read this file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Dict, Mapping, Pattern, Sequence, Union

from ..base.boolean import is_true
from ..base.errors import InputError
from ..base.keystone_login import shows_secrets
from ..http.endpoint import split_url

_KIB = 1024
_DAY = 86400


@dataclass(frozen=True)
class Number:
    """From least to most, and a multiple of step. above: least itself is too little."""

    least: int
    most: int
    above: bool = False
    step: int = 1

    @property
    def bounds(self) -> Dict[str, Any]:
        """The rule in the words of pydantic's Field."""
        step = {"multiple_of": self.step} if self.step > 1 else {}
        return {"gt" if self.above else "ge": self.least, "le": self.most, **step}

    def fault(self, value: Any) -> str:
        """What to do about a value; empty if it is fine. Ansible may give a number as text."""
        try:
            number = Decimal(str(value))
            is_fine = self.least <= number <= self.most and not (self.above and number == self.least)
            is_fine = is_fine and number % self.step == 0 if self.step > 1 else is_fine
        except InvalidOperation:
            is_fine = False
        step = f", a multiple of {self.step}" if self.step > 1 else ""
        return "" if is_fine else f"choose a number {'above' if self.above else 'from'} {self._span}{step}"

    @property
    def _span(self) -> str:
        return f"{self.least} {'and up to' if self.above else 'to'} {self.most}"


@dataclass(frozen=True)
class Text:
    """A text of which the pattern matches all. advice: what to do about another one."""

    pattern: Pattern[str]
    advice: str

    def fault(self, value: Any) -> str:
        """What to do about a value; empty if it is fine."""
        return "" if self.pattern.fullmatch(str(value)) else self.advice


@dataclass(frozen=True)
class Url:
    """The URL of a server. has_path: whether a path is fine."""

    has_path: bool = True

    def fault(self, value: Any) -> str:
        """What to do about a value; empty if it is fine. A login that the value has is not shown."""
        text = str(value)
        if "@" in text:
            return "give the URL without the login"
        if "?" in text or "#" in text:
            return "give the URL without the query"
        try:
            path = split_url(text).path
        except InputError:
            return "give a URL such as https://portal.example.com"
        return "give the URL without the path" if path and not self.has_path else ""

    def trimmed(self, value: str) -> str:
        """The value without a slash at its end, if it has no path."""
        return value if self.has_path else value.rstrip("/")


Rule = Union[Number, Text, Url]

# Signatures with a key of the issuer's own (RFC 7518, section 3.1; RFC 8037 for EdDSA). Those with a shared secret
# (HS256) and "none" are never accepted.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
# A back-end of one of these names would hide a path of the API, or be hidden by it.
TAKEN_NAMES = frozenset(("projects", "audit", "requests", "static", "registries", "status"))

NAME = Text(
    re.compile(r"[a-z][a-z0-9-]{0,30}"),
    "choose up to 31 lower-case letters, digits and hyphens that begin with a letter",
)
SOME = Text(re.compile(r".+"), "give a text of one line")
# The name of a field (RFC 9110, section 5.1).
HEADER = Text(re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"), "give the name of a header, such as X-Forwarded-User")
SERVER_URL, SITE_URL = Url(), Url(has_path=False)

PORT = Number(1, 65535)
REQUESTS, BURST = Number(0, 1_000_000), Number(1, 1_000_000)
SESSION = Number(60, 7 * _DAY)

VERDICT_AGE = Number(60, 366 * _DAY)
TIMEOUT, PURGE_TIMEOUT = Number(0, 600, above=True), Number(0, 3600, above=True)
HOME = Text(re.compile(r"[A-Za-z0-9._-]{1,64}"), "choose up to 64 letters, digits, dots, hyphens and underscores")
_PREFIX_ADVICE = "choose up to {} letters, digits, dots, hyphens and underscores that begin with a letter or a digit"
UID_PREFIX = Text(re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}"), _PREFIX_ADVICE.format(31))
PROJECT_PREFIX = Text(re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,23}"), _PREFIX_ADVICE.format(24))
ACCOUNT_PREFIX = Text(re.compile(r"[A-Za-z0-9._-]*"), "give Swift's reseller_prefix, such as AUTH_")
REGISTRY_TIMEOUT = Number(0, 60, above=True)
REGISTRY_PREFIX = Text(
    re.compile(r"([a-z0-9._-]+/)*\{project\}/([a-z0-9._-]+/)*"),
    "give whole segments that end with '/', one of them {project}, such as teams/{project}/",
)

MAX_BYTES = Number(_KIB, 2**62, step=_KIB)
MAX_OBJECTS, MAX_BUCKETS = Number(1, 2**62), Number(1, 1_000_000)

# The rules of the options of back-ends by their kind, of registries, and of limits.
_OF_ALL: Dict[str, Rule] = {"verdict_max_age_s": VERDICT_AGE}
_OF_SERVERS: Dict[str, Rule] = {
    **_OF_ALL,
    "endpoint": SERVER_URL,
    "public_endpoint": SITE_URL,
    "timeout_s": TIMEOUT,
    "purge_timeout_s": PURGE_TIMEOUT,
    "home": HOME,
}
BACKENDS: Mapping[str, Mapping[str, Rule]] = {
    "dummy": _OF_ALL,
    "rgw": {**_OF_SERVERS, "access_key": SOME, "uid_prefix": UID_PREFIX},
    "swift": {
        **_OF_SERVERS,
        **dict.fromkeys(("keystone_url", "public_keystone_url"), SERVER_URL),
        **dict.fromkeys(("user", "user_domain", "project", "project_domain", "domain", "key_role"), SOME),
        "account_prefix": ACCOUNT_PREFIX,
        "project_prefix": PROJECT_PREFIX,
    },
}
REGISTRY: Mapping[str, Rule] = {
    "url": SITE_URL,
    "endpoint": SERVER_URL,
    "username": SOME,
    "prefix": REGISTRY_PREFIX,
    "timeout_s": REGISTRY_TIMEOUT,
}
LIMITS: Mapping[str, Rule] = {"max_bytes": MAX_BYTES, "max_objects": MAX_OBJECTS, "max_buckets": MAX_BUCKETS}

CLEARTEXT = (
    "passwords and tokens would travel to another host without TLS; give an https URL, or set allow_cleartext_secrets "
    "to true if nobody else is on that network"
)


def headers_fault(names: Sequence[str]) -> str:
    """What to do about headers that one request has together; empty if they are fine."""
    return "" if len({name.lower() for name in names}) == len(names) else "give each of the three headers its own name"


def cleartext(backend: Mapping[str, Any]) -> str:
    """The option of a back-end of Swift whose URL would take secrets to another host without TLS; empty for none."""
    urls = {name: str(backend.get(name) or "") for name in ("endpoint", "keystone_url")}
    shown = [name for name, url in urls.items() if not SERVER_URL.fault(url) and shows_secrets(url)]
    return shown[0] if shown and not is_true(backend.get("allow_cleartext_secrets")) else ""
