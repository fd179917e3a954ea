# SPDX-License-Identifier: Apache-2.0
"""?cors: which pages of other origins a browser lets at a bucket.

Canonical form: the rules in their order, as the first that matches holds (S3 API, PutBucketCors), each with sorted
lists. Browsers compare names of headers in any case (RFC 9110, section 5.1), so these are in lower case.
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, Mapping
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document
from .given import items, mapping, number, shown, text, texts

MOST_RULES = 100
LONGEST_ID = 255
_METHODS = ("DELETE", "GET", "HEAD", "POST", "PUT")
_LISTS = {
    "allowed_methods": "AllowedMethod",
    "allowed_origins": "AllowedOrigin",
    "allowed_headers": "AllowedHeader",
    "expose_headers": "ExposeHeader",
}
_NEEDED = ("allowed_origins", "allowed_methods")
_HEADERS = ("allowed_headers", "expose_headers")


class Cors(Document):
    """Data: a list of rules: id, allowed_origins, allowed_methods, allowed_headers, expose_headers, max_age_seconds."""

    name = "cors"
    query = "cors"
    root = "CORSConfiguration"
    none_codes = ("NoSuchCORSConfiguration",)
    as_new: ClassVar[Canonical] = []

    def body(self, canonical: Canonical) -> bytes:
        """The rules in their order."""
        return markup.to_bytes(markup.element(self.root, *[_rule_element(rule) for rule in canonical]))

    def _wanted(self, data: Any, place: str) -> Canonical:
        return [_rule(item, where) for where, item in items(data, place, most=MOST_RULES)]

    def _stored(self, parsed: Element) -> Canonical:
        return [_rule_of(rule) for rule in parsed.findall("CORSRule")]


def _rule(data: Any, place: str) -> Dict[str, Any]:
    given = mapping(data, place, ("id", *_LISTS, "max_age_seconds"), needed=_NEEDED)
    rule: Dict[str, Any] = {}
    if "id" in given:
        rule["id"] = text(given["id"], f"{place}.id", LONGEST_ID)
    for name in _LISTS:
        if name in given:
            rule.update(_list(name, texts(given[name], f"{place}.{name}", least=name in _NEEDED)))
    for method in rule["allowed_methods"]:
        if method not in _METHODS:
            raise InputError(f"{place}.allowed_methods: {shown(method)}; S3 knows {', '.join(_METHODS)}.")
    for name in ("allowed_origins", "allowed_headers"):
        for value in rule.get(name, []):
            if value.count("*") > 1:
                raise InputError(f"{place}.{name}: {shown(value)}; S3 takes one '*' in each at most.")
    if "max_age_seconds" in given:
        rule["max_age_seconds"] = number(given["max_age_seconds"], f"{place}.max_age_seconds")
    return rule


def _list(name: str, values: list[str]) -> Dict[str, list[str]]:
    """A list in its one form; nothing for an empty one."""
    if name in _HEADERS:
        values = [value.lower() for value in values]
    if name == "allowed_methods":
        values = [value.upper() for value in values]
    return {name: sorted(set(values))} if values else {}


def _rule_element(rule: Mapping[str, Any]) -> Element:
    return markup.element(
        "CORSRule",
        markup.element("ID", rule["id"]) if "id" in rule else None,
        *[markup.element(tag, value) for name, tag in _LISTS.items() for value in rule.get(name, [])],
        markup.element("MaxAgeSeconds", str(rule["max_age_seconds"])) if "max_age_seconds" in rule else None,
    )


def _rule_of(rule: Element) -> Dict[str, Any]:
    identity = markup.text_of(rule, "ID")
    found: Dict[str, Any] = {"id": identity} if identity else {}
    for name, tag in _LISTS.items():
        found.update(_list(name, markup.texts_of(rule, tag)))
    age = markup.text_of(rule, "MaxAgeSeconds")
    if age:
        found["max_age_seconds"] = int(age)
    return found
