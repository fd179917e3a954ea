# SPDX-License-Identifier: Apache-2.0
"""What would keep gateways of a cluster from working on this host. Looks, and changes nothing."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..base.findings import ERROR, WARNING, Finding
from ..base.host_port import bare_host, host_port
from ..host.certificates import Pair, check_certificate
from ..host.checks import check_address, check_disk, check_port
from .frontend import LAST_WITH_CIVETWEB, options_of, tls_library, unknown_options
from .preflight_cephadm import look_at_cephadm
from .preflight_cluster import Expected, Ours, look_at_cluster
from .preflight_conf import foreign_sections

_DISK_BYTES = 512 << 20


class Wanted(NamedTuple):
    """What is to run here: the instances as the role has them; ours: what is known of all of them; conf, data: paths;
    cluster: the facts of ceph_cluster.read_cluster, or a module's failure; expected: asked of the cluster.
    """

    instances: Sequence[Mapping[str, Any]]
    ours: Ours
    conf: str
    data: str
    cluster: Mapping[str, Any]
    expected: Expected


class Found(NamedTuple):
    """Findings that keep a gateway from working, and those that do not, yet."""

    errors: list[Finding]
    warnings: list[Finding]


def look(wanted: Wanted) -> Found:
    """All that is wrong, in bounded time."""
    judged = [*_instances(wanted), *_certificates(wanted), *_civetweb_tls(wanted)]
    judged += look_at_cluster(wanted.cluster, wanted.expected, wanted.ours, wanted.conf)
    if wanted.ours.runtime == "cephadm":
        judged += look_at_cephadm(wanted.instances, wanted.ours.version)
    else:
        judged += foreign_sections(wanted.conf, wanted.instances)
    full = check_disk(wanted.data, _DISK_BYTES, "the gateway's logs and data")
    judged += [full] if full else []
    return Found(
        [one for one in judged if one.severity == ERROR],
        [one for one in judged if one.severity != ERROR],
    )


def _instances(wanted: Wanted) -> Iterator[Finding]:
    names = [f"name {one['name']}" for one in wanted.instances]
    listeners = [f"address and port {host_port(one['address'], one['port'])}" for one in wanted.instances]
    for twice, count in Counter(names + listeners).items():
        if count > 1:
            yield Finding(f"{count} instances have the {twice}", "give each instance of a host its own")
    if not wanted.instances:
        yield Finding("no instance is to run here", "list one in rgw_gateway_instances")
    for one in wanted.instances:
        found = [_frontend(one, wanted.ours.version), _address(one)]
        found.append(check_port(one["port"], f"the gateway {one['name']}", "rgw_gateway_instances", one["entity"]))
        yield from filter(None, found)


def _frontend(instance: Mapping[str, Any], version: str | None) -> Finding | None:
    if version is None:
        return None
    release = int(version.partition(".")[0])
    if instance["frontend"] == "civetweb":
        if release > LAST_WITH_CIVETWEB:
            problem = f"{instance['name']}: Ceph {release} has no civetweb, and would run without listening"
            return Finding(problem, "use beast")
        if instance["private_key"]:
            problem = f"{instance['name']}: civetweb has no option for a private key ({instance['private_key']})"
            return Finding(problem, "put the key into the file of the certificate, and leave private_key out")
    unknown = unknown_options(instance["frontend"], instance["frontend_options"], release)
    if not unknown:
        return None
    fate = "does not start with" if instance["frontend"] == "civetweb" else "ignores without a word"
    problem = f"{instance['name']}: {instance['frontend']} of Ceph {release} {fate}: {', '.join(unknown)}"
    return Finding(problem, f"its options are {', '.join(options_of(instance['frontend'], release))}")


def _address(instance: Mapping[str, Any]) -> Finding | None:
    address = bare_host(instance["address"])
    try:
        ipaddress.ip_address(address)
    except ValueError:
        problem = f"{instance['name']}: {address} is no IP address, and radosgw takes no names there"
        return Finding(problem, "name an address of this host, or 0.0.0.0 for all")
    return check_address(address, instance["name"], "rgw_gateway_instances")


def _certificates(wanted: Wanted) -> Iterator[Finding]:
    for one in wanted.instances:
        if one["certificate"]:
            purpose = f"the gateway {one['name']}"
            key = one["private_key"] or one["certificate"]
            names = [one["server_name"]] if one["server_name"] else []
            refused, ends_soon = check_certificate(
                Pair(one["certificate"], key, names, purpose, "rgw_gateway_instances")
            )
            yield from refused
            if ends_soon:
                yield ends_soon._replace(severity=WARNING)


def _civetweb_tls(wanted: Wanted) -> Iterator[Finding]:
    """civetweb loads the TLS library at run time, and asks it for a function that OpenSSL 3 does not have."""
    here = wanted.ours.runtime == "package"
    if here and tls_library() != "libssl.so.3":
        return
    where = "the OpenSSL 3 of this host" if here else "OpenSSL 3, which the image may have"
    for one in wanted.instances:
        if one["frontend"] == "civetweb" and one["certificate"]:
            problem = f"{one['name']}: civetweb does not answer over TLS with {where}"
            yield Finding(problem, "use beast, or leave the certificate out", severity=ERROR if here else WARNING)
