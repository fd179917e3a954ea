# SPDX-License-Identifier: Apache-2.0
"""What contradicts the names that are to be published: names of the gateways, and names among each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import InputError
from ..base.findings import WARNING, Finding
from ..base.words import listed
from .names import WILDCARD, domain_name, is_below, is_wildcard, parent
from .records import entry_findings

_OWN = "let rgw_gateway_options have rgw_dns_name: {0}, or add {0} to the hostnames of the zonegroup"


@dataclass(frozen=True)
class Published:
    """What is to be held against each other.

    endpoint: the gateways' name, empty if there is none. virtual_hosts: whether names of buckets are below it.
    names: the host names that gateways take for their own (rgw_dns_name, hostnames of the zonegroup). websites: those
    for web sites (rgw_dns_s3website_name, hostnames_s3website). zone, ttl, entries: as for records.
    """

    zone: str
    ttl: int
    entries: Sequence[Mapping[str, Any]]
    endpoint: str = ""
    virtual_hosts: bool = False
    names: Sequence[str] = ()
    websites: Sequence[str] = ()


def look(published: Published) -> list[Finding]:
    """All that is wrong. Raises InputError for an endpoint or a zone that is no name."""
    zone = domain_name(published.zone)
    endpoint = domain_name(published.endpoint) if published.endpoint else ""
    wrong = list(entry_findings(published.entries, zone, published.ttl))
    present = [
        name
        for name in (_name_of(one) for one in published.entries if one.get("state", "present") == "present")
        if name and is_below(name, zone)
    ]
    names, websites = _lower(published.names), _lower(published.websites)
    wrong += _of_the_gateways(endpoint, published.virtual_hosts, names, websites)
    wrong += _without_records([*names, *websites], present, zone)
    wrong += _without_buckets(websites, present, zone)
    wrong += _below_wildcards(present, f"{WILDCARD}{endpoint}")
    return wrong


def _of_the_gateways(
    endpoint: str, virtual_hosts: bool, names: Sequence[str], websites: Sequence[str]
) -> Iterator[Finding]:
    both = sorted(set(names) & set(websites))
    if both:
        what = f"the gateways have {listed(both)} both for S3 and for web sites"
        yield Finding(what, "give web sites names of their own (rgw_dns_s3website_name, hostnames_s3website)")
    if not endpoint or endpoint in names:
        return
    if endpoint in websites:
        what = f"the gateways know the endpoint {endpoint} for web sites only"
        yield Finding(what, _OWN.format(endpoint))
    elif names or websites:
        # RGW takes a Host that it does not know for a bucket as soon as it knows any name (rgw_rest.cc).
        known = listed(sorted({*names, *websites}))
        what = f"the gateways know the names {known}, and would take {endpoint} for the name of a bucket"
        yield Finding(what, _OWN.format(endpoint))
    elif virtual_hosts:
        what = f"the gateways know no name, and would look for the bucket of BUCKET.{endpoint} in the path"
        yield Finding(what, f"{_OWN.format(endpoint)}; or set dns_publish_virtual_hosts to false")


def _without_records(known: Sequence[str], present: Sequence[str], zone: str) -> Iterator[Finding]:
    for name in sorted(set(known)):
        if is_below(name, zone) and name not in present and WILDCARD + parent(name) not in present:
            what = f"the gateways know the name {name}, which gets no record here"
            yield Finding(what, "add the name to dns_publish_names, or take it from the gateways", severity=WARNING)


def _without_buckets(websites: Sequence[str], present: Sequence[str], zone: str) -> Iterator[Finding]:
    for name in websites:
        if is_below(name, zone) and name in present and WILDCARD + name not in present:
            what = f"web sites are at BUCKET.{name}, and *.{name} gets no record"
            yield Finding(what, f"add an entry for *.{name} to dns_publish_names")


def _below_wildcards(present: Sequence[str], of_buckets: str) -> Iterator[Finding]:
    """RFC 4592, 2.2.1 and 3.3.1: a name that exists, and all below that name, is out of the wildcard's reach."""
    for wildcard in filter(is_wildcard, present):
        domain = parent(wildcard)
        for name in present:
            if name in (domain, wildcard) or not is_below(name, domain):
                continue
            hidden = name[: -len(domain) - 1].rpartition(".")[2]
            what = f"{name} is below {wildcard}, so the wildcard does not answer for {hidden}.{domain}"
            effect = f"the bucket {hidden} has no virtual host" if wildcard == of_buckets and hidden != "*" else ""
            remedy = f"choose a name outside of {domain}, or see that nobody needs {hidden}.{domain}"
            yield Finding(what, remedy, effect=effect, severity=WARNING)


def _name_of(entry: Mapping[str, Any]) -> str:
    try:
        return domain_name(entry["name"], wildcard=True)
    except InputError:
        return ""  # entry_findings has it


def _lower(names: Sequence[str]) -> list[str]:
    return [str(name).rstrip(".").lower() for name in names]
