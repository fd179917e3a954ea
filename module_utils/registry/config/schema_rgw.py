# SPDX-License-Identifier: Apache-2.0
"""What a registry's storage driver and a Ceph object gateway have to agree on.

Source: distribution 2.8.3, registry/storage/driver/swift and s3-aws; ncw/swift 1.0.53; measured with registry 2.8.2 on
RGW 16.2.15 and 18.2.7.
"""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional

from ...base.findings import WARNING, Finding
from .finding import PANICS, Fault, found
from .go_url import parsed
from .schema import at_least
from .schema_swift import swift_login

MAX_CONTAINER_BYTES = 255
S3_CLASSES = {
    "2": ("NONE", "STANDARD", "REDUCED_REDUNDANCY"),
    "3": (
        *("NONE", "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "OUTPOSTS"),
        "GLACIER_IR",
    ),
}


def swift_on_rgw(config: Mapping[str, Any], version: str) -> Iterator[Finding]:
    """The swift driver's parameters that are right by their types and wrong for the gateway."""
    swift = _driver(config, "swift")
    if swift is None or at_least(version, "3.0"):
        return
    source = f"distribution {version}, registry/storage/driver/swift"
    container = swift.get("container")
    for name, fault in swift_login(swift):
        yield found(f"storage.swift.{name}", fault, source)
    if isinstance(container, str) and container:
        for fault in _container_name(container):
            yield found("storage.swift.container", fault, source)
    yield from _redirect(config, source)


def _container_name(name: str) -> Iterator[Fault]:
    """What RGW has against a container's name (seen on 14.2, 16.2 and 18.2)."""
    if "/" in name or name.startswith(".") or len(name.encode()) > MAX_CONTAINER_BYTES:
        fix = f"RGW wants {MAX_CONTAINER_BYTES} bytes at most, no slash, and no dot at the beginning"
        yield Fault("not a name that RGW accepts", PANICS, f"{fix}; storage.swift.prefix takes a path")
    elif len(name) < 3:
        effect = "RGW refuses the name up to Ceph 16, and then the registry panics; Ceph 18 accepts the name"
        yield Fault("shorter than three characters", effect, "write a longer name", WARNING)


def s3_on_rgw(config: Mapping[str, Any], version: str) -> Iterator[Finding]:
    """The s3 driver's parameters that are right by their types and wrong for the gateway, or for this version."""
    s3 = _driver(config, "s3")
    if s3 is None:
        return
    source = f"distribution {version}, registry/storage/driver/s3-aws"
    three = at_least(version, "3.0")
    endpoint = s3.get("regionendpoint")
    if not s3.get("region") and not (three and endpoint):
        fault = Fault("missing", PANICS, "write any name, such as default: with regionendpoint it is not looked at")
        yield found("storage.s3.region", fault, source)
    if three and endpoint and str(s3.get("forcepathstyle")).lower() != "true":
        effect = "the registry looks for a host <bucket>.<endpoint>"
        fault = Fault("not true", effect, "write forcepathstyle: true, unless that name leads to the gateway", WARNING)
        yield found("storage.s3.forcepathstyle", fault, source)
    classes = S3_CLASSES["3" if three else "2"]
    if isinstance(s3.get("storageclass"), str) and s3["storageclass"].upper() not in classes:
        fix = f"write one of {', '.join(classes)}; a class of RGW's own goes by a lifecycle rule"
        yield found("storage.s3.storageclass", Fault("not a class that the driver knows", PANICS, fix), source)
    yield from _s3_endpoint(s3, source)
    if str(s3.get("rootdirectory", "")).strip("/") == "files":
        effect = "if the bucket is a swift registry's container, blobs are served empty, with status 200"
        fix = "see that it is a bucket of its own; blobs are copied there by rclone copy SWIFT:c/files S3:bucket"
        fault = Fault("where the swift driver keeps its files", effect, fix, WARNING)
        yield found("storage.s3.rootdirectory", fault, source)
    yield from _redirect(config, source)


def _s3_endpoint(s3: Mapping[str, Any], source: str) -> Iterator[Finding]:
    endpoint = s3.get("regionendpoint")
    if isinstance(endpoint, str) and endpoint and not parsed(endpoint if "://" in endpoint else f"h://{endpoint}").host:
        fault = Fault("no URL", "the registry runs and fails at every request", "write http://HOST:PORT")
        yield found("storage.s3.regionendpoint", fault, source)
    elif isinstance(endpoint, str) and "://" in endpoint and not parsed(endpoint).is_http:
        fault = Fault("no URL of HTTP", "the registry runs and fails at every request", "write http://HOST:PORT")
        yield found("storage.s3.regionendpoint", fault, source)
    elif isinstance(endpoint, str) and endpoint and "://" not in endpoint and str(s3.get("secure")).lower() != "false":
        effect = "the registry speaks HTTPS to it, and waits where the gateway has no TLS"
        fault = Fault("no scheme", effect, "write http:// or https:// before the host", WARNING)
        yield found("storage.s3.regionendpoint", fault, source)
    if ":" in str(s3.get("region", "")):
        effect = "only the creation of a bucket chooses a placement, and the registry creates none"
        fault = Fault(
            "a placement in it", effect, "write the region alone, and create the bucket with the placement", WARNING
        )
        yield found("storage.s3.region", fault, source)
    if not endpoint and str(s3.get("v4auth")).lower() in ("false", "f", "0"):
        fault = Fault("false, and no regionendpoint", PANICS, "write regionendpoint, or remove v4auth")
        yield found("storage.s3.v4auth", fault, source)


def _redirect(config: Mapping[str, Any], source: str) -> Iterator[Finding]:
    storage = config["storage"]
    if isinstance(storage, Mapping) and "redirect" not in storage:
        effect = "where the driver can sign URLs, clients are sent to the gateway for blobs and have to reach it"
        fix = "write redirect: {disable: true}, or false where that is wanted"
        yield found("storage.redirect", Fault("missing", effect, fix, WARNING), source)


def _driver(config: Mapping[str, Any], name: str) -> Optional[Mapping[str, Any]]:
    """The driver's parameters with lower-case names; None where it is another driver."""
    storage = config.get("storage")
    parameters = storage.get(name) if isinstance(storage, Mapping) else None
    return {str(key).lower(): value for key, value in parameters.items()} if isinstance(parameters, Mapping) else None
