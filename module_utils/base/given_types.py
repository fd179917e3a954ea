# SPDX-License-Identifier: Apache-2.0
"""Parameters of a module as they came in, held against its argument spec.

AnsibleModule makes text of whatever stands where text belongs. But `uid: no` has been a boolean since YAML read it, and
0123 the number 83: what was written is lost, and the user would be called "False". So that is refused, before
AnsibleModule sees it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, Mapping

from .censor import by_any_name
from .errors import InputError

_Spec = Mapping[str, Mapping[str, Any]]
_TEXT = ("str", "path")


def mistaken_type(spec: _Spec, given: Any, numbers: Collection[str] = ()) -> str:
    """What is wrong with the types of a module's parameters, without their values; empty if nothing is.

    spec: the module's own. given: the parameters as they came in. numbers: names of text options that may be numbers.
    """
    try:
        _check_mapping(by_any_name(spec), given, numbers)
    except InputError as error:
        return str(error)
    return ""


def _check_mapping(options: _Spec, given: Any, numbers: Collection[str] = (), place: str = "") -> None:
    if not isinstance(given, Mapping):
        return  # text, which Ansible may yet make a mapping of
    for name, option in options.items():
        if given.get(name) is not None:
            _check(option, given[name], numbers, f"{place}.{name}" if place else name, name in numbers)


def _check(option: Mapping[str, Any], value: Any, numbers: Collection[str], place: str, may_be_number: bool) -> None:
    kind = option.get("type", "str")
    if kind in _TEXT:
        _check_text(value, place, may_be_number)
        if value not in option.get("choices", [value]):  # AnsibleModule would not say in which of a thousand entries
            raise InputError(f"{place}: it has to be one of {', '.join(option['choices'])}, not '{value}'.")
    elif kind == "int" and isinstance(value, bool):
        raise InputError(f"{place}: YAML reads this as a boolean, and it has to be a number.")
    elif kind == "dict":
        # Of text Ansible makes a mapping if it is JSON or holds name=value.
        if not isinstance(value, Mapping) and not (isinstance(value, str) and ("{" in value or "=" in value)):
            what = "a list" if isinstance(value, list) else "a single value"
            raise InputError(f"{place}: {what}, and it has to be a mapping.")
        _check_mapping(option.get("options", {}), value, numbers, place)
    elif kind == "list":
        if isinstance(value, Mapping):
            raise InputError(f"{place}: a mapping, and it has to be a list.")
        # Of other things than lists Ansible makes lists: of "a,b" two items, of a number one.
        for index, item in enumerate(value if isinstance(value, list) else [] if isinstance(value, str) else [value]):
            item_option = {**option, "type": option.get("elements", "raw")}
            if item is None:
                raise InputError(f"{place}[{index}]: there is nothing.")
            _check(item_option, item, numbers, f"{place}[{index}]", may_be_number=False)


def _check_text(value: Any, place: str, may_be_number: bool) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, bool):
        raise InputError(
            f"{place}: YAML reads this as a boolean (as it does no, off, yes and on); put the value in quotes."
        )
    if isinstance(value, (int, float)) and not may_be_number:
        raise InputError(
            f"{place}: YAML reads this as a number, and another text may come of it (0123 is 83); put the value in "
            "quotes, or end a template with '| string'."
        )
    if isinstance(value, datetime.date):  # or a datetime
        raise InputError(f"{place}: YAML reads this as a date; put the value in quotes.")
    if isinstance(value, (Mapping, list)):
        what = "a mapping" if isinstance(value, Mapping) else "a list"
        raise InputError(f"{place}: {what}, and it has to be text; put the value in quotes.")
