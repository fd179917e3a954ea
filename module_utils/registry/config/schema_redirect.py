# SPDX-License-Identifier: Apache-2.0
"""What a configuration shows of the ways in which redirects to a Ceph gateway break; the rest only a proof can show.

Source: distribution 2.8.3, registry/storage/driver/swift (New, URLFor) and s3-aws; seen with registry 2.8.2 on RGW
18.2.7.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, Tuple

from ...base.findings import WARNING, Finding
from ..reach import is_below, is_loopback
from .finding import Fault, found
from .go_url import parsed

_METHODS = ("GET", "HEAD")
_PORT = re.compile(r":[0-9]*\Z")
Faults = Iterator[Tuple[str, Fault]]


def redirects_to_rgw(config: Mapping[str, Any], version: str) -> Iterator[Finding]:
    """Findings of a configuration with which clients are sent to the gateway."""
    storage = config.get("storage")
    if not isinstance(storage, Mapping) or not _redirects(storage):
        return
    for driver, place, check in (("swift", "authurl", _swift), ("s3", "regionendpoint", _s3)):
        parameters = storage.get(driver)
        if isinstance(parameters, Mapping):
            given = {str(name).lower(): value for name, value in parameters.items()}
            faults = (*_address(config, place, given.get(place)), *check(given), *_login(config, given, driver))
            for name, fault in faults:
                yield found(f"storage.{driver}.{name}", fault, f"distribution {version}, registry/storage/driver")


def _redirects(storage: Mapping[str, Any]) -> bool:
    """Whether the configuration says so. Without a word, another rule asks for one."""
    redirect = storage.get("redirect")
    return isinstance(redirect, Mapping) and redirect.get("disable") is False


def _address(config: Mapping[str, Any], place: str, text: Any) -> Faults:
    url = parsed(text) if isinstance(text, str) else parsed("")
    if not url.is_http:
        return
    http = config.get("http")
    section: Mapping[str, Any] = http if isinstance(http, Mapping) else {}
    own = _PORT.sub("", str(section.get("addr") or ""))
    if is_loopback(_PORT.sub("", url.host)) and not is_loopback(own):
        effect = "clients on other hosts are sent to an address that they cannot reach"
        yield place, Fault("a loopback address", effect, "write an address that clients reach", WARNING)
    if section.get("tls") and url.scheme == "http":
        effect = "clients are sent from TLS to plain HTTP, which shows others the blobs and the signed URLs"
        yield place, Fault("a URL with http, and the registry has TLS", effect, "write a URL with https", WARNING)


def _login(config: Mapping[str, Any], driver: Mapping[str, Any], name: str) -> Faults:
    """Clients send their login along to the same host and to those below its name (golang/go#35104)."""
    http, endpoint = config.get("http"), driver.get("regionendpoint")
    own = http.get("host") if isinstance(http, Mapping) else None
    if name != "s3" or not config.get("auth") or not isinstance(own, str) or not isinstance(endpoint, str):
        return
    if is_below(_PORT.sub("", parsed(endpoint).host), _PORT.sub("", parsed(own).host)):
        effect = "clients send their login of the registry along, and the gateway refuses a presigned URL with a login"
        fix = "give the gateway a host name that is not below the registry's"
        yield "regionendpoint", Fault("the host of http.host, or one below", effect, fix, WARNING)


def _swift(swift: Mapping[str, Any]) -> Faults:
    if not swift.get("secretkey"):
        effect = "the registry makes up a key and stores it on the account, or signs nothing where it may not"
        fix = "write a key that the account has (temp_url_keys of rgw_users)"
        yield "secretkey", Fault("missing", effect, fix, WARNING)
    methods = swift.get("tempurlmethods")
    listed = [str(method) for method in methods] if isinstance(methods, (list, tuple)) else []
    if not set(_METHODS) <= set(listed):
        effect = "the registry sends blobs itself: it asks /info for the methods, which RGW takes for a bucket"
        yield "tempurlmethods", Fault("not GET and HEAD", effect, "write tempurlmethods: [GET, HEAD]", WARNING)
    elif swift.get("tempurlcontainerkey") is not True:
        effect = "the registry changes the account's key, which its subuser may do with the access full only"
        yield "tempurlcontainerkey", Fault("not true", effect, "write tempurlcontainerkey: true", WARNING)


def _s3(s3: Mapping[str, Any]) -> Faults:
    endpoint = s3.get("regionendpoint")
    path = parsed(endpoint).path if isinstance(endpoint, str) and "://" in endpoint else ""
    if path.strip("/"):
        effect = "the registry signs this path, too, which a proxy must not remove before the gateway"
        fix = "write the URL without a path, and give the gateway a host name of its own"
        yield "regionendpoint", Fault("a path in it", effect, fix, WARNING)
