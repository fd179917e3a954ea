# SPDX-License-Identifier: Apache-2.0
"""What has to fit together in a registry's configuration, beyond the types of single values.

Source: distribution 2.7.1, 2.8.3, 3.0.0 and 3.1.1, at the place that each rule names; measured on 2.8.2.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Mapping, Tuple

from ...base.findings import WARNING, Finding
from .finding import FATAL, PANICS, REFUSED, Fault, found
from .foreign import OTHERS_HAVE
from .schema import at_least
from .schema_forms import RULES as FORMS
from .schema_mirror import RULES as MIRROR
from .schema_redirect import redirects_to_rgw
from .schema_rgw import s3_on_rgw, swift_on_rgw
from .schema_sections import ACCESS_CONTROLLERS
from .schema_storage import COMMON, DRIVERS
from .schema_values import Kind, flag, spelled_duration

Config = Mapping[str, Any]
Rule = Callable[[Config, str], Iterator[Finding]]

CACHES = ("redis", "inmemory", "")
# The keys of the block that the upload purger cannot do without: the usual value, and the kind.
PURGING: Mapping[str, Tuple[str, Kind]] = {
    "age": ("168h", spelled_duration(PANICS)),
    "interval": ("24h", spelled_duration(PANICS)),
    "dryrun": ("false", flag(PANICS)),
}

_SWIFT_WAY_OUT = (
    "stay on registry 2.8, or copy the blobs to a bucket of their own (rclone joins segments: rclone copy "
    "SWIFT:c/files S3:bucket) and use storage.s3; on the swift container itself it serves empty blobs"
)


def part(config: Any, path: str) -> Mapping[str, Any]:
    """The mapping at a dotted path; an empty one where there is none."""
    for name in path.split("."):
        config = config.get(name) if isinstance(config, Mapping) else None
    return config if isinstance(config, Mapping) else {}


def configuration_version(config: Config, version: str) -> Iterator[Finding]:
    """The file's own version is 0.1 for every registry."""
    if str(config.get("version", "")) != "0.1":
        problem = "not 0.1" if "version" in config else "missing"
        yield _at("version", Fault(problem, REFUSED, 'write version: "0.1"'), "configuration/parser.go", version)


def one_storage_driver(config: Config, version: str) -> Iterator[Finding]:
    """Exactly one driver, and one that this registry has."""
    storage = config.get("storage")
    source = "configuration/configuration.go"
    drivers = _drivers(storage, version)
    if isinstance(storage, (list, tuple)):
        return
    if not drivers:
        fix = f"write one of {', '.join(known_drivers(version))} below storage"
        yield _at("storage", Fault("no storage driver", REFUSED, fix), source, version)
    elif len(drivers) > 1:
        # Of a second one that comes from the environment it finds out later, and panics (lint).
        fault = Fault(f"{len(drivers)} storage drivers: {', '.join(drivers)}", REFUSED, "keep one of them")
        yield _at("storage", fault, source, version)
    elif drivers[0] not in known_drivers(version):
        path = "storage" if not isinstance(storage, Mapping) else f"storage.{drivers[0]}"
        fault = _unknown_driver(drivers[0], version)
        yield _at(path, _with_shape(fault, part(config, "storage").get(drivers[0])), source, version)


def _with_shape(fault: Fault, value: Any) -> Fault:
    """A driver or controller that nobody has: one that is no mapping is refused before its name is looked up."""
    return fault._replace(effect=REFUSED) if value is not None and not isinstance(value, Mapping) else fault


def _drivers(storage: Any, version: str) -> List[str]:
    if isinstance(storage, (str, int, float)):
        return [str(storage)] if storage != "" else []
    known = [name for name, key in COMMON.items() if key.known_to(version)]
    return [str(name) for name in storage if name not in known] if isinstance(storage, Mapping) else []


def known_drivers(version: str) -> List[str]:
    """The storage drivers of a version."""
    return [name for name, key in DRIVERS.items() if key.known_to(version)]


def _unknown_driver(name: str, version: str) -> Fault:
    if name == "swift":
        return Fault("registry 3 has no swift driver", PANICS, _SWIFT_WAY_OUT)
    others = f" ({OTHERS_HAVE[name]})" if name in OTHERS_HAVE else ""
    return Fault(f"not a storage driver{others}", PANICS, f"write one of {', '.join(known_drivers(version))}")


def one_access_controller(config: Config, version: str) -> Iterator[Finding]:
    """At most one, a known one, and token with what it trusts."""
    auth = config.get("auth")
    names: List[str] = []
    if isinstance(auth, Mapping):
        names = [str(name) for name in auth]
    elif isinstance(auth, (str, int, float)) and auth != "":
        names = [str(auth)]
    if len(names) > 1:
        fault = Fault(f"{len(names)} access controllers: {', '.join(names)}", REFUSED, "keep one of them")
        yield _at("auth", fault, "configuration/configuration.go", version)
    elif names and names[0] not in ACCESS_CONTROLLERS and names[0].lower() != "none":
        fault = Fault("not an access controller", PANICS, f"write one of {', '.join(ACCESS_CONTROLLERS)}")
        fault = _with_shape(fault, part(config, "auth").get(names[0]))
        yield _at("auth" if not isinstance(auth, Mapping) else f"auth.{names[0]}", fault, "registry/auth", version)
    token = part(config, "auth.token")
    trusted = ["rootcertbundle"] + (["jwks"] if at_least(version, "3.0") else [])
    if token and not any(token.get(name) for name in trusted):
        fault = Fault("missing", PANICS, "name the file with the token server's certificates")
        yield _at("auth.token.rootcertbundle", fault, "registry/auth/token", version)


def upload_purging_is_complete(config: Config, version: str) -> Iterator[Finding]:
    """Unless it is off, all four keys are needed: the defaults hold only for a missing block."""
    purging = part(config, "storage.maintenance").get("uploadpurging")
    if not isinstance(purging, Mapping) or purging.get("enabled") is False:
        return
    for name, (default, check) in PURGING.items():
        fix = f"write all four keys of the block; {name}: {default} is the usual value"
        missing = Fault("missing", PANICS, fix) if purging.get(name) is None else None
        fault = missing or check(purging[name])
        if fault:
            yield _at(f"storage.maintenance.uploadpurging.{name}", fault, "registry/handlers/app.go", version)


def cache_exists(config: Config, version: str) -> Iterator[Finding]:
    """A cache is in memory or in a redis that is configured in this version's words."""
    cache = part(config, "storage.cache")
    name = "layerinfo" if "layerinfo" in cache and "blobdescriptor" not in cache else "blobdescriptor"
    kind = cache.get(name)
    address = "addrs" if at_least(version, "3.0") else "addr"
    if kind == "redis" and not part(config, "redis").get(address):
        fault = Fault(f"redis without redis.{address}", PANICS, f"write redis.{address}, or inmemory here")
        yield _at(f"storage.cache.{name}", fault, "registry/handlers/app.go", version)
    elif cache and kind not in CACHES:
        fault = Fault("not one of inmemory, redis", "the registry warns and runs without a cache", "write one of them")
        yield _at(f"storage.cache.{name}", fault, "registry/handlers/app.go", version)


def http_secret_is_set(config: Config, version: str) -> Iterator[Finding]:
    """Without one, each replica signs upload states with a secret of its own."""
    if not part(config, "http").get("secret") and not part(config, "proxy").get("remoteurl"):
        effect = "the registry makes a random one: uploads begun before a restart or on another replica fail"
        fault = Fault("missing", effect, "write one random string for all replicas", WARNING)
        yield _at("http.secret", fault, "registry/handlers/app.go", version)


def http_address_is_set(config: Config, version: str) -> Iterator[Finding]:
    """Without one, the system chooses a port."""
    if not part(config, "http").get("addr"):
        effect = "the registry listens on a port that changes with every start"
        yield _at("http.addr", Fault("missing", effect, "write addr: :5000"), "registry/listener", version)


def tls_versions(version: str) -> Tuple[str, ...]:
    """The versions of TLS that a registry of this version can be told to begin with."""
    return ("tls1.2", "tls1.3") if at_least(version, "3.0") else ("tls1.0", "tls1.1", "tls1.2", "tls1.3")


def tls_is_complete(config: Config, version: str) -> Iterator[Finding]:
    """A certificate and its key, or Let's Encrypt; a minimum version that this registry knows."""
    tls, source = part(config, "http.tls"), "registry/registry.go"
    certificate, key = tls.get("certificate"), tls.get("key")
    encrypt = part(config, "http.tls.letsencrypt").get("cachefile")
    if certificate and encrypt:
        yield _at("http.tls", Fault("certificate and letsencrypt", FATAL, "keep one of them"), source, version)
    elif certificate and not key:
        yield _at("http.tls.key", Fault("missing", FATAL, "name the certificate's key"), source, version)
    elif tls and not certificate and not encrypt:
        fault = Fault("missing", "the registry serves without TLS, without a word", "name the certificate's file")
        yield _at("http.tls.certificate", fault, source, version)
    known = tls_versions(version)
    least = tls.get("minimumtls") if certificate or encrypt else None
    if least and at_least(version, "2.8") and least not in known:
        fault = Fault(f"not one of {', '.join(known)}", FATAL, "write one of them")
        yield _at("http.tls.minimumtls", fault, source, version)


def maxtags_is_not_negative(config: Config, version: str) -> Iterator[Finding]:
    """The only number that is refused for its sign."""
    limit = part(config, "tags").get("maxtags")
    if at_least(version, "3.1") and isinstance(limit, int) and limit < 0:
        fault = Fault("a negative number", REFUSED, "write 0 for the default, 1000")
        yield _at("tags.maxtags", fault, "configuration/configuration.go", version)


def _at(path: str, fault: Fault, source: str, version: str) -> Finding:
    return found(path, fault, f"distribution {version}, {source}")


RULES: Tuple[Rule, ...] = (
    configuration_version,
    one_storage_driver,
    swift_on_rgw,
    redirects_to_rgw,
    s3_on_rgw,
    upload_purging_is_complete,
    cache_exists,
    one_access_controller,
    http_secret_is_set,
    http_address_is_set,
    tls_is_complete,
    maxtags_is_not_negative,
    *FORMS,
    *MIRROR,
)
# What the registry finds wrong as soon as it reads the file, before its environment's variables are looked at.
OF_THE_FILE: Tuple[Rule, ...] = (configuration_version, one_storage_driver, one_access_controller)
