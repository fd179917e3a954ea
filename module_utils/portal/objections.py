# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the variables of the role rgw_portal, each with what to do."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any, Iterator, Mapping, Sequence, Tuple
from urllib.parse import urlsplit

from ..services.definition import CONTAINERS
from .stores import ACCOUNTS, kind_of

__all__ = ["LIMITED", "objections"]

# Whose requests have a limit.
LIMITED = ("person", "address")

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")  # becomes the name of a user and of a unit
# Signatures with a key of the issuer's own (RFC 7518, section 3.1; RFC 8037 for EdDSA).
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_MOST_REQUESTS = 1_000_000
_PREFIX = re.compile(r"([a-z0-9._-]+/)*\{project\}/([a-z0-9._-]+/)*\Z")


def objections(role: Mapping[str, Any]) -> Iterator[str]:
    """Problems, without the beginning rgw_portal_ of the variable's name. role: the variables without that, too."""
    if role["network"] and role["runtime"] not in CONTAINERS:
        yield f"network is '{role['network']}', and runtime is {role['runtime']}. Next: leave the network empty"
    if not _NAME.match(role["name"]):
        yield (
            f"name is '{role['name']}', which cannot be the name of a user. Next: choose up to 31 lower-case "
            "letters, digits and hyphens that begin with a letter"
        )
    yield from _problems_with_urls(
        [("url", role["url"], False), ("oidc_issuer", role["oidc_issuer"], True)],
    )
    if not role["oidc_issuer"] and not role["proxy_addresses"]:
        yield "oidc_issuer and rgw_portal_proxy_addresses are empty, so nobody could sign in. Next: give one"
    if role["oidc_issuer"] and not role["oidc_client_id"]:
        yield "oidc_client_id is empty. Next: give the name under which the issuer knows the portal"
    unknown = sorted(set(role["oidc_algorithms"]) - set(_ALGORITHMS))
    if unknown or not role["oidc_algorithms"]:
        yield f"oidc_algorithms is {list(role['oidc_algorithms'])}. Next: choose some of {', '.join(_ALGORITHMS)}"
    if role["proxy_addresses"] and not role["proxy_secret_file"]:
        yield "proxy_secret_file is empty. Next: name the file on the host with the secret that the proxy sends"
    if not any(role[f"{name}_groups"] for name in ("user", "admin", "uber_admin")):
        yield "user_groups, _admin_groups and _uber_admin_groups are empty. Next: give at least one role a group"
    if not urlsplit(role["database_url"] or "sqlite://").scheme:
        yield "database_url has no scheme. Next: give a URL such as postgresql+psycopg://portal@db.example.com/portal"
    if urlsplit(role["database_url"]).password:
        yield "database_url has a password. Next: write the password into rgw_portal_database_password_file"
    yield from _problems_with_limits(role)
    yield from _problems_with_networks(role)
    yield from _problems_with_backends(role)
    yield from _problems_with_registries(role)


def _problems_with_limits(role: Mapping[str, Any]) -> Iterator[str]:
    for name in LIMITED:
        for option, least in ((f"{name}_requests_per_minute", 0), (f"{name}_burst", 1)):
            if not least <= int(role[option]) <= _MOST_REQUESTS:
                yield f"{option} is {role[option]}. Next: choose a number from {least} to {_MOST_REQUESTS}"


def _problems_with_networks(role: Mapping[str, Any]) -> Iterator[str]:
    for option in ("proxy_addresses", "metrics_addresses"):
        for network in role[option]:
            if not _is_network(network):
                yield f"{option} has '{network}', which is no network. Next: give networks such as 10.0.0.0/8"


def _problems_with_backends(role: Mapping[str, Any]) -> Iterator[str]:
    backends: Sequence[Mapping[str, Any]] = role["backends"]
    if not backends:
        yield "backends is empty. Next: describe at least one storage"
    names = [str(one["name"]) for one in backends]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"backends has '{name}' twice. Next: give each back-end a name of its own"
    for name in names:
        if not _NAME.match(name):
            yield f"backends has the name '{name}'. Next: choose lower-case letters, digits and hyphens"
    for index, one in enumerate(backends):
        if kind_of(one) == "dummy":
            continue
        place = f"backends[{index}]"
        if not one.get("endpoint"):
            yield f"{place}.endpoint is empty. Next: give the URL of the gateway"
        options_with_urls = ("endpoint", "keystone_url", "public_keystone_url")
        urls = [(f"{place}.{name}", one.get(name) or "", True) for name in options_with_urls]
        urls += [(f"{place}.public_endpoint", one.get("public_endpoint") or "", False)]
        yield from _problems_with_urls(urls)
        options, what_to_do = ACCOUNTS[kind_of(one)]
        for option in options:
            if not one.get(option):
                yield f"{place}.{option} is empty. Next: {what_to_do}"
        if kind_of(one) == "swift" and (one.get("limits") or {}).get("max_objects") is not None:
            yield f"{place}.limits.max_objects is set, which Swift does not offer. Next: leave max_objects out"


def _problems_with_registries(role: Mapping[str, Any]) -> Iterator[str]:
    registries: Sequence[Mapping[str, Any]] = role["registries"]
    names = [str(one["name"]) for one in registries]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"registries has '{name}' twice. Next: give each registry a name of its own"
    for index, one in enumerate(registries):
        place = f"registries[{index}]"
        if not _NAME.match(str(one["name"])):
            yield f"{place}.name is '{one['name']}'. Next: choose lower-case letters, digits and hyphens"
        yield from _problems_with_urls(
            [(f"{place}.url", one["url"], False), (f"{place}.endpoint", one.get("endpoint") or "", True)]
        )
        if bool(one.get("username")) != bool(one.get("password_file")):
            yield f"{place} has only one of username and password_file. Next: give both, or none"
        if not _PREFIX.match(one.get("prefix") or "{project}/"):
            yield (
                f"{place}.prefix is '{one['prefix']}'. Next: give whole segments that end with '/', one of them "
                "{project}, such as teams/{project}/"
            )


def _problems_with_urls(urls: Sequence[Tuple[str, str, bool]]) -> Iterator[str]:
    """urls: variable, value, and whether a path is fine."""
    for name, url, may_have_path in urls:
        parts = urlsplit(url)
        if not url:
            continue
        if parts.username or parts.password:
            yield f"{name} has a login. Next: give the URL without it"
        elif parts.scheme not in ("http", "https") or not parts.hostname:
            yield f"{name} is '{url}', which is no URL of a host. Next: give a URL such as https://portal.example.com"
        elif parts.query or parts.fragment or (parts.path.strip("/") and not may_have_path):
            yield f"{name} is '{url}', which has a path or a query. Next: give the URL without it"


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
