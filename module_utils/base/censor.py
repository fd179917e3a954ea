# SPDX-License-Identifier: Apache-2.0
"""Which parts of nested data are secret, and the same data without them.

A part is secret by the name above it, as a login in a URL, as a header of requests that a service sends, or because
nothing is known of it where secrets are: a misspelt name still has the secret below it.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, Callable
from urllib.parse import unquote

MARK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"  # Ansible's own word
# What names of secrets end in, without the signs between their words.
_ENDINGS = (
    *("password", "passwd", "passphrase", "secret", "secrets", "token", "tokens", "credential", "credentials"),
    *("secretkey", "apikey", "privatekey", "accountkey", "licensekey", "encryptionkey", "encryptionkeys"),
    *("signingkey", "masterkey", "stskey", "authkey", "accesskeysecret", "authorization", "connectionstring", "cookie"),
)
_WORDS = ("pass", "pwd", "pw", "psk")
# Names that end so and are no secret: files, and what a registry calls a section.
_FILES = ("file", "files", "path")
SECTIONS = ("token", "htpasswd")
_LOGIN = re.compile(r"(?<=://)([^/@\s\"]+)@")

Strangers = Callable[[Any], "set[tuple[str, ...]]"]


# Thousands of entries have the same few names. What else is asked for comes from outside and may be any text.
@functools.lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether what is below this name is a secret: "password", "rgw_keystone_admin_token", "secretKey"."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    return bool(words) and (words[-1] in _WORDS or "".join(words).endswith(_ENDINGS))


@functools.lru_cache(maxsize=1024)
def names_secret_file(name: str) -> bool:
    """Whether below this name is the path of a file with a secret: "password_file"."""
    stem, _sign, last = name.rpartition("_")
    return last in _FILES and is_secret_name(stem)


class Censor:
    """One look at data.

    values: the secrets that were found, which may be struck from any text. places: where they are in data of free form.
    """

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.places: list[str] = []

    def by_names(self, value: Any, path: tuple[str, ...] = (), strangers: Strangers | None = None) -> Any:
        """A copy without secrets. strangers: the paths in the data below which nothing is known."""
        hidden = strangers(value) if strangers else set()
        return self._by_names(value, path, hidden)

    def by_spec(self, value: Any, spec: Mapping[str, Any], strangers: Mapping[str, Strangers] | None = None) -> Any:
        """A copy of a module's parameters without secrets. spec: its argument spec.

        strangers: for options of free form, what finds the paths of which nothing is known.
        """
        return self._by_options(value, by_any_name(spec), strangers)

    def _by_options(
        self, value: Any, options: Mapping[str, Any], strangers: Mapping[str, Strangers] | None = None
    ) -> Any:
        """The same for a spec by any name."""
        if not isinstance(value, Mapping):
            return self.whole(value) if holds_secrets(options) else value
        copy: dict[Any, Any] = {}
        for name, item in value.items():
            if item is None:  # as most of a long list's options are, once Ansible has filled them in
                copy[name] = None
                continue
            option = options.get(str(name))
            if option is None:
                known = str(name).startswith("_ansible_")
                copy[name] = item if known else self._stranger(str(name), item, options)
            elif option.get("no_log") is True:
                copy[name] = self.whole(item, struck=True)
            elif "options" in option:
                copy[name] = self._each(item, option, strangers)
            elif option.get("type") == "dict" and option.get("no_log") is not False:
                copy[name] = self.by_names(item, (), (strangers or {}).get(str(name)))
            else:
                copy[name] = self._plain(str(name), item)
        return copy

    def whole(self, value: Any, struck: bool = False) -> Any:
        """A copy with a mark for each scalar. struck: whether these are secrets for certain."""
        if isinstance(value, Mapping):
            return {name: self.whole(item, struck) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.whole(item, struck) for item in value]
        if value is None or isinstance(value, bool):
            return value
        if struck and str(value):
            self.values.add(str(value))
        return MARK

    def _stranger(self, name: str, item: Any, options: Mapping[str, Any]) -> Any:
        if is_secret_name(name):
            return self.whole(item, struck=True)
        self.by_names(item)  # for the values
        return self.whole(item) if holds_secrets(options) else item

    def _each(self, item: Any, option: Mapping[str, Any], strangers: Mapping[str, Strangers] | None) -> Any:
        options = option["options"]
        if isinstance(item, (list, tuple)):
            return [self._by_options(one, options, strangers) for one in item]
        return self._by_options(item, options, strangers)

    def _plain(self, name: str, item: Any) -> Any:
        """A value that is no mapping. A secret in place of its file is one, too."""
        if isinstance(item, Mapping) and is_secret_name(name):  # {place: file}
            return {place: self._file(file) for place, file in item.items()}
        return self._file(item) if names_secret_file(name) else self.by_names(item)

    def _file(self, item: Any) -> Any:
        is_path = item is None or (isinstance(item, str) and item.startswith(("/", "~", "$", "./", "../")))
        return item if is_path or item == "" else self.whole(item, struck=True)

    def _by_names(self, value: Any, path: tuple[str, ...], hidden: set[tuple[str, ...]]) -> Any:
        if isinstance(value, Mapping):
            return {name: self._named(item, (*path, str(name)), hidden) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._named(item, (*path, str(number)), hidden) for number, item in enumerate(value)]
        return self._without_logins(value) if isinstance(value, str) else value

    def _named(self, item: Any, path: tuple[str, ...], hidden: set[tuple[str, ...]]) -> Any:
        section = isinstance(item, Mapping) and path[-1].lower() in SECTIONS
        if (is_secret_name(path[-1]) and not section) or are_sent_headers(path):
            self.places += [".".join(path)] if item not in (None, "", {}, []) else []
            return self.whole(item, struck=True)
        copy = self._by_names(item, path, hidden)
        return self.whole(item) if path in hidden else copy

    def _without_logins(self, text: str) -> str:
        if "://" not in text:
            return text
        for login in _LOGIN.findall(text):
            secret = login.partition(":")[2] or login
            self.values.update((secret, unquote(secret)))
        return _LOGIN.sub(f"{MARK}@", text)


def are_sent_headers(path: tuple[str, ...]) -> bool:
    """Whether headers are here that a registry sends with requests of its own, not those of its answers."""
    return path[-1].lower() == "headers" and path[0].lower() != "http"


def holds_secrets(spec: Mapping[str, Any]) -> bool:
    """Whether an argument spec has an option for a secret or for a secret's file, at any depth."""
    return any(
        option.get("no_log") is True or names_secret_file(name) or holds_secrets(option.get("options") or {})
        for name, option in spec.items()
    )


def secrets_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    """An argument spec less the options that are no secrets, at any depth."""
    secret = {name: option for name, option in spec.items() if option.get("no_log") is True}
    inner = {
        name: {**option, "options": secrets_of(option["options"])}
        for name, option in spec.items()
        if option.get("options")
    }
    return {**inner, **secret}


def meant(value: Any, spec: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """What names that are not in the spec may be meant for: "users[0].keys[0].secret_key: did you mean secret?"."""
    if not isinstance(value, Mapping):
        return
    options = by_any_name(spec)
    for name, item in value.items():
        here = f"{place}.{name}".lstrip(".")
        option = options.get(str(name))
        if option is None:
            near = _nearest(str(name), options)
            if near and not str(name).startswith("_ansible_"):
                yield f"{here}: did you mean {near}?"
        elif "options" in option:
            if isinstance(item, (list, tuple)):
                for number, one in enumerate(item):
                    yield from meant(one, option["options"], f"{here}[{number}]")
            else:
                yield from meant(item, option["options"], here)


def _nearest(name: str, options: Mapping[str, Any]) -> str:
    secrets = [known for known, option in options.items() if option.get("no_log") is True]
    if is_secret_name(name) and len(secrets) == 1:
        return secrets[0]
    near = difflib.get_close_matches(name.lower(), list(options), n=1)
    return near[0] if near else ""


def by_any_name(spec: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The options by their names and aliases, at any depth."""
    options = {
        name: {**option, "options": by_any_name(option["options"])} if option.get("options") else option
        for name, option in spec.items()
    }
    names = {alias: option for option in options.values() for alias in option.get("aliases") or ()}
    return {**names, **options}
