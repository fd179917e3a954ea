# SPDX-License-Identifier: Apache-2.0
"""The operator's data, held against what a document may hold. Every error names the place, the value and what to do."""

from __future__ import annotations

import datetime
from typing import Any, Collection, Dict, Iterator, List, Mapping, Sequence, Tuple

from ...base.errors import InputError
from ...base.text import is_unicode
from .. import markup

_LONGEST_SHOWN = 80
# Days and seconds are numbers of 32 bits to RGW.
MOST = 2**31 - 1


def shown(value: Any) -> str:
    """A value as an error quotes it."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def mapping(data: Any, place: str, known: Collection[str], needed: Sequence[str] = ()) -> Dict[str, Any]:
    """A mapping less what it gives as null: in a part of a document null is the same as not mentioned."""
    if not isinstance(data, Mapping):
        raise InputError(f"{place}: {shown(data)}, and it has to be a mapping with {', '.join(known)}.")
    for key in data:
        if key not in known:
            raise InputError(f"{place}: nothing is known of {shown(key)}; there may be {', '.join(known)}.")
    given = {key: data[key] for key in known if data.get(key) is not None}
    for key in needed:
        if key not in given:
            raise InputError(f"{place}: {key} is missing; give one.")
    return given


def pairs(data: Any, place: str, longest_key: int = 0, longest_value: int = 0) -> Dict[str, str]:
    """A mapping of texts to texts, which may be empty, in the order of its keys."""
    if not isinstance(data, Mapping):
        raise InputError(f"{place}: {shown(data)}, and it has to be a mapping of keys to values.")
    for key, value in data.items():
        text(key, f"{place} (key {shown(key)})", longest_key)
        text(value, f"{place}.{key}", longest_value, empty=True)
    return dict(sorted(data.items()))


def items(data: Any, place: str, least: int = 0, most: int = 0) -> List[Tuple[str, Any]]:
    """The items of a list, each with its place. most: 0 for any number."""
    if not isinstance(data, (list, tuple)):
        raise InputError(f"{place}: {shown(data)}, and it has to be a list.")
    if len(data) < least:
        raise InputError(f"{place}: an empty list; give at least {least}, or leave the option away.")
    if most and len(data) > most:
        raise InputError(f"{place}: {len(data)} of them, and S3 takes {most} at most.")
    return [(f"{place}[{index}]", item) for index, item in enumerate(data)]


def text(value: Any, place: str, longest: int = 0, empty: bool = False) -> str:
    """A text that XML can carry. longest: in bytes, which is what RGW counts where S3 counts characters; 0: any."""
    if not isinstance(value, str):
        raise InputError(f"{place}: YAML reads {shown(value)} as {_kind(value)}; put the text in quotes.")
    if not value and not empty:
        raise InputError(f"{place}: an empty text; give one, or leave the option away.")
    if not is_unicode(value) or not markup.writable(value) or "\n" in value or "\t" in value:
        raise InputError(f"{place}: {shown(value)} has a control character, which RGW does not give back as it was.")
    if longest and len(value.encode()) > longest:
        raise InputError(f"{place}: {len(value.encode())} bytes of UTF-8, and RGW takes {longest} at most.")
    return value


def texts(data: Any, place: str, least: int = 0) -> List[str]:
    """A list of texts, or one text for a list of one: sorted, each once."""
    if isinstance(data, str):
        data = [data]
    return sorted({text(item, where) for where, item in items(data, place, least)})


def number(value: Any, place: str, least: int = 0, most: int = MOST) -> int:
    """A whole number. Digits in quotes pass, as a template of Ansible may have made them."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{place}: {shown(value)}, and it has to be a whole number.")
    if not least <= value <= most:
        raise InputError(f"{place}: {value}, and it has to be {least} to {most}.")
    return value


def flag(value: Any, place: str) -> bool:
    """A boolean. The words true and false pass, as a template of Ansible may have made them."""
    word = value.lower() if isinstance(value, str) else value
    if word in ("true", "false"):
        return bool(word == "true")
    if not isinstance(value, bool):
        raise InputError(f"{place}: {shown(value)}, and it has to be true or false.")
    return value


def choice(value: Any, place: str, choices: Collection[str]) -> str:
    """One of some words, in any case."""
    word = value.lower() if isinstance(value, str) else value
    if not isinstance(word, str) or word not in choices:
        raise InputError(f"{place}: {shown(value)}, and it has to be one of {', '.join(choices)}.")
    return word


def midnight(value: Any, place: str) -> str:
    """A date as S3 wants one in a rule: midnight UTC. Either a date, or midnight as ISO 8601 has it."""
    if isinstance(value, datetime.date):  # or a datetime
        value = value.isoformat()
    try:
        return canonical_midnight(value if isinstance(value, str) else "")
    except ValueError:
        raise InputError(f"{place}: {shown(value)}, and it has to be a date such as '2030-01-31' (UTC).") from None


def canonical_midnight(value: str) -> str:
    """2030-01-31 of 2030-01-31T00:00:00.000Z. Raises ValueError for another time of the day."""
    day, _separator, time = value.replace(" ", "T").partition("T")
    if time.rstrip("Z").partition("+")[0].strip("0:.") or ("+" in time and time.partition("+")[2].strip("0:")):
        raise ValueError(f"{value} is not midnight UTC")
    return datetime.datetime.strptime(day, "%Y-%m-%d").date().isoformat()


def one_of(given: Mapping[str, Any], place: str, names: Sequence[str], needed: bool = True) -> str:
    """The one of some options that is given; empty where none is and none is needed."""
    found = [name for name in names if name in given]
    if len(found) > 1 or (needed and not found):
        raise InputError(f"{place}: {' and '.join(found) or 'none'} of {', '.join(names)} is given; give one of them.")
    return found[0] if found else ""


def unique(pairs: Sequence[Tuple[str, Any]], what: str) -> Iterator[Any]:
    """The values, of which no two may be alike: (place, value)."""
    first: Dict[Any, str] = {}
    for place, value in pairs:
        if value in first:
            raise InputError(f"{place}: {what} {shown(value)} is given twice, first at {first[value]}.")
        first[value] = place
        yield value


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    kinds = ((bool, "a boolean"), ((int, float), "a number"), (datetime.date, "a date"), (Mapping, "a mapping"))
    return next((kind for types, kind in kinds if isinstance(value, types)), "a list")
