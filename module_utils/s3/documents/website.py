# SPDX-License-Identifier: Apache-2.0
"""?website: a bucket as a web site. Canonical form: {} or what it says; the routing rules stay in their order.

RGW answers 405 where rgw_enable_static_website is off (16.2.15, 18.2.7), which is its default.
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, Mapping
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document
from .given import choice, items, mapping, number, one_of, shown, text

MOST_RULES = 50
_PROTOCOLS = ("http", "https")
_CONDITION = {"key_prefix_equals": "KeyPrefixEquals", "http_error_code": "HttpErrorCodeReturnedEquals"}
_REDIRECT = {
    "protocol": "Protocol",
    "host": "HostName",
    "http_redirect_code": "HttpRedirectCode",
    "replace_key_prefix_with": "ReplaceKeyPrefixWith",
    "replace_key_with": "ReplaceKeyWith",
}
_NUMBERS = ("http_error_code", "http_redirect_code")


class Website(Document):
    """Data: index_document, error_document and routing_rules; or redirect_all_requests_to with host and protocol.

    A routing rule has conditions, any of key_prefix_equals and http_error_code, and what it redirects to: protocol,
    host, http_redirect_code, and one of replace_key_prefix_with and replace_key_with.
    """

    name = "website"
    query = "website"
    root = "WebsiteConfiguration"
    none_codes = ("NoSuchWebsiteConfiguration",)
    as_new: ClassVar[Canonical] = {}
    off_hint = "set rgw_enable_static_website and let rgw_enable_apis have s3website"

    def body(self, canonical: Canonical) -> bytes:
        """The redirection of all requests, or documents and routing rules."""
        make = markup.element
        if "redirect_all_requests_to" in canonical:
            there = canonical["redirect_all_requests_to"]
            protocol = make("Protocol", there["protocol"]) if "protocol" in there else None
            redirection = make("RedirectAllRequestsTo", make("HostName", there["host"]), protocol)
            return markup.to_bytes(make(self.root, redirection))
        error = canonical.get("error_document")
        rules = [_rule_element(rule) for rule in canonical.get("routing_rules", [])]
        return markup.to_bytes(
            make(
                self.root,
                make("IndexDocument", make("Suffix", canonical["index_document"])),
                make("ErrorDocument", make("Key", error)) if error else None,
                make("RoutingRules", *rules) if rules else None,
            )
        )

    def _wanted(self, data: Any, place: str) -> Canonical:
        given = mapping(data, place, ("index_document", "error_document", "routing_rules", "redirect_all_requests_to"))
        if not given:
            return {}
        if one_of(given, place, ("index_document", "redirect_all_requests_to")) == "redirect_all_requests_to":
            if len(given) > 1:
                raise InputError(f"{place}: redirect_all_requests_to leaves no place for anything else (S3).")
            where = f"{place}.redirect_all_requests_to"
            there = mapping(given["redirect_all_requests_to"], where, ("host", "protocol"), needed=("host",))
            return {"redirect_all_requests_to": _redirect(there, where)}
        index = text(given["index_document"], f"{place}.index_document")
        if "/" in index:
            raise InputError(f"{place}.index_document: {shown(index)}; S3 takes a name without '/'.")
        found: Dict[str, Any] = {"index_document": index}
        if "error_document" in given:
            found["error_document"] = text(given["error_document"], f"{place}.error_document", 1024)
        listed = items(given.get("routing_rules", []), f"{place}.routing_rules", most=MOST_RULES)
        rules = [_rule(item, where) for where, item in listed]
        return {**found, "routing_rules": rules} if rules else found

    def _stored(self, parsed: Element) -> Canonical:
        host = markup.text_of(parsed, "RedirectAllRequestsTo/HostName")
        if host:
            protocol = markup.text_of(parsed, "RedirectAllRequestsTo/Protocol")
            there = {"host": host, **({"protocol": protocol} if protocol else {})}
            return {"redirect_all_requests_to": dict(sorted(there.items()))}
        found: Dict[str, Any] = {}
        for name, path in (("index_document", "IndexDocument/Suffix"), ("error_document", "ErrorDocument/Key")):
            said = markup.text_of(parsed, path)
            if said:
                found[name] = said
        rules = [_rule_of(rule) for rule in parsed.findall("RoutingRules/RoutingRule")]
        return {**found, "routing_rules": rules} if rules else found


def _rule(data: Any, place: str) -> Dict[str, Any]:
    given = mapping(data, place, (*_CONDITION, *_REDIRECT))
    if not any(name in given for name in _REDIRECT):
        raise InputError(f"{place}: a rule that redirects to nothing; give one of {', '.join(_REDIRECT)}.")
    one_of(given, place, ("replace_key_prefix_with", "replace_key_with"), needed=False)
    rule = _redirect(given, place)
    if "key_prefix_equals" in given:
        rule["key_prefix_equals"] = text(given["key_prefix_equals"], f"{place}.key_prefix_equals")
    if "http_error_code" in given:
        rule["http_error_code"] = number(given["http_error_code"], f"{place}.http_error_code", 400, 599)
    return rule


def _redirect(given: Mapping[str, Any], place: str) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for name in ("host", "replace_key_prefix_with", "replace_key_with"):
        if name in given:
            found[name] = text(given[name], f"{place}.{name}")
    if "protocol" in given:
        found["protocol"] = choice(given["protocol"], f"{place}.protocol", _PROTOCOLS)
    if "http_redirect_code" in given:
        found["http_redirect_code"] = number(given["http_redirect_code"], f"{place}.http_redirect_code", 300, 399)
    return found


def _rule_element(rule: Mapping[str, Any]) -> Element:
    conditions, redirect = (
        [markup.element(tag, str(rule[name])) for name, tag in names.items() if name in rule]
        for names in (_CONDITION, _REDIRECT)
    )
    condition = markup.element("Condition", *conditions) if conditions else None
    return markup.element("RoutingRule", condition, markup.element("Redirect", *redirect))


def _rule_of(rule: Element) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for head, names in (("Condition", _CONDITION), ("Redirect", _REDIRECT)):
        for name, tag in names.items():
            said = markup.text_of(rule, f"{head}/{tag}")
            if said and not (name in _NUMBERS and int(said) == 0):
                found[name] = int(said) if name in _NUMBERS else said
    return found
