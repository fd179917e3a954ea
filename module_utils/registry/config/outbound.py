# SPDX-License-Identifier: Apache-2.0
"""The proxy that a registry's environment names: the storage drivers send their requests there.

Source: Go 1.19, net/http (ProxyFromEnvironment) and golang.org/x/net/http/httpproxy; measured with registry 2.8.2.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Iterator, Mapping

from ...base.findings import WARNING, Finding
from .finding import Fault, found
from .go_url import parsed

_PLACES = (("swift", "authurl"), ("s3", "regionendpoint"), ("s3aws", "regionendpoint"))


def storage_by_proxy(config: Any, environment: Mapping[str, str], version: str) -> Iterator[Finding]:
    """A warning for each storage whose requests a proxy gets."""
    storage = config.get("storage") if isinstance(config, Mapping) else None
    for driver, key in _PLACES:
        parameters = storage.get(driver) if isinstance(storage, Mapping) else None
        lowered = {str(name).lower(): value for name, value in _items(parameters)}
        text = lowered.get(key)
        if isinstance(text, str):
            url = parsed(text if "://" in text else f"https://{text}")
            name = _variable(environment, f"{url.scheme}_proxy")
            if url.is_http and name and not _excepted(url.host, environment):
                effect = f"the registry sends the requests of storage.{driver} to the proxy, not to the storage"
                fix = "add the storage's host to NO_PROXY, unless the proxy reaches the storage"
                fault = Fault("a proxy between the registry and its storage", effect, fix, WARNING)
                yield found(name, fault, f"distribution {version}, net/http")


def _items(parameters: Any) -> Any:
    return parameters.items() if isinstance(parameters, Mapping) else ()


def _variable(environment: Mapping[str, str], name: str) -> str:
    """The variable's name as it is written, where it has a value; capitals come first."""
    return next((spelled for spelled in (name.upper(), name) if environment.get(spelled)), "")


def _excepted(authority: str, environment: Mapping[str, str]) -> bool:
    host, _colon, port = authority.rpartition(":") if not authority.endswith("]") else (authority, "", "")
    host = (host or port).strip("[]").lower().rstrip(".")
    address = _address(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    exceptions = environment.get(_variable(environment, "no_proxy") or "NO_PROXY", "")
    return any(_matches(word.strip().lower(), host, port) for word in exceptions.split(",") if word.strip())


def _matches(word: str, host: str, port: str) -> bool:
    if word == "*":
        return True
    address = _address(host)
    if "/" in word:
        try:
            return address is not None and address in ipaddress.ip_network(word, strict=False)
        except ValueError:
            return False
    name, colon, its_port = word.rpartition(":") if word.count(":") == 1 else (word, "", "")
    if colon and its_port != port:
        return False
    name = name.strip("[]")
    if address is not None:
        return bool(_address(name) == address)
    name = name.replace("*.", ".", 1) if name.startswith("*.") else name
    return host.endswith(name) if name.startswith(".") else host == name or host.endswith(f".{name}")


def _address(text: str) -> Any:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
