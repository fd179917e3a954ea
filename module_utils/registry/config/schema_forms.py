# SPDX-License-Identifier: Apache-2.0
"""Values of the right type whose form the registry's own parsers refuse, or take for something else.

Source: distribution 2.8.3: registry/registry.go, registry/handlers/app.go; measured on 2.8.2.
"""

from __future__ import annotations

from typing import Any, Iterator, List, Mapping, Optional, Tuple

from ...base.findings import WARNING, Finding
from .finding import FATAL, IGNORED, PANICS, Fault, found
from .go_regexp import regexp_problem
from .go_url import address_problem, parsed
from .schema import at_least
from .schema_values import nanoseconds

Config = Mapping[str, Any]

CIPHERS = frozenset(
    [
        *("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"),
        *("TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        *("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
        *("TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
        *("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
        *("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
        *("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
        *("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"),
        *("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"),
    ]
)
_URL_FIX = "write the whole URL, such as https://registry.example.com"
_ADDRESS_FIX = "write host:port or :port, an IPv6 address in brackets: [::1]:5000"
_UNHEALTHY = "the check always fails, and the registry answers 503 to every request"
_INTERVAL_FIX = "write a duration above 0, such as 10s"


def _part(config: Any, *path: str) -> Mapping[str, Any]:
    for name in path:
        config = config.get(name) if isinstance(config, Mapping) else None
    return config if isinstance(config, Mapping) else {}


def _entries(section: Mapping[str, Any], name: str) -> List[Tuple[int, Mapping[str, Any]]]:
    """The entries of a list that are mappings, an empty one for an entry without a value."""
    items = section.get(name)
    entries = [{} if item is None else item for item in items] if isinstance(items, (list, tuple)) else []
    return [(number, item) for number, item in enumerate(entries) if isinstance(item, Mapping)]


def _at(path: str, fault: Fault, version: str, source: str = "registry/handlers/app.go") -> Finding:
    return found(path, fault, f"distribution {version}, {source}")


def _text(value: Any) -> Optional[str]:
    """The value as Go's string has it; None for no value, and for what is none."""
    return str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "" else None


def addresses(config: Config, version: str) -> Iterator[Finding]:
    """Where the registry listens, and the redis that it calls."""
    http = _part(config, "http")
    places: List[Tuple[str, Any, str]] = []
    if http.get("net") != "unix":
        places.append(("http.addr", http.get("addr"), FATAL))
    places.append(("http.debug.addr", _part(http, "debug").get("addr"), FATAL))
    no_redis = "the registry cannot call redis: it warns at each request and runs without the cache"
    redis = _part(config, "redis")
    if at_least(version, "3.0"):
        addrs = redis.get("addrs")
        places += [("redis.addrs", one, no_redis) for one in (addrs if isinstance(addrs, (list, tuple)) else [])]
    else:
        places.append(("redis.addr", redis.get("addr"), no_redis))
    for path, value, effect in places:
        text = _text(value)
        problem = address_problem(text) if text else None
        if problem:
            yield _at(path, Fault(f"no address: {problem}", effect, _ADDRESS_FIX), version, "registry/listener")


def http_host_and_prefix(config: Config, version: str) -> Iterator[Finding]:
    """What the registry puts before its own paths, and what it expects before them."""
    http = _part(config, "http")
    host, prefix = _text(http.get("host")), _text(http.get("prefix"))
    if host:
        url = parsed(host)
        if url.problem:
            yield _at("http.host", Fault(f"no URL: {url.problem}", PANICS, _URL_FIX), version)
        elif not (url.scheme and url.host):
            yield _at("http.host", Fault("no URL: no scheme and host", IGNORED, _URL_FIX), version)
        elif not url.is_http:
            effect = "clients are sent to a URL that none of them can ask"
            yield _at("http.host", Fault("no URL of HTTP", effect, _URL_FIX), version)
    if prefix and not prefix.startswith("/"):
        effect = "the registry answers 404 to every request"
        yield _at("http.prefix", Fault("no / at its beginning", effect, "write /my/prefix/"), version)
    elif prefix and (prefix.count("{") != prefix.count("}") or "//" in prefix):
        effect = "the registry answers none of its requests"
        yield _at("http.prefix", Fault("{ or // in it", effect, "write a plain path, such as /my/prefix/"), version)
    elif prefix and not prefix.endswith("/"):
        fault = Fault("no / at its end", "the registry takes it all the same", "write /my/prefix/", WARNING)
        yield _at("http.prefix", fault, version)


def token_realm(config: Config, version: str) -> Iterator[Finding]:
    """Where clients get tokens: the registry only passes the words on."""
    realm = _text(_part(config, "auth", "token").get("realm"))
    if realm and not parsed(realm).is_http:
        effect = "no client can log in: the realm is where clients ask for tokens"
        fix = "write the URL of the token server, such as https://auth.example.com/token"
        yield _at("auth.token.realm", Fault("no URL of HTTP", effect, fix, WARNING), version, "registry/auth/token")


def notification_urls(config: Config, version: str) -> Iterator[Finding]:
    """Where events go."""
    for number, endpoint in _entries(_part(config, "notifications"), "endpoints"):
        url = endpoint.get("url")
        if endpoint.get("disabled") is not True and not (isinstance(url, str) and parsed(url).is_http):
            effect = "the registry runs and never delivers an event: it tries for ever, and the queue grows"
            fault = Fault("no URL of HTTP", effect, "write the whole URL, such as http://listener.example.com/events")
            yield _at(f"notifications.endpoints[{number}].url", fault, version, "notifications/http.go")


def expressions(config: Config, version: str) -> Iterator[Finding]:
    """Regular expressions, which are compiled unless the validation is off."""
    validation = _part(config, "validation")
    if validation.get("disabled") is True and validation.get("enabled") is not True:
        return
    urls = _part(validation, "manifests", "urls")
    for name in ("allow", "deny"):
        items = urls.get(name)
        for number, item in enumerate(items if isinstance(items, (list, tuple)) else []):
            problem = regexp_problem(item) if isinstance(item, str) else None
            if problem:
                fix = "write an expression of Go's (RE2), such as ^https://cdn\\.example\\.com/"
                fault = Fault(f"no regular expression: {problem}", PANICS, fix)
                yield _at(f"validation.manifests.urls.{name}[{number}]", fault, version)


def health_checks(config: Config, version: str) -> Iterator[Finding]:
    """Intervals, addresses and names of the health checks."""
    health = _part(config, "health")
    storage = _part(health, "storagedriver")
    checks: List[Tuple[str, str, Mapping[str, Any]]] = []
    if storage.get("enabled") is True:
        checks.append(("health.storagedriver", "", storage))
    for kind, key in (("file", "file"), ("http", "uri"), ("tcp", "addr")):
        for number, entry in _entries(health, kind):
            checks.append((f"health.{kind}[{number}]", key, entry))
    seen = set()
    for path, key, entry in checks:
        length = nanoseconds(entry.get("interval"))
        if length is not None and length < 0:
            fault = Fault("a duration below 0", PANICS, _INTERVAL_FIX)
            yield _at(f"{path}.interval", fault, version, "health/health.go")
        if key:
            name = str(entry.get(key) or "")
            if name in seen:
                fault = Fault("a second check of one name", PANICS, "keep one of them")
                yield _at(f"{path}.{key}", fault, version, "health/health.go")
            seen.add(name)
            yield from _check_target(f"{path}.{key}", key, name, version)


def _check_target(path: str, key: str, name: str, version: str) -> Iterator[Finding]:
    if key == "uri" and not parsed(name).is_http:
        yield _at(path, Fault("no URL of HTTP", _UNHEALTHY, _URL_FIX), version, "health/checks")
    problem = address_problem(name) if key == "addr" else None
    if problem:
        yield _at(path, Fault(f"no address: {problem}", _UNHEALTHY, _ADDRESS_FIX), version, "health/checks")


def purging_times(config: Config, version: str) -> Iterator[Finding]:
    """Durations of the upload purger that turn its meaning around."""
    purging = _part(config, "storage", "maintenance", "uploadpurging")
    age, interval = nanoseconds(purging.get("age")), nanoseconds(purging.get("interval"))
    if purging.get("enabled") is False:
        return
    path = "storage.maintenance.uploadpurging"
    if isinstance(purging.get("age"), str) and age is not None and age < 0:
        effect = "the registry removes uploads that are under way"
        yield _at(f"{path}.age", Fault("a duration below 0", effect, "write 168h"), version)
    if isinstance(purging.get("interval"), str) and interval is not None and interval <= 0:
        effect = "the registry lists its storage for old uploads without a pause"
        yield _at(f"{path}.interval", Fault("no duration above 0", effect, "write 24h"), version)


def cipher_suites(config: Config, version: str) -> Iterator[Finding]:
    """Names of cipher suites, which are read where there is TLS."""
    tls = _part(config, "http", "tls")
    if not at_least(version, "2.8") or not (tls.get("certificate") or _part(tls, "letsencrypt").get("cachefile")):
        return
    suites = tls.get("ciphersuites")
    for number, name in enumerate(suites if isinstance(suites, (list, tuple)) else []):
        if str(name or "") not in CIPHERS:
            fix = "write Go's name of a suite, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
            fault = Fault("no cipher suite that Go knows", FATAL, fix)
            yield _at(f"http.tls.ciphersuites[{number}]", fault, version, "registry/registry.go")


def middleware_options(config: Config, version: str) -> Iterator[Finding]:
    """What a middleware of the storage cannot do without, and middlewares that this program does not have."""
    middleware = _part(config, "middleware")
    needed = {"redirect": ("baseurl",), "cloudfront": ("baseurl", "privatekey", "keypairid")}
    for number, entry in _entries(middleware, "storage"):
        path, options = f"middleware.storage[{number}]", _part(entry, "options")
        if not entry.get("name"):
            yield _at(f"{path}.name", Fault("missing", PANICS, "write cloudfront or redirect"), version)
        for name in needed.get(str(entry.get("name")), ()):
            if not isinstance(options.get(name), str):
                yield _at(f"{path}.options.{name}", Fault("no string", PANICS, "give it a value"), version)
        base = options.get("baseurl")
        if entry.get("name") == "redirect" and isinstance(base, str):
            url = parsed(base)
            if url.problem or not (url.scheme and url.host):
                yield _at(f"{path}.options.baseurl", Fault("no URL", PANICS, _URL_FIX), version)
    for place, effect in (("registry", PANICS), ("repository", "the registry answers 500 for every repository")):
        for number, _entry in _entries(middleware, place):
            fault = Fault("no middleware that this registry has", effect, "remove the entry")
            yield _at(f"middleware.{place}[{number}].name", fault, version)


RULES = (
    addresses,
    http_host_and_prefix,
    token_realm,
    notification_urls,
    expressions,
    health_checks,
    purging_times,
    cipher_suites,
    middleware_options,
)
