# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the variables of the role rgw_portal, each with what to do."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from ..services.definition import CONTAINERS
from . import rules
from .stores import ACCOUNTS, kind_of

__all__ = ["HEADERS", "LIMITED", "objections"]

# Whose requests have a limit.
LIMITED = ("person", "address")
# What a proxy tells the portal in.
HEADERS = ("proxy_secret_header", "proxy_subject_header", "proxy_groups_header")
# What a back-end needs by its kind, and what to do without.
_REQUIRED: Mapping[str, Mapping[str, str]] = {
    "dummy": {},
    "rgw": {"endpoint": "give the URL of the gateway", **dict.fromkeys(*ACCOUNTS["rgw"])},
    "swift": {"endpoint": "give the URL of Swift's proxy", **dict.fromkeys(*ACCOUNTS["swift"])},
}
# The rules of options that stand alone. Those of the second kind may be empty.
_RULES: Mapping[str, rules.Rule] = {
    "port": rules.PORT,
    "oidc_groups_claim": rules.SOME,
    "session_s": rules.SESSION,
    **dict.fromkeys(HEADERS, rules.HEADER),
    **{f"{name}_requests_per_minute": rules.REQUESTS for name in LIMITED},
    **{f"{name}_burst": rules.BURST for name in LIMITED},
}
_RULES_IF_GIVEN: Mapping[str, rules.Rule] = {
    "url": rules.SITE_URL,
    "oidc_issuer": rules.SERVER_URL,
    "oidc_audience": rules.SOME,
}


def objections(role: Mapping[str, Any]) -> Iterator[str]:
    """Problems, without the beginning rgw_portal_ of the variable's name. role: the variables without that, too."""
    if role["network"] and role["runtime"] not in CONTAINERS:
        yield f"network is '{role['network']}', and runtime is {role['runtime']}. Next: leave the network empty"
    if rules.NAME.fault(role["name"]):
        yield f"name is '{role['name']}', which cannot be the name of a user. Next: {rules.NAME.fault(role['name'])}"
    yield from _problems_with_values("", role, _RULES)
    yield from _problems_with_values("", {name: role[name] or None for name in _RULES_IF_GIVEN}, _RULES_IF_GIVEN)
    if not role["oidc_issuer"] and not role["proxy_addresses"]:
        yield "oidc_issuer and rgw_portal_proxy_addresses are empty, so nobody could sign in. Next: give one"
    if role["oidc_issuer"] and not role["oidc_client_id"]:
        yield "oidc_client_id is empty. Next: give the name under which the issuer knows the portal"
    unknown = sorted(set(role["oidc_algorithms"]) - set(rules.ALGORITHMS))
    if unknown or not role["oidc_algorithms"]:
        yield f"oidc_algorithms is {list(role['oidc_algorithms'])}. Next: choose some of {', '.join(rules.ALGORITHMS)}"
    if role["proxy_addresses"] and not role["proxy_secret_file"]:
        yield "proxy_secret_file is empty. Next: name the file on the host with the secret that the proxy sends"
    if not any(role[f"{name}_groups"] for name in ("user", "admin", "uber_admin")):
        yield "user_groups, _admin_groups and _uber_admin_groups are empty. Next: give at least one role a group"
    if not urlsplit(role["database_url"] or "sqlite://").scheme:
        yield "database_url has no scheme. Next: give a URL such as postgresql+psycopg://portal@db.example.com/portal"
    if urlsplit(role["database_url"]).password:
        yield "database_url has a password. Next: write the password into rgw_portal_database_password_file"
    fault = rules.headers_fault([role[name] for name in HEADERS])
    if fault:
        yield f"{', rgw_portal_'.join(HEADERS)} are not three. Next: {fault}"
    yield from _problems_with_networks(role)
    yield from _problems_with_backends(role)
    yield from _problems_with_registries(role)


def _problems_with_values(place: str, given: Mapping[str, Any], ruled: Mapping[str, rules.Rule]) -> Iterator[str]:
    """place: what comes before the names of the options. A value of None is one that is left out."""
    for name, rule in ruled.items():
        value = given.get(name)
        fault = "" if value is None else rule.fault(value)
        if fault:
            is_shown = not (isinstance(rule, rules.Url) and "@" in str(value))
            yield f"{place}{name} is {repr(value) if is_shown else 'a URL with a login'}. Next: {fault}"


def _problems_with_networks(role: Mapping[str, Any]) -> Iterator[str]:
    for option in ("proxy_addresses", "front_addresses", "metrics_addresses"):
        for network in role[option]:
            if not _is_network(network):
                yield f"{option} has '{network}', which is no network. Next: give networks such as 10.0.0.0/8"


def _problems_with_backends(role: Mapping[str, Any]) -> Iterator[str]:
    backends: Sequence[Mapping[str, Any]] = role["backends"]
    if not backends:
        yield "backends is empty. Next: describe at least one storage"
    yield from _problems_with_names("backends", backends)
    for index, one in enumerate(backends):
        place, kind = f"backends[{index}].", kind_of(one)
        if one["name"] in rules.TAKEN_NAMES:
            yield f"{place}name is '{one['name']}', a path of the REST interface. Next: choose another name"
        empty = [option for option in _REQUIRED[kind] if not one.get(option)]
        for option in empty:
            yield f"{place}{option} is empty. Next: {_REQUIRED[kind][option]}"
        yield from _problems_with_values(place, {**one, **dict.fromkeys(empty)}, rules.BACKENDS[kind])
        yield from _problems_with_values(f"{place}limits.", one.get("limits") or {}, rules.LIMITS)
        if kind == "swift":
            yield from _problems_of_swift(place, one)


def _problems_of_swift(place: str, one: Mapping[str, Any]) -> Iterator[str]:
    if (one.get("limits") or {}).get("max_objects") is not None:
        yield f"{place}limits.max_objects is set, which Swift does not offer. Next: leave max_objects out"
    shown = rules.cleartext(one)
    if shown:
        yield f"{place}{shown} has no TLS. Next: {rules.CLEARTEXT}"


def _problems_with_registries(role: Mapping[str, Any]) -> Iterator[str]:
    registries: Sequence[Mapping[str, Any]] = role["registries"]
    yield from _problems_with_names("registries", registries)
    for index, one in enumerate(registries):
        place = f"registries[{index}]"
        yield from _problems_with_values(f"{place}.", one, rules.REGISTRY)
        if bool(one.get("username")) != bool(one.get("password_file")):
            yield f"{place} has only one of username and password_file. Next: give both, or none"


def _problems_with_names(option: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    names = [str(one["name"]) for one in entries]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{option} has '{name}' twice. Next: give each entry a name of its own"
    for index, one in enumerate(entries):
        yield from _problems_with_values(f"{option}[{index}].", one, {"name": rules.NAME})


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
