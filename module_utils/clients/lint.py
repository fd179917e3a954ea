# SPDX-License-Identifier: Apache-2.0
"""What sregistry would make of settings that exist: a file of variables, or the client's own token file.

Source of the rules: sregistry 0.2.39, sregistry/main/swift/__init__.py, sregistry/main/base/settings.py. The names with
SREGSITRY are those of the client's manual, page "Ceph/Swift". No value is ever shown.
"""

from __future__ import annotations

import difflib
import json
import os
import stat
from typing import Dict, Iterator, List, Mapping, NamedTuple
from urllib.parse import urlsplit

from ..base.findings import ERROR, WARNING, Finding
from ..registry.config.envfile import read
from .sregistry_modes import APPENDED, AUTHTYPE, LEGACY, MODES, PREFIX, URL

__all__ = ["lint", "lint_file"]

_SOURCE = "sregistry 0.2.39"
_OWN = {AUTHTYPE, *(name for mode in MODES.values() for name in mode.values())}
_LETTERS = sorted("SREGISTRY")


class _Settings(NamedTuple):
    """variables: by their names. lines: of each variable, none for a token file."""

    variables: Mapping[str, str]
    lines: Mapping[str, int] = {}

    def finding(self, name: str, what: str, remedy: str, effect: str = "", severity: str = ERROR) -> Finding:
        return Finding(what, remedy, effect, severity, name, _SOURCE, self.lines.get(name, 0))


def lint_file(path: str) -> List[Finding]:
    """What is wrong with a file, its mode included. Raises OSError, UnicodeDecodeError."""
    with open(path, encoding="utf-8") as file:
        text, seen = file.read(), os.fstat(file.fileno())
    return [*_access(seen, text), *lint(text, path)]


def lint(text: str, name: str) -> List[Finding]:
    """What is wrong with a text of variables, or of the client's JSON."""
    if text.lstrip().startswith("{"):
        try:
            settings, unread = _Settings(_of_json(text)), []
        except ValueError:
            effect = "every command of the client ends with an error"
            return [Finding("the file is no JSON", "remove the file, or write valid JSON", effect, place=name)]
    else:
        found = read(text, name)
        # What docker would refuse is how a shell takes it.
        unread = [one for one in found.findings if not one.what.startswith("export ")]
        settings = _Settings(found.variables, found.lines)
    return [*unread, *_misspelt(settings), *_mode(settings), *_urls(settings)]


def _of_json(text: str) -> Dict[str, str]:
    document = json.loads(text)
    section = document.get("swift") if isinstance(document, dict) else None
    return {str(key): str(value) for key, value in section.items()} if isinstance(section, dict) else {}


def _access(seen: os.stat_result, text: str) -> Iterator[Finding]:
    mode = stat.S_IMODE(seen.st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO) and "TOKEN" in text:
        yield Finding(
            f"the file has a token and mode {mode:04o}",
            "chmod 600 the file, and give the user a new key if others could have read this one",
            "other accounts of the host can read the token",
            source=_SOURCE,
        )


def _misspelt(settings: _Settings) -> Iterator[Finding]:
    for name in settings.variables:
        first = name.split("_", 1)[0]
        if first != "SREGISTRY" and sorted(first) == _LETTERS:
            right = name.replace(first, "SREGISTRY", 1)
            yield settings.finding(name, f"{first} is misspelt", f"write {right}", "the client ignores the variable")
        elif name.startswith(PREFIX) and name not in _OWN:
            near = difflib.get_close_matches(name, _OWN, 1)
            remedy = f"write {near[0]}" if near else "remove the variable"
            yield settings.finding(name, "sregistry does not know this setting", remedy, "the client ignores it")


def _mode(settings: _Settings) -> Iterator[Finding]:
    given = settings.variables
    if not any(name.startswith(PREFIX) for name in given):
        return
    mode = given.get(AUTHTYPE, "")
    if not mode:
        modes = ", ".join(MODES)
        effect = "the client ends with 'You must export', unless its token file has an older setting"
        yield settings.finding(AUTHTYPE, "the variable is missing", f"set one of {modes}", effect)
        return
    if mode not in MODES:
        remedy = f"write one of {', '.join(MODES)}"
        yield settings.finding(AUTHTYPE, "the value is no mode of the client", remedy, f"the client takes {LEGACY}")
        mode = LEGACY
    for name in MODES[mode].values():
        if not given.get(name):
            yield settings.finding(name, f"the mode {mode} needs this variable", "set the variable", "the client ends")
    for name in sorted(set(given) & _OWN - {AUTHTYPE, *MODES[mode].values()}):
        yield settings.finding(name, f"the mode {mode} does not use this variable", "remove it", severity=WARNING)


def _urls(settings: _Settings) -> Iterator[Finding]:
    url, mode = settings.variables.get(URL), settings.variables.get(AUTHTYPE, LEGACY)
    if not url or mode not in APPENDED:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        yield settings.finding(URL, "the URL has no scheme", "write http:// or https:// before the host")
    elif parts.path not in ("", "/"):
        effect = f"the client appends {APPENDED[mode]} to it, and the storage answers 404 or 401"
        yield settings.finding(URL, "the URL has a path", "write scheme, host and port only", effect)
    elif parts.path == "/":
        effect = f"the client asks for /{APPENDED[mode]}"
        yield settings.finding(URL, "the URL ends in a slash", "leave the slash out", effect, WARNING)
