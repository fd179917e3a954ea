# SPDX-License-Identifier: Apache-2.0
"""What a registry does with a fault in its configuration, and where the validator has to find it.

Each case changes a configuration without faults. `paths` are where errors are to be found, none for a configuration
that is right. The registry's end has to be the one that the findings foretell.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, NamedTuple

GONE = object()
ALL = ("2.7", "2.8", "3.0", "3.1")
TWO, THREE = ALL[:2], ALL[2:]

PLAIN: dict[str, Any] = {
    "version": "0.1",
    "storage": {
        "inmemory": {},
        "cache": {"blobdescriptor": "inmemory"},
        "delete": {"enabled": True},
        "redirect": {"disable": True},
        "maintenance": {"uploadpurging": {"enabled": False}},
    },
    "http": {"addr": "127.0.0.1:0", "secret": "none"},
}


Changes = Dict[str, Any]


class Case(NamedTuple):
    """changes: dotted paths and values. said: what the registry's output has to hold, "" for nothing to look for."""

    name: str
    changes: dict[str, Any]
    paths: list[str]
    said: str = ""
    versions: tuple[str, ...] = ALL


def changed(config: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with each change made; GONE removes a key."""
    result = copy.deepcopy(config)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place = result
        for name in parents:
            place = place.setdefault(name, {})
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    return result


def swift(url: str, secret: str) -> dict[str, Any]:
    """A configuration without faults on a gateway's swift."""
    parameters = {
        "username": "demo:swift",
        "password": secret,
        "authurl": f"{url}/auth/v1",
        "authversion": 1,
        "container": "registry",
    }
    return changed(PLAIN, {"storage.inmemory": GONE, "storage.swift": parameters})


def _one(
    name: str,
    path: str,
    value: Any,
    said: str = "",
    versions: tuple[str, ...] = ALL,
    beside: dict[str, Any] | None = None,
) -> Case:
    """A fault that is found where it is made; beside: what else is changed, without a fault."""
    return Case(name, {**(beside or {}), path: value}, [path], said, versions)


PAIR = {"certificate": "/c.pem", "key": "/k.pem"}
PURGING = {"enabled": True, "age": "168h", "interval": "24h", "dryrun": False}


def _purging(name: str, key: str, value: Any, said: str) -> Case:
    block = "storage.maintenance.uploadpurging"
    return _one(name, f"{block}.{key}", value, said, beside={block: dict(PURGING)})


S3 = {
    "accesskey": "a",
    "secretkey": "b",
    "region": "default",
    "bucket": "registry",
    "regionendpoint": "http://127.0.0.1:9",
}


def _s3(name: str, parameter: str, value: Any, said: str = "", versions: tuple[str, ...] = ALL) -> Case:
    changes = {"storage.inmemory": GONE, "storage.s3": {**S3, parameter: value}}
    return Case(name, changes, [f"storage.s3.{parameter}"], said, versions)


# The registry's own parts, which need no storage behind them.
CASES = [
    Case("control", {}, []),
    Case("driver-as-a-word", {"storage": "inmemory"}, []),
    _one("unknown-section", "cache", {"blobdescriptor": "inmemory"}),
    _one("unknown-key", "http.timeout", "10s"),
    _one("quoted-delete", "storage.delete.enabled", "true"),
    _one("memcache", "storage.cache.blobdescriptor", "memcache", "unknown cache type"),
    _one("health-without-unit", "health.storagedriver.interval", 10, beside={"health.storagedriver.enabled": True}),
    _one("no-address", "http.addr", GONE),
    Case("redirect-empty", {"storage.redirect": {}}, ["storage.redirect.disable"], "invalid type for redirect config"),
    _one("redirect-quoted", "storage.redirect.disable", "true", "invalid type for redirect config"),
    _one("readonly-bare", "storage.maintenance.readonly", True, "readonly config key must contain additional keys"),
    _one("readonly-word", "storage.maintenance.readonly.enabled", "yes", "must have a boolean value"),
    Case("readonly", {"storage.maintenance.readonly": {"enabled": True}}, []),
    Case("purging", {"storage.maintenance.uploadpurging": PURGING}, []),
    _one("purging-bare", "storage.maintenance.uploadpurging", True, "uploadpurging config key must contain"),
    Case(
        "purging-enabled-only",
        {"storage.maintenance.uploadpurging": {"enabled": True}},
        [f"storage.maintenance.uploadpurging.{name}" for name in ("age", "interval", "dryrun")],
        "age missing",
    ),
    _purging("purging-age-number", "age", 168, "age is not a string"),
    _purging("purging-days", "interval", "1d", "Cannot parse interval"),
    _purging("purging-dryrun-quoted", "dryrun", "no", "cannot parse dryrun"),
    _purging("purging-off-quoted", "enabled", "false", "upload purge in"),
    _one("redis-cache-without-redis", "storage.cache.blobdescriptor", "redis", "redis configuration required"),
    Case(
        "redis-2-on-3",
        {"storage.cache.blobdescriptor": "redis", "redis": {"addr": "127.0.0.1:9"}},
        ["redis.addr", "storage.cache.blobdescriptor"],
        "redis configuration required",
        THREE,
    ),
    Case("redis-2", {"storage.cache.blobdescriptor": "redis", "redis": {"addr": "127.0.0.1:9"}}, [], versions=TWO),
    Case("redis-3", {"storage.cache.blobdescriptor": "redis", "redis": {"addrs": ["127.0.0.1:9"]}}, [], versions=THREE),
    _one("redis-3-on-2", "redis.addrs", ["127.0.0.1:9"], versions=TWO),
    Case(
        "htpasswd-without-realm",
        {"auth": {"htpasswd": {"path": "htpasswd"}}},
        ["auth.htpasswd.realm"],
        '"realm" must be',
    ),
    Case("htpasswd-missing-file", {"auth": {"htpasswd": {"realm": "r", "path": "htpasswd"}}}, [], "password="),
    Case(
        "token-without-bundle",
        {"auth": {"token": {"realm": "r", "service": "s", "issuer": "i"}}},
        ["auth.token.rootcertbundle"],
        "token auth requires",
    ),
    _one("auth-unknown", "auth.ldap", {}, "unable to configure authorization"),
    _one("auth-two", "auth", {"silly": {"realm": "r", "service": "s"}, "none": {}}, "must provide exactly one type"),
    Case("auth-none", {"auth": {"none": {}}}, []),
    Case("driver-unknown", {"storage.inmemory": GONE, "storage.rados": {}}, ["storage.rados"], "not registered: rados"),
    Case(
        "swift-on-3",
        {"storage.inmemory": GONE, "storage.swift": {"username": "u", "password": "p"}},
        ["storage.swift"],
        "not registered: swift",
        THREE,
    ),
    Case("drivers-two", {"storage.filesystem": {}}, ["storage"], "exactly one storage type"),
    Case(
        "storage-tag",
        {"storage.tag": {"concurrencylimit": 4}},
        ["storage"],
        "exactly one storage type",
        TWO,
    ),
    Case("storage-tag-3", {"storage.tag": {"concurrencylimit": 4}}, [], versions=THREE),
    Case("no-storage", {"storage": GONE}, ["storage"], "no storage configuration"),
    _one("version-0.2", "version", "0.2", "unsupported version"),
    _one("version-missing", "version", GONE, "configuration error"),
    _one("log-level", "log.level", "trace", "invalid loglevel"),
    _one("log-formatter", "log.formatter", "xml", "unsupported logging formatter"),
    Case("log-level-capitals", {"log": {"level": "DEBUG"}}, []),
    _one("header-not-a-list", "http.headers", {"X-A": "nosniff"}, "cannot unmarshal"),
    _one("quoted-flag", "http.relativeurls", "true", "cannot unmarshal"),
    _one("quoted-number", "catalog.maxentries", "5", "cannot unmarshal", ALL[1:]),
    _one("duration-without-unit", "http.draintimeout", "60", "cannot unmarshal"),
    _one("duration-in-days", "health.storagedriver.interval", "1d", "cannot unmarshal"),
    Case("number-as-text", {"http.secret": 12345, "http.prefix": "/r/"}, []),
    _one("list-as-text", "http.host", ["a"], "cannot unmarshal"),
    _one("net-unknown", "http.net", "udp", "unknown address type"),
    Case("tls-missing-file", {"http.tls": PAIR}, [], "no such file"),
    Case("tls-without-key", {"http.tls": {"certificate": "/c.pem"}}, ["http.tls.key"]),
    Case("tls-key-only", {"http.tls": {"key": "/k.pem"}}, ["http.tls.certificate"]),
    _one(
        "minimumtls",
        "http.tls.minimumtls",
        "1.2",
        "minimum TLS level",
        ALL[1:],
        {"http.tls": {"certificate": "/c", "key": "/k"}},
    ),
    Case(
        "minimumtls-2.7",
        {"http.tls": {**PAIR, "minimumtls": "tls1.2"}},
        ["http.tls.minimumtls"],
        "no such file",
        ("2.7",),
    ),
    Case(
        "middleware-unknown",
        {"middleware": {"storage": [{"name": "x"}]}},
        ["middleware.storage[0].name"],
        "no storage middleware",
    ),
    _one("maxtags-2", "tags", {"maxtags": 10}, versions=ALL[:3]),
    _one("maxtags-negative", "tags.maxtags", -1, "maxtags limit must be", versions=("3.1",)),
    _one("schema1-on-3", "compatibility", {"schema1": {"enabled": False}}, versions=THREE),
    _one("reporting-on-3", "reporting", {"bugsnag": {"apikey": "a"}}, versions=THREE),
    _s3("s3-chunk-too-small", "chunksize", 1048576, "should be a number between"),
    _s3("s3-storageclass", "storageclass", "COLD", "storageclass parameter must be one of"),
    _s3("s3-flag-word", "secure", "yes", "secure parameter should be a boolean"),
    _s3("s3-no-bucket", "bucket", "", "no bucket parameter"),
    _s3("s3-no-region", "region", "", "no region parameter", TWO),
    _s3("s3-v3-only", "forcepathstyle", True, versions=TWO),
]


def _item(name: str, path: str, value: Any, said: str, below: str = "") -> Case:
    """A fault in the first item of a list; below: the key in the item that is the fault's."""
    return Case(name, {path: [value]}, [f"{path}[0]{below}"], said)


CASES += [
    _one("addr-port-only", "http.addr", "5160", "missing port in address"),
    _one("addr-v6-bare", "http.addr", "::1:0", "too many colons"),
    _one("addr-url", "http.addr", "http://127.0.0.1:0", "too many colons"),
    _one("addr-port-too-high", "http.addr", "127.0.0.1:99999", "invalid port"),
    Case("addr-without-port", {"http.addr": "127.0.0.1:"}, []),
    _one("debug-port-only", "http.debug.addr", "5001", "missing port in address"),
    _one("host-without-scheme", "http.host", "registry.example.com"),
    _one("host-address", "http.host", "10.0.0.1:5000", "could not parse http"),
    _one("host-port", "http.host", "http://h:x", "could not parse http"),
    _one("prefix-without-slash", "http.prefix", "my/prefix/"),
    _one("proxy-without-scheme", "proxy.remoteurl", "registry-1.docker.io", "unsupported protocol scheme"),
    _item("regexp", "validation.manifests.urls.allow", "*a", "missing argument"),
    _item("regexp-ahead", "validation.manifests.urls.deny", "(?=a)", "perl syntax"),
    Case("regexp-off", {"validation": {"disabled": True, "manifests": {"urls": {"allow": ["*a"]}}}}, []),
    _one(
        "interval-negative",
        "health.storagedriver.interval",
        "-10s",
        "non-positive interval",
        beside={"health.storagedriver.enabled": True},
    ),
    Case("interval-negative-off", {"health.storagedriver.interval": "-10s"}, []),
    Case("check-twice", {"health.file": [{"file": "/x"}, {"file": "/x"}]}, ["health.file[1].file"], "already exists"),
    Case(
        "notification-without-scheme",
        {"notifications.endpoints": [{"name": "n", "url": "listener:9/events"}]},
        ["notifications.endpoints[0].url"],
    ),
    Case(
        "cipher",
        {"http.tls": {**PAIR, "ciphersuites": ["AES"]}},
        ["http.tls.ciphersuites[0]"],
        "unknown tls cipher suite",
        ALL[1:],
    ),
    _item(
        "redirect-without-scheme",
        "middleware.storage",
        {"name": "redirect", "options": {"baseurl": "h"}},
        "no scheme specified",
        ".options.baseurl",
    ),
    _item("middleware-off", "middleware.storage", {"name": "x", "disabled": True}, "no storage middleware", ".name"),
    _one("readonly-nothing", "storage.maintenance.readonly.enabled", None, "must have a boolean value"),
    _one("fields-list", "log.fields", ["a"], "cannot unmarshal"),
    _one("driver-number", "storage", 5, "not registered: 5"),
    Case("middleware-unknown-number", {"middleware": {"nosuch": 5}}, ["middleware.nosuch"], "cannot unmarshal"),
    Case("middleware-unknown-list", {"middleware": {"nosuch": []}}, ["middleware.nosuch"]),
    Case("auth-text", {"auth": {"none": "x"}}, ["auth.none"], "cannot unmarshal"),
    _one("maxentries-huge", "catalog.maxentries", 2**63, "cannot unmarshal", ALL[1:]),
    Case("auth-empty", {"auth": ""}, []),
    Case("driver-unknown-flag", {"storage": {"enabled": True}}, ["storage.enabled"], "cannot unmarshal"),
    Case("purging-off", {"storage.maintenance.uploadpurging": {"enabled": False, "age": ["a"], "dryrun": "x"}}, []),
    _s3("s3-list", "secretkey", ["a"]),
    Case("formatter-empty", {"log.formatter": ""}, []),
    Case("header-empty", {"http.headers": {"X-A": None}}, []),
    _s3("s3-fraction", "chunksize", "5242880.5", "chunksize parameter must be an integer"),
    _s3("s3-acl", "objectacl", "open", "invalid value for objectacl"),
    Case("s3-octal", {"storage.inmemory": GONE, "storage.s3": {**S3, "chunksize": "0x500000"}}, [], versions=TWO),
    Case("s3-files", {"storage.inmemory": GONE, "storage.s3": {**S3, "rootdirectory": "/files"}}, [], versions=TWO),
]


def _url(name: str, path: str, authversion: Any = GONE, said: str = "") -> Case:
    """The gateway's address with another path; what is said is said by a registry that does not start."""
    changes = {"storage.swift.authurl": path, "storage.swift.authversion": authversion}
    return Case(name, changes, ["storage.swift.authurl"] if said else [], said)


# What a gateway has its say in; the driver is registry 2's.
SWIFT_CASES = [
    Case("control", {}, []),
    _one("rootdirectory", "storage.swift.rootdirectory", "/r"),
    Case("capitals", {"storage.swift.Prefix": "reg"}, []),
    Case("endpointtype", {"storage.swift.endpointtype": "bogus"}, []),
    _one("password-number", "storage.swift.password", 12345, "error(s) decoding"),
    _one("username-number", "storage.swift.username", 12345, "error(s) decoding"),
    _one("container-number", "storage.swift.container", 12345, "error(s) decoding"),
    _one("tempurlmethods-text", "storage.swift.tempurlmethods", "GET", "error(s) decoding"),
    _one("chunksize-text", "storage.swift.chunksize", "5M", "error(s) decoding"),
    _one("insecureskipverify-text", "storage.swift.insecureskipverify", "true", "error(s) decoding"),
    _one("authversion-text", "storage.swift.authversion", "1", "error(s) decoding"),
    Case(
        "misspelt",
        {"storage.swift.password": GONE, "storage.swift.pasword": "x"},
        ["storage.swift.pasword", "storage.swift.password"],
        "no password parameter",
    ),
    _one("chunksize-small", "storage.swift.chunksize", 1024, "chunksize"),
    _one("authversion-9", "storage.swift.authversion", 9, "Auth Version 9 not supported"),
    _one("container-slash", "storage.swift.container", "a/bcd", "panic"),
    _one("container-dot", "storage.swift.container", ".reg", "panic"),
    _one("container-long", "storage.swift.container", 256 * "a", "panic"),
    # A panic up to Ceph 16 only, so a warning of the lint.
    Case("container-short", {"storage.swift.container": "ab"}, []),
    Case("container-capitals", {"storage.swift.container": "Reg_X"}, []),
    Case("wrong-password", {"storage.swift.password": "wrong"}, [], "swift authentication failed"),
    Case("tenant-number", {"storage.swift.tenant": 12345}, []),
    Case("chunksize", {"storage.swift.chunksize": 5242880}, []),
    Case("methods-list", {"storage.swift.tempurlmethods": ["GET"]}, []),
    Case("prefix", {"storage.swift.prefix": "reg"}, []),
    _url("authurl-slash", "/auth/v1/"),
    _url("authurl-v1.0", "/auth/v1.0"),
    _url("authurl-bare-with-version", "/auth", authversion=1),
    _url("authurl-1.0-with-version", "/auth/1.0", authversion=1),
    _url("authurl-bare", "/auth", said="Can't find AuthVersion in AuthUrl"),
    _url("authurl-1.0", "/auth/1.0", said="Can't find AuthVersion in AuthUrl"),
    _url("authurl-with-v3", "/auth/v1?dev3=v3", said="swift authentication failed"),
    _url("authurl-with-v3-and-version", "/auth/v1?dev3=v3", authversion=1),
    _url("authurl-storage", "/swift/v1", authversion=1, said="swift authentication failed"),
    _url("authurl-root", "/", authversion=1, said="swift authentication failed"),
    _url("authurl-v3-of-1", "/auth/v1", authversion=3, said="swift authentication failed"),
    _one("username-without-subuser", "storage.swift.username", "demo", "swift authentication failed"),
]
