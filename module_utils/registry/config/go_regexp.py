# SPDX-License-Identifier: Apache-2.0
"""Regular expressions as a program in Go reads them (RE2): no backreferences, no looking ahead or behind.

Source: Go 1.19, regexp/syntax/parse.go.
"""

from __future__ import annotations

import re
from typing import Optional

_MOST_REPEATS = 1000
_REPEAT = re.compile(r"\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}")
_NAME = re.compile(r"\(\?P<(\w+)>", re.ASCII)
_FLAGS = re.compile(r"\(\?(?:[imsU]*(?:-[imsU]+)?)([:)])")
_POSIX = re.compile(r"\[:\^?(\w+):\]")
_POSIX_NAMES = frozenset(
    [
        *("alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph"),
        *("lower", "print", "punct", "space", "upper", "word", "xdigit"),
    ]
)
_ESCAPE = re.compile(
    r"\\(?:[1-7][0-7]{1,2}|0[0-7]{0,2}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}|[afnrtv]|[^0-9A-Za-z\x80-\U0010ffff])",
    re.DOTALL,
)
_CLASS_ESCAPE = re.compile(r"\\(?:[dDsSwW]|[pP](?:[A-Z]|\{\^?[A-Z][A-Za-z_]*\}))")
_ASSERTION = re.compile(r"\\[AbBz]")


class _Refused(Exception):
    """The text is what is wrong."""


def regexp_problem(text: str) -> Optional[str]:
    """What Go's compiler refuses in an expression; None for nothing."""
    try:
        _Scan(text).expression()
    except _Refused as refused:
        return str(refused)
    return None


class _Scan:
    """One pass over an expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.names: set[str] = set()
        # One for each group that is open: whether there is something that can be repeated.
        self.repeatable = [False]
        self.repeated = False

    def expression(self) -> None:
        while self.at < len(self.text):
            self._step()
        if len(self.repeatable) > 1:
            raise _Refused("a ( that does not close")

    def _step(self) -> None:
        character, was_repeated = self.text[self.at], self.repeated
        self.repeated = False
        if character == "(":
            self._group()
        elif character == ")":
            if len(self.repeatable) == 1:
                raise _Refused("a ) without its (")
            self.repeatable.pop()
            self._atom(1)
        elif character == "|":
            self.repeatable[-1] = False
            self.at += 1
        elif character == "[":
            self._class()
            self.repeatable[-1] = True
        elif character in "*+?":
            self._repeat(1, was_repeated)
        elif character == "{" and _REPEAT.match(self.text, self.at):
            self._counted(was_repeated)
        elif character == "\\":
            self._escape()
        else:
            self._atom(1)

    def _atom(self, length: int) -> None:
        self.at += length
        self.repeatable[-1] = True

    def _group(self) -> None:
        if not self.text.startswith("(?", self.at):
            self.repeatable.append(False)
            self.at += 1
            return
        name, flags = _NAME.match(self.text, self.at), _FLAGS.match(self.text, self.at)
        if name:
            if name[1] in self.names:
                raise _Refused("two groups of one name")
            self.names.add(name[1])
            self.at = name.end()
            self.repeatable.append(False)
        elif flags:
            self.at = flags.end()
            if flags[1] == ":":
                self.repeatable.append(False)
        else:
            raise _Refused("a (? that Go does not know, such as one that looks ahead or behind")

    def _repeat(self, length: int, was_repeated: bool) -> None:
        if not self.repeatable[-1]:
            raise _Refused("nothing before a repetition (* + ? {})")
        self.at += length
        if self.text.startswith("?", self.at):
            self.at += 1
        if was_repeated:
            raise _Refused("a repetition after a repetition")
        self.repeated = True

    def _counted(self, was_repeated: bool) -> None:
        match = _REPEAT.match(self.text, self.at)
        if match is None:
            return
        least, most = int(match[1]), int(match[3]) if match[3] else None
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise _Refused(f"a repetition that is not within 0 and {_MOST_REPEATS}, or ends before it begins")
        self._repeat(len(match[0]), was_repeated)

    def _escape(self) -> None:
        if self.text.startswith("\\Q", self.at):
            end = self.text.find("\\E", self.at)
            if end != self.at + 2 and len(self.text) > self.at + 2:
                self.repeatable[-1] = True
            self.at = len(self.text) if end < 0 else end + 2
            return
        for pattern in (_ASSERTION, _CLASS_ESCAPE, _ESCAPE):
            match = pattern.match(self.text, self.at)
            if match:
                self._atom(len(match[0]))
                return
        raise _Refused("an escape that Go does not know (it has no backreferences)")

    def _class(self) -> None:
        self.at += 2 if self.text.startswith("[^", self.at) else 1
        first = True
        while first or not self.text.startswith("]", self.at):
            first = False
            posix = _POSIX.match(self.text, self.at)
            if posix:
                if posix[1] not in _POSIX_NAMES:
                    raise _Refused("a class [:name:] that Go does not know")
                self.at = posix.end()
                continue
            known = _CLASS_ESCAPE.match(self.text, self.at)
            if known:
                self.at = known.end()
                continue
            low = self._member()
            if self.text.startswith("-", self.at) and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
                self.at += 1
                if self._member() < low:
                    raise _Refused("a range in [] that ends before it begins")
        self.at += 1

    def _member(self) -> int:
        if self.at >= len(self.text):
            raise _Refused("a [ that does not close")
        if self.text[self.at] != "\\":
            self.at += 1
            return ord(self.text[self.at - 1])
        match = _ESCAPE.match(self.text, self.at)
        if not match:
            raise _Refused("an escape that Go does not know (it has no backreferences)")
        self.at = match.end()
        return _code_point(match[0][1:])


def _code_point(escape: str) -> int:
    if escape[0] == "x":
        return int(escape[1:].strip("{}"), 16)
    if escape[0].isdigit():
        return int(escape, 8)
    return ord(dict(zip("afnrtv", "\a\f\n\r\t\v")).get(escape, escape))
