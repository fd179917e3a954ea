# SPDX-License-Identifier: Apache-2.0
"""The kinds of value in a registry's configuration, each a check that says what is wrong with a value.

Most of config.yml is parsed into Go types by yaml.v2, where a wrong type is a configuration error and a scalar of any
type may stand for a string. Drivers and access controllers get raw values and are stricter (swift), laxer (s3) or
silent. So a kind is made with the effect that a wrong value has in its place. Beside the check stands the same as JSON
Schema, for editors (json_schema).

Source: distribution 2.7.1, 2.8.3, 3.0.0 and 3.1.1, configuration/configuration.go and the drivers' FromParameters.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterable, Mapping, NamedTuple, Optional, Tuple

from .finding import REFUSED, Fault

JsonSchema = Dict[str, Any]


class Kind(NamedTuple):
    """A kind of value. fault: what is wrong with one. schema: what values without a fault are, as far as it can tell.

    Called, it finds the fault. Neither judges the absence of a value, which only some places mind.
    """

    fault: Callable[[Any], Optional[Fault]]
    schema: Mapping[str, Any]

    def __call__(self, value: Any) -> Optional[Fault]:
        """What is wrong with a value, None for nothing."""
        return self.fault(value)


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
_DURATION_FORM = "a quoted number with its unit, such as 10s or 24h (ns, us, ms, s, m, h)"
_DURATION_FIX = f"write {_DURATION_FORM}"
# errorMessage is no part of JSON Schema: yaml-language-server shows it.
_SPELLED = {"type": "string", "pattern": f"^(?:{_DURATION.pattern})$", "errorMessage": _DURATION_FIX}


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


def or_nothing(schema: Mapping[str, Any]) -> JsonSchema:
    """The schema for the same values and for none at all."""
    if not schema:
        return {}
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], {"type": "null"}]}
    types = schema["type"]
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [*([types] if isinstance(types, str) else types), "null"], **more}


def any_case(names: Iterable[str]) -> str:
    """The pattern of these names, whichever letters of them are capitals."""
    letters = ("".join(f"[{c.lower()}{c.upper()}]" if c.isalpha() else c for c in name) for name in names)
    return f"^(?:{'|'.join(letters)})$"


def is_number(value: Any) -> bool:
    """Whether YAML has it as a number; in Python a boolean is one, too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bool, int, float))


def instead_of(kind: str, value: Any, effect: str, fix: str) -> Fault:
    """The fault that a value of one type stands where another is wanted."""
    return Fault(f"{kind_of(value)} where {kind} belongs", effect, fix)


# Free, or not known well enough to be judged.
anything = Kind(lambda value: None, {})


def text(effect: str = REFUSED, strict: bool = False, filled: bool = False, shape: str = "") -> Kind:
    """A string; strict: a number is none. filled: not an empty one. shape: another effect that what is none has."""

    def check(value: Any) -> Optional[Fault]:
        if not (isinstance(value, str) if strict else _is_scalar(value)):
            fix = "put it in quotes" if _is_scalar(value) else "write a string"
            return instead_of("a string", value, shape or effect, fix)
        if filled and value == "":
            return Fault("an empty string", effect, "give it a value")
        return None

    schema: JsonSchema = {"type": "string" if strict else ["string", "boolean", "number"]}
    return Kind(check, {**schema, "minLength": 1} if filled else schema)


def flag(effect: str = REFUSED, words: bool = False) -> Kind:
    """A boolean; words: a string that Go reads as one is as good."""

    def check(value: Any) -> Optional[Fault]:
        if isinstance(value, bool) or (words and value in _BOOLEAN_WORDS and isinstance(value, str)):
            return None
        return instead_of("a boolean", value, effect, "write true or false, without quotes")

    schema: JsonSchema = {"type": "boolean"}
    word = {"type": "string", "enum": list(_BOOLEAN_WORDS)}
    return Kind(check, {"anyOf": [schema, word]} if words else schema)


def number(
    effect: str = REFUSED, words: bool = False, least: Optional[int] = None, most: Optional[int] = None, unit: str = ""
) -> Kind:
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

    limits = {
        "minimum": -_MOST_INTEGER - 1 if least is None else least,
        "maximum": _MOST_INTEGER if most is None else most,
    }
    described = {"description": f"a number of {unit}"} if unit else {}
    word = {"type": "string", "pattern": f"^(?:{_INTEGER_WORD.pattern})$"}
    if words:
        return Kind(check, {"anyOf": [{"type": "integer", **limits}, word], **described})
    return Kind(check, {"type": "number", **limits, **described})


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


def _duration_fault(value: Any) -> Optional[Fault]:
    if is_number(value):
        if abs(value) > _MOST_INTEGER:
            return Fault("a number that 64 bits do not hold", REFUSED, _DURATION_FIX)
        bare = Fault("a number without a unit", "the registry takes it as nanoseconds", _DURATION_FIX)
        return bare if value else None
    return spelled_duration(REFUSED)(value)


def spelled_duration(effect: str) -> Kind:
    """A Go duration that has to be a string."""

    def check(value: Any) -> Optional[Fault]:
        if not isinstance(value, str):
            return instead_of("a duration", value, effect, _DURATION_FIX)
        length = nanoseconds(value)
        if length is not None and abs(length) > _MOST_INTEGER:
            return Fault("longer than 292 years, which Go does not take", effect, "write a shorter duration")
        return Fault("not a duration", effect, _DURATION_FIX) if length is None else None

    return Kind(check, {**_SPELLED, "description": _DURATION_FORM})


# A Go duration, where yaml.v2 reads it: a bare number is taken, as nanoseconds.
duration = Kind(_duration_fault, {"anyOf": [_SPELLED, {"type": "number", "const": 0}], "description": _DURATION_FORM})


def choice(*names: str, effect: str = REFUSED, fold: bool = False) -> Kind:
    """One of the names; fold: in capitals or not."""

    def check(value: Any) -> Optional[Fault]:
        if isinstance(value, str) and (value.lower() if fold else value) in [n.lower() if fold else n for n in names]:
            return None
        if not _is_scalar(value):
            return instead_of("a string", value, REFUSED, f"write one of {', '.join(filter(None, names))}")
        return Fault(f"not one of {', '.join(filter(None, names))}", effect, "write one of them")

    schema: JsonSchema = {"type": "string", "enum": list(names)}
    return Kind(check, {"anyOf": [schema, {"type": "string", "pattern": any_case(names)}]} if fold else schema)


def texts(effect: str = REFUSED, strict: bool = False) -> Kind:
    """A list of strings."""
    item = text(effect, strict)

    def check(value: Any) -> Optional[Fault]:
        if not isinstance(value, (list, tuple)):
            return instead_of("a list", value, effect, "write a list, also of one: [value]")
        return next((fault for fault in (item(one) for one in value if one is not None) if fault), None)

    return Kind(check, {"type": "array", "items": or_nothing(item.schema)})


def _mapping_fault(value: Any) -> Optional[Fault]:
    return None if isinstance(value, dict) else instead_of("a mapping", value, REFUSED, "write keys and values")


# A mapping of what is not judged.
mapping = Kind(_mapping_fault, {"type": "object"})


def _headers_fault(value: Any) -> Optional[Fault]:
    if not isinstance(value, dict):
        return instead_of("a mapping", value, REFUSED, "write a mapping of header names to lists of values")
    wrong: Tuple[Any, ...] = tuple(name for name, values in value.items() if values is not None and texts()(values))
    if wrong:
        fix = "write a list, also of one value: X-Content-Type-Options: [nosniff]"
        return Fault(f"header {wrong[0]} is not a list of strings", REFUSED, fix)
    return None


# HTTP headers: each name has a list of values.
headers = Kind(_headers_fault, {"type": "object", "additionalProperties": or_nothing(texts().schema)})
