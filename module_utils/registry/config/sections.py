# SPDX-License-Identifier: Apache-2.0
"""A registry's configuration from the role's variables: the registry's own keys (configuration reference of 2.8 and 3).

For each default that differs from the registry's own, a line in docs/registry-config.md says what happens without it.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping

from ...base.boolean import is_true
from ...base.host_port import host_port
from ..redirect.outcome import OFF, ON, choice_of

# Where the container, and the unit by a mount, has the registry's files.
FOLDER = "/etc/docker/registry"
# The certificates of those who may sign tokens.
SIGNERS = "token-certificates.pem"
# On a docker network the registry has all ports for itself, and docker publishes this one as the port that clients use.
PORT_ON_A_NETWORK = 5000
# How long a stopping registry continues to serve open requests; the container's stop_timeout is longer.
_DRAIN = "25s"

Given = Mapping[str, Any]
Config = Dict[str, Any]


def registry_sections(given: Given, collecting: bool = False, redirects: bool = False) -> Config:
    """The configuration. given: the role's variables, without `registry_` before their names.

    collecting: whether the registry is read-only for a garbage collection. redirects: whether clients are sent to the
    gateway for blobs where the variable does not say so.
    """
    sections = {
        "version": "0.1",
        "log": {"level": given["log_level"], **given["log"]},
        "storage": _storage(given, collecting, redirects),
        "auth": _auth(given),
        "http": _http(given),
        **{
            name: given[name] for name in ("redis", "health", "notifications", "proxy", "validation", "catalog", "tags")
        },
    }
    return merged({name: part for name, part in sections.items() if part != {}}, given["extra"])


def merged(*parts: Mapping[str, Any]) -> Config:
    """Mappings laid over each other, the last one on top; lists and scalars are replaced as a whole."""
    result: Config = {}
    for part in parts:
        for name, value in part.items():
            both = isinstance(value, Mapping) and isinstance(result.get(name), Mapping)
            result[name] = merged(result[name], value) if both else value
    return result


def _storage(given: Given, collecting: bool, redirects: bool) -> Config:
    storage: Config = {given["storage"]: _DRIVERS[given["storage"]](given)}
    # During a garbage collection, pulls must not add blobs that are about to be deleted to the shared cache.
    if given["cache"] != "none" and not (given["cache"] == "redis" and collecting):
        storage["cache"] = {"blobdescriptor": given["cache"]}
    return {
        **storage,
        "delete": {"enabled": is_true(given["delete"])},
        # Without redirects, clients need no route to the gateway, even where it offers temporary URLs.
        "redirect": {"disable": not (redirects or choice_of(given["redirect"]) == ON)},
        "maintenance": {"uploadpurging": given["uploadpurging"], "readonly": {"enabled": is_true(given["readonly"])}},
    }


def _swift(given: Given) -> Config:
    chunk = given["swift_chunksize"]
    return {
        "authurl": given["swift_authurl"],
        # Explicit, as the driver otherwise takes the first of v3, v2, v1 anywhere in the URL, its host name included.
        "authversion": 3 if given["swift_keystone"] else 1,
        "username": given["swift_username"],
        "container": given["swift_container"],
        # A value that is not a number stays unchanged, so that the validator reports it as given.
        "chunksize": int(chunk) if str(chunk).isdecimal() else chunk,
        **_keystone(given["swift_keystone"]),
        **_signing(given),
        **given["swift_options"],
    }


# The driver's words (registry/storage/driver/swift) for those that the toolkit has for Keystone.
_KEYSTONE_WORDS = {
    "user_domain": "domain",
    "project": "tenant",
    "project_domain": "tenantdomain",
    "region": "region",
    "interface": "endpointtype",
    "trust_id": "trustid",
}


def _keystone(given: Given) -> Config:
    """The driver's keys for a user of Keystone v3. A trust has a project of its own, beside which there may be none."""
    if not given:
        return {}
    scope = {} if given.get("trust_id") else {"project_domain": "Default"}
    chosen = {"user_domain": "Default", **scope, **{name: value for name, value in given.items() if value}}
    return {_KEYSTONE_WORDS.get(name, name): value for name, value in chosen.items()}


def _signing(given: Given) -> Config:
    """What makes the driver sign URLs with its secretkey, whatever it finds at /info, and leave the account as it is.

    RGW ignores the key that the driver then stores on the container.
    """
    if choice_of(given["redirect"]) == OFF:
        return {}
    return {"tempurlcontainerkey": True, "tempurlmethods": ["GET", "HEAD"]}


def _s3(given: Given) -> Config:
    # Registry 2 addresses buckets by path by default; registry 3 would look for a host with the bucket's name.
    by_path = {"forcepathstyle": True} if int(str(given["version"]).partition(".")[0]) >= 3 else {}
    return {
        "regionendpoint": given["s3_regionendpoint"],
        "region": given["s3_region"],
        "bucket": given["s3_bucket"],
        "accesskey": given["s3_accesskey"],
        "v4auth": True,
        **by_path,
        **given["s3_options"],
    }


_DRIVERS: dict[str, Callable[[Given], Config]] = {
    "swift": _swift,
    "s3": _s3,
    "filesystem": lambda given: {"rootdirectory": given["filesystem_rootdirectory"]},
    "inmemory": lambda given: {},
}


def _auth(given: Given) -> Config:
    if given["users"]:
        return {"htpasswd": {"realm": given["name"], "path": f"{FOLDER}/htpasswd"}}
    if not given["token"]:
        return {}
    signers = {"rootcertbundle": f"{FOLDER}/{SIGNERS}"} if given["token_certificates_file"] else {}
    return {"token": {**signers, **given["token"]}}


def _http(given: Given) -> Config:
    network = bool(given["network"])
    where = host_port("" if network else given["address"], PORT_ON_A_NETWORK if network else given["port"])
    http = {"addr": where, "headers": given["headers"], "draintimeout": _DRAIN}
    # The Go of Debian's package does not count streams that a client opens and resets (CVE-2023-44487), and uploads are
    # faster without HTTP/2.
    pair = {"certificate": f"{FOLDER}/certificate.pem", "key": f"{FOLDER}/key.pem"}
    tls = {"tls": pair, "http2": {"disabled": True}} if given["tls_certificate_file"] else {}
    return merged(http, tls, given["http"])
