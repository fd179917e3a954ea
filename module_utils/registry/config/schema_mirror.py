# SPDX-License-Identifier: Apache-2.0
"""A registry that mirrors another one (a pull-through cache): what has to stand beside `proxy`, and what does not help.

Source: distribution 2.8.3: registry/proxy, registry/handlers/app.go; measured on 2.8.2.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, Mapping, Tuple

from ...base.findings import WARNING, Finding
from .finding import PANICS, Fault, found
from .go_url import parsed

Config = Mapping[str, Any]

_URL_FIX = "write the whole URL, such as https://registry-1.docker.io"


def remote_registry(config: Config, version: str) -> Iterator[Finding]:
    """The registry that a mirror asks, once at its start and then for each image."""
    proxy, place = _part(config, "proxy"), "proxy.remoteurl"
    remote = proxy.get("remoteurl")
    if not remote:
        if any(value not in (None, "") for value in proxy.values()):
            effect = "the registry mirrors nothing, and takes pushes"
            yield _at(place, Fault("missing", effect, _URL_FIX), version)
        return
    if not isinstance(remote, (str, int, float)) or isinstance(remote, bool):
        return
    url = parsed(str(remote))
    if not url.is_http:
        problem = url.problem or "no http:// or https:// with a host after it"
        yield _at(place, Fault(f"no URL: {problem}", PANICS, _URL_FIX), version)
        return
    authority, _slash, path = str(remote).partition("://")[2].partition("/")
    if path.strip("/"):
        effect = "the mirror asks the host without the path, and answers 404 for every image"
        yield _at(place, Fault("a path", effect, "write the URL without a path"), version)
    if "@" in authority:
        effect = "the registry writes the user and the password to its log"
        fix = "write proxy.username and proxy.password, which need another registry that gives tokens"
        yield _at(place, Fault("a login in the URL", effect, fix, WARNING), version)


def login_is_complete(config: Config, version: str) -> Iterator[Finding]:
    """A user and a password."""
    proxy = _part(config, "proxy")
    names = ("username", "password")
    given = [name for name in names if proxy.get(name) not in (None, "")]
    if proxy.get("remoteurl") and len(given) == 1:
        (missing,) = set(names) - set(given)
        effect = "the mirror logs in with an incomplete login, which the other registry refuses"
        yield _at(f"proxy.{missing}", Fault("missing", effect, f"write it, or remove {given[0]}", WARNING), version)


def images_expire(config: Config, version: str) -> Iterator[Finding]:
    """A mirror deletes what it has kept for its time, by the same right that clients need for a deletion."""
    if _mirrors(config) and _part(config, "storage", "delete").get("enabled") is not True:
        effect = "no image of the mirror ever expires: the registry refuses its own deletions (operation unsupported)"
        yield _at("storage.delete.enabled", Fault("not true", effect, "write true", WARNING), version)


def is_never_read_only(config: Config, version: str) -> Iterator[Finding]:
    """Maintenance refuses pushes, of which a mirror takes none."""
    if _mirrors(config) and _part(config, "storage", "maintenance", "readonly").get("enabled") is True:
        effect = "the mirror stores images that clients pull all the same, so that no garbage can be collected"
        fault = Fault("true for a mirror", effect, "write false; stop the mirror to keep its storage as it is", WARNING)
        yield _at("storage.maintenance.readonly.enabled", fault, version)


def _mirrors(config: Config) -> bool:
    return bool(_part(config, "proxy").get("remoteurl"))


def _part(config: Any, *path: str) -> Mapping[str, Any]:
    for name in path:
        config = config.get(name) if isinstance(config, Mapping) else None
    return config if isinstance(config, Mapping) else {}


def _at(path: str, fault: Fault, version: str) -> Finding:
    return found(path, fault, f"distribution {version}, registry/proxy")


RULES: Tuple[Callable[[Config, str], Iterator[Finding]], ...] = (
    remote_registry,
    login_is_complete,
    images_expire,
    is_never_read_only,
)
