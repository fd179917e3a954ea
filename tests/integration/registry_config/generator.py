# SPDX-License-Identifier: Apache-2.0
"""Configurations and environments made up at random from the schema, right ones first, then changed in a few places."""

from __future__ import annotations

import json
import random
import re
from typing import Any, Iterator, NamedTuple

from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema import Each, Section
from ansible_collections.rgwkit.ceph.plugins.module_utils.registry.config.schema_sections import CONFIG

from .cases import GONE, PLAIN, PURGING, S3, changed

Path = tuple[str, ...]
# What needs something outside: files, a mail server, another registry, a storage that nobody has here.
LEFT_OUT: tuple[str, ...] = (
    "reporting",
    "http.tls",
    "auth.token",
    "compatibility",
    "http.debug",
    "log.hooks",
    "version",
)
# A login that the gateway does not know.
LEFT_OUT += ("storage.swift.password", "storage.swift.username")
LEFT_OUT += tuple(f"storage.{driver}" for driver in ("azure", "gcs", "oss", "s3aws"))
NOWHERE = "http://127.0.0.1:9"
ADDRESSES = [
    "127.0.0.1:0",
    "127.0.0.1:",
    "[::1]:0",
    "::1:0",
    "5160",
    "127.0.0.1",
    "127.0.0.1:x",
    NOWHERE,
    "[::1]",
    "a b:0",
]
ADDRESSES += ["127.0.0.1:99999", "localhost:0", ""]
VALUES: list[Any] = [
    None,
    "",
    "text",
    "5M",
    "true",
    "yes",
    True,
    False,
    0,
    5,
    -1,
    5242880,
    1.5,
    2**63,
    "0x500000",
    "12",
]
VALUES += ["10s", "-10s", "0s", "1d", "9999999h", NOWHERE, "127.0.0.1:9", "h:9/x", "inmemory", "redis", "none", "*a"]
VALUES += [[], ["a"], [None], [["a"]], ["*a"], ["(?=a)"], [{}], [{"name": "x"}], {}, {"a": "b"}, {"enabled": True}]
# Written as they are, outside quotes.
RAW = [
    "0x_",
    "0b_",
    "1e3",
    "!tag text",
    "~",
    "yes",
    "Off",
    "0o17",
    "010",
    "1:30",
    "2026-01-01",
    ".inf",
    "1_000",
    "&a b",
]
EXPRESSIONS = [
    "^https://",
    "a**",
    "a*?",
    r"\d[\w-]",
    r"\1",
    "[z-a]",
    "(?i)a",
    "(?<a>b)",
    "x{1001}",
    "{,5}",
    "[[:alpha:]]",
]
EXPRESSIONS += [
    "(?P<a>b)",
    "a{2}{3}",
    "(",
    ")",
    r"\pL",
    r"\Z",
    r"\z",
    "[]a]",
    "|",
    "",
    "^*",
    r"\Q*\E",
    "(?-)",
    "[a-\\d]",
]


class Made(NamedTuple):
    """A configuration's text and its environment."""

    text: str
    environment: dict[str, str]


def places(section: Section, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place of registry 2.8's schema and what belongs there; the first item stands for all of a list."""
    for name, key in section.keys.items():
        here = (*path, name)
        if not key.known_to("2.8") or ".".join(here).startswith(LEFT_OUT):
            continue
        yield here, key.node
        node = key.node.node if isinstance(key.node, Each) else key.node
        if isinstance(node, Section):
            yield from places(node, (*here, "0") if isinstance(key.node, Each) else here)


PLACES = list(places(CONFIG))


def make(dice: random.Random, swift: dict[str, Any]) -> Made:
    """One configuration; swift: one without faults on a gateway."""
    config = _right(dice, swift)
    for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
        path = dice.choice(PLACES)[0]
        if (
            path[0] != "storage"
            or len(path) < 3
            or path[1] not in ("swift", "s3", "filesystem", "inmemory")
            or (path[1] in config["storage"])
        ):
            put(config, path, _value(dice, path))
    text = json.dumps(config, indent=1, ensure_ascii=False)
    text = re.sub(r'"@raw (.*?)@"', lambda match: json.loads(f'"{match[1]}"'), text)
    if dice.random() < 0.1:
        text += dice.choice(("\n---\nfoo: bar\n", "\n---\n", "\n...\n", "\n---\n{", "\n# end\n"))
    return Made(text, _environment(dice) if dice.random() < 0.4 else {"REGISTRY_LOG_LEVEL": "info"})


def _right(dice: random.Random, swift: dict[str, Any]) -> dict[str, Any]:
    """A configuration without faults, on one of the drivers."""
    choices: dict[str, Any] = {
        "storage.delete": {"enabled": dice.random() < 0.5},
        "storage.maintenance": {"uploadpurging": dict(PURGING), "readonly": {"enabled": False}},
        "auth": dice.choice(({"none": {}}, {"silly": {"realm": "r", "service": "s"}}, "none")),
        "health.storagedriver": {"enabled": True, "interval": "10s", "threshold": 3},
        "health.tcp": [{"addr": "127.0.0.1:9", "interval": "1h"}],
        "notifications.endpoints": [{"name": "n", "url": NOWHERE, "timeout": "1s"}],
        "validation.manifests.urls.allow": [dice.choice(EXPRESSIONS)],
        "redis": {"addr": "127.0.0.1:9", "dialtimeout": "1s"},
        "http.prefix": "/r/",
        "http.host": "https://registry.example.com",
        "log.fields": {"a": "b"},
    }
    chosen = {path: choices[path] for path in choices if dice.random() < 0.3}
    driver = dice.choice(("inmemory", "inmemory", "filesystem", "s3", "swift"))
    if driver == "swift":
        return changed(swift, chosen)
    parameters = {"inmemory": {}, "filesystem": {"rootdirectory": "data"}, "s3": S3}[driver]
    return changed(changed(PLAIN, {"storage.inmemory": GONE}), {f"storage.{driver}": dict(parameters), **chosen})


def _value(dice: random.Random, path: Path) -> Any:
    if path[-1] == "addr":
        return dice.choice([*ADDRESSES, None, 5, [], {}])
    if path[-1] in ("allow", "deny") and dice.random() < 0.7:
        return [dice.choice(EXPRESSIONS)]
    if path[-1] == "remoteurl":
        return dice.choice(["h:9", "h", "ftp://h", "", None, 5, []])
    return f"@raw {dice.choice(RAW)}@" if dice.random() < 0.15 else dice.choice(VALUES)


def put(config: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value, if what is above is what it should be."""
    *parents, last = path
    place: Any = config
    for name, following in zip(parents, path[1:]):
        if isinstance(place, list):
            place = place[0] if place else place
            continue
        below = place.get(name)
        if not isinstance(below, (dict, list)):
            below = place[name] = [{}] if following == "0" else {}
        place = below
    if isinstance(place, list):
        place = place[0] if place else None
    if isinstance(place, dict):
        place[last] = value


def _environment(dice: random.Random) -> dict[str, str]:
    variables = {"REGISTRY_LOG_LEVEL": "info"}
    for _ in range(dice.choice((1, 1, 2))):
        path = dice.choice([path for path, _node in PLACES if path[:2] != ("log", "level")])
        words = [dice.choice(("0", "1", "X")) if word == "0" else word.upper() for word in path]
        if dice.random() < 0.1:
            words.append("X")
        value = _value(dice, path)
        text = value[5:-1] if isinstance(value, str) and value.startswith("@raw ") else value
        written = text if isinstance(text, str) and dice.random() < 0.7 else json.dumps(text)
        variables["REGISTRY_" + "_".join(words)] = written
    return variables
