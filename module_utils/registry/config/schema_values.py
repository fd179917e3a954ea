# SPDX-License-Identifier: Apache-2.0
"""The kinds of value in a registry's configuration, each a check that says what is wrong with a value.

Most of config.yml is parsed into Go types by yaml.v2, where a wrong type is a configuration error and a scalar of any
type may stand for a string. Drivers and access controllers get raw values and are stricter (swift), laxer (s3) or
silent. So a kind is made with the effect that a wrong value has in its place.

Source: distribution 2.7.1, 2.8.3, 3.0.0 and 3.1.1, configuration/configuration.go and the drivers' FromParameters.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Optional, Tuple

from .finding import REFUSED, Fault

Check = Callable[[Any], Optional[Fault]]

# Go's time.ParseDuration.
_DURATION = re.compile(r"[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)")
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_MOST_INTEGER = 2**63 - 1
# Go's strconv.ParseInt with base 0; 0o7 and 07 are octal.
_INTEGER_WORD = re.compile(
    r"[-+]?(?:0[xX]_?[0-9A-Fa-f][0-9A-Fa-f_]*|0[bB]_?[01][01_]*|0[oO]_?[0-7][0-7_]*|0[0-7_]*|[1-9][0-9_]*)"
)
# Go's strconv.ParseBool.
_BOOLEAN_WORDS = ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")
_DURATION_FIX = "write a quoted number with its unit, such as 10s or 24h (ns, us, ms, s, m, h)"


def kind_of(value: Any) -> str:
    """The value's type in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, (list, tuple)) else "a mapping"


def is_number(value: Any) -> bool:
    """Whether YAML has it as a number; in Python a boolean is one, too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float))


def instead_of(kind: str, value: Any, effect: str, fix: str) -> Fault:
    """The fault that a value of one type stands where another is wanted."""
    return Fault(f"{kind_of(value)} where {kind} belongs", effect, fix)


def anything(value: Any) -> Optional[Fault]:
    """Free, or not known well enough to be judged."""
    return None


def text(effect: str = REFUSED, strict: bool = False, filled: bool = False, shape: str = "") -> Check:
    """A string; strict: a number is none. filled: not an empty one. shape: another effect that what is none has."""

    def check(value: Any) -> Optional[Fault]:
        if not (isinstance(value, str) if strict else _is_scalar(value)):
            fix = "put it in quotes" if _is_scalar(value) else "write a string"
            return instead_of("a string", value, shape or effect, fix)
        if filled and value == "":
            return Fault("an empty string", effect, "give it a value")
        return None

    return check


def flag(effect: str = REFUSED, words: bool = False) -> Check:
    """A boolean; words: a string that Go reads as one is as good."""

    def check(value: Any) -> Optional[Fault]:
        if isinstance(value, bool) or (words and value in _BOOLEAN_WORDS and isinstance(value, str)):
            return None
        return instead_of("a boolean", value, effect, "write true or false, without quotes")

    return check


def number(
    effect: str = REFUSED, words: bool = False, least: Optional[int] = None, most: Optional[int] = None, unit: str = ""
) -> Check:
    """A whole number of a unit; words: digits in a string are as good."""

    def check(value: Any) -> Optional[Fault]:
        amount = _integer_of(value) if words else value
        if not is_number(amount):
            return instead_of("a number", value, effect, f"write a number{unit and f' of {unit}'}, without quotes")
        if not -_MOST_INTEGER - 1 <= amount <= _MOST_INTEGER:
            return Fault("a number that 64 bits do not hold", effect, "write a smaller number")
        if least is not None and amount < least:
            return Fault(f"less than {least}{unit and f' {unit}'}", effect, f"write at least {least}")
        if most is not None and amount > most:
            return Fault(f"more than {most}{unit and f' {unit}'}", effect, f"write at most {most}")
        return None

    return check


def _integer_of(value: Any) -> Any:
    """The number in a word as Go's drivers find it; None for a word without one and for a number with a fraction."""
    if isinstance(value, str):
        if not _INTEGER_WORD.fullmatch(value):
            return None
        digits = value.replace("_", "")
        octal = re.fullmatch("([-+]?)0([0-7]+)", digits)
        return int(f"{octal[1]}0o{octal[2]}" if octal else digits, 0)
    return None if isinstance(value, float) else value


def nanoseconds(value: Any) -> Optional[float]:
    """How long a duration is; None for what is none."""
    if is_number(value):
        return float(value)
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        return None
    total = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value))
    return -total if value.startswith("-") else total


def duration(value: Any) -> Optional[Fault]:
    """A Go duration, where yaml.v2 reads it: a bare number is taken, as nanoseconds."""
    if is_number(value):
        if abs(value) > _MOST_INTEGER:
            return Fault("a number that 64 bits do not hold", REFUSED, _DURATION_FIX)
        bare = Fault("a number without a unit", "the registry takes it as nanoseconds", _DURATION_FIX)
        return bare if value else None
    return spelled_duration(REFUSED)(value)


def spelled_duration(effect: str) -> Check:
    """A Go duration that has to be a string."""

    def check(value: Any) -> Optional[Fault]:
        if not isinstance(value, str):
            return instead_of("a duration", value, effect, _DURATION_FIX)
        length = nanoseconds(value)
        if length is not None and abs(length) > _MOST_INTEGER:
            return Fault("longer than 292 years, which Go does not take", effect, "write a shorter duration")
        return Fault("not a duration", effect, _DURATION_FIX) if length is None else None

    return check


def choice(*names: str, effect: str = REFUSED, fold: bool = False) -> Check:
    """One of the names; fold: in capitals or not."""

    def check(value: Any) -> Optional[Fault]:
        if isinstance(value, str) and (value.lower() if fold else value) in [n.lower() if fold else n for n in names]:
            return None
        if not _is_scalar(value):
            return instead_of("a string", value, REFUSED, f"write one of {', '.join(filter(None, names))}")
        return Fault(f"not one of {', '.join(filter(None, names))}", effect, "write one of them")

    return check


def texts(effect: str = REFUSED, strict: bool = False) -> Check:
    """A list of strings."""
    item = text(effect, strict)

    def check(value: Any) -> Optional[Fault]:
        if not isinstance(value, (list, tuple)):
            return instead_of("a list", value, effect, "write a list, also of one: [value]")
        return next((fault for fault in (item(one) for one in value if one is not None) if fault), None)

    return check


def mapping(value: Any) -> Optional[Fault]:
    """A mapping of what is not judged."""
    return None if isinstance(value, dict) else instead_of("a mapping", value, REFUSED, "write keys and values")


def headers(value: Any) -> Optional[Fault]:
    """HTTP headers: each name has a list of values."""
    if not isinstance(value, dict):
        return instead_of("a mapping", value, REFUSED, "write a mapping of header names to lists of values")
    wrong: Tuple[Any, ...] = tuple(name for name, values in value.items() if values is not None and texts()(values))
    if wrong:
        fix = "write a list, also of one value: X-Content-Type-Options: [nosniff]"
        return Fault(f"header {wrong[0]} is not a list of strings", REFUSED, fix)
    return None
