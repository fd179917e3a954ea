# SPDX-License-Identifier: Apache-2.0
"""How a registry is reached: by the role's verification from the registry's own host, and by everybody else.

role: the role's variables, without `registry_` before their names. config: the registry's configuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..base.boolean import is_true
from ..base.host_port import host_port, near_host

_LOOPBACK = re.compile(r"(127\.[0-9.]+|\[?::1\]?|localhost)\Z")
# Steps of registry_probe, in their order. A push and pull by docker or podman does the first ones, too.
_AS_ENGINES_DO = ("head", "pull")
_BEYOND_ENGINES = ("index", "mount", "resume", "delete")


def mirrors(config: Mapping[str, Any]) -> bool:
    """Whether the registry is a mirror of another one (a pull-through cache), which takes no pushes."""
    return bool((config.get("proxy") or {}).get("remoteurl"))


def near_address(role: Mapping[str, Any]) -> str:
    """HOST:PORT on the registry's own host. The registry there identifies itself by the first of its names."""
    return host_port(near_host(role["address"]), role["port"])


def speaks_tls(config: Mapping[str, Any]) -> bool:
    """Whether the registry speaks TLS."""
    return "tls" in config["http"]


def near_url(role: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The URL of the near address, with the registry's prefix."""
    prefix: str = config["http"].get("prefix", "/")
    return f"{'https' if speaks_tls(config) else 'http'}://{near_address(role)}{prefix.rstrip('/')}"


def pushes(role: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    """Whether the verification pushes to the near address, by docker or podman, whichever runs the registry.

    On loopback, both accept plain HTTP and any certificate. Elsewhere the docker daemon has to be configured for
    either: for plain HTTP that is expected, since docker clients could not use the registry otherwise; for a
    certificate, which is for another name than the near address, the verification goes without. Docker accepts no IPv6
    literal in an image name; neither of them knows a prefix, and both follow http.host.
    """
    http = config["http"]
    return bool(
        role["runtime"] != "package"
        and not mirrors(config)
        and (not speaks_tls(config) or near_address(role).startswith("127."))
        and ":" not in near_host(role["address"])
        and http.get("prefix", "/") == "/"
        and not http.get("host", "")
    )


def probe_steps(role: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """Steps of the verification over the registry's API, besides a push and pull where there is one.

    A mirror has to refuse a push, and to give an image of the registry that it mirrors. A read-only
    registry accepts no pushes, which these steps need. With users, each request costs the registry 60 ms of bcrypt, so
    no step is done twice.
    """
    if mirrors(config):
        return ["mirror"]
    if is_true(role["readonly"]):
        return ["ping"]
    return [*(() if pushes(role, config) else _AS_ENGINES_DO), *_BEYOND_ENGINES]


def client_options(role: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, str]:
    """The options by which modules connect to the registry as a client."""
    options = {"url": near_url(role, config), "server_name": role["names"][0]}
    if role["tls_ca_file"]:
        options["ca_file"] = role["tls_ca_file"]
    return {**options, **login(role)}


def login(role: Mapping[str, Any]) -> dict[str, str]:
    """User and password file of the role's verification: the first user, or the one at the token server; else empty."""
    if role["users"]:
        return {"username": role["users"][0]["name"], "password_file": role["users"][0]["password_file"]}
    if role["token"] and role["token_username"]:
        return {"username": role["token_username"], "password_file": role["token_password_file"]}
    return {}


def is_local(role: Mapping[str, Any]) -> bool:
    """Whether only this host can reach the registry."""
    return is_loopback(role["address"])


def is_below(host: str, name: str) -> bool:
    """Whether a host is the one with this name, or one below the name."""
    return bool(name) and (host == name or host.endswith(f".{name}"))


def is_loopback(address: str) -> bool:
    """Whether the address, or name, is one of this host that no other host reaches."""
    return bool(_LOOPBACK.match(address))


def authenticates(role: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    """Whether the registry authenticates its clients."""
    tls = config["http"].get("tls")
    authorities = tls.get("clientcas", []) if isinstance(tls, Mapping) else []
    return any(len(one) > 0 for one in (role["users"], role["token"], config.get("auth", {}), authorities))
