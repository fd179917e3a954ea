# SPDX-License-Identifier: Apache-2.0
"""?lifecycle: when objects, versions and incomplete uploads go, or move to another storage class.

Canonical form: the rules in the order of their ids, each with what it says and nothing else. `Prefix: ""`, `Filter: {}`
and `Filter: {Prefix: ""}` are one: no prefix. So are one condition with and without `And` around it.

The rules that are refused are those of the S3 API reference (PutBucketLifecycleConfiguration) and of the Amazon S3 User
Guide ("Lifecycle configuration elements").
"""

from __future__ import annotations

from typing import Any, Callable, ClassVar, Dict, List, Mapping, Tuple
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document
from .given import MOST, canonical_midnight, flag, items, mapping, midnight, number, one_of, text, unique
from .tagging import tag_elements, tags, tags_of

# S3, and rgw_lc_max_rules of RGW.
MOST_RULES = 1000
LONGEST_ID = 255
LONGEST_PREFIX = 1024
MOST_TAGS = 10
LARGEST = 2**63 - 1
# S3 API, NoncurrentVersionExpiration.
MOST_NEWER = 100

_SIZES = {"object_size_greater_than": "ObjectSizeGreaterThan", "object_size_less_than": "ObjectSizeLessThan"}
_EXPIRATION = ("expiration_days", "expiration_date", "expired_object_delete_marker")
_NONCURRENT = ("noncurrent_version_expiration_days", "newer_noncurrent_versions")
_ABORT = "abort_incomplete_multipart_upload_days"
_MOVES = ("transitions", "noncurrent_version_transitions")
_ACTIONS = (*_EXPIRATION, _NONCURRENT[0], _ABORT, *_MOVES)
_KEYS = ("id", "enabled", "prefix", "tags", *_SIZES, "archive_zone", *_EXPIRATION, *_NONCURRENT, _ABORT, *_MOVES)


class Lifecycle(Document):
    """Data: a list of rules.

    id, enabled (true), prefix, tags, object_size_greater_than, object_size_less_than (bytes), archive_zone (RGW alone:
    the rule holds in archive zones only); expiration_days, or expiration_date, or expired_object_delete_marker;
    noncurrent_version_expiration_days, with newer_noncurrent_versions to keep; abort_incomplete_multipart_upload_days;
    transitions: days or date, and storage_class; noncurrent_version_transitions: days, and storage_class.
    """

    name = "lifecycle"
    query = "lifecycle"
    root = "LifecycleConfiguration"
    none_codes = ("NoSuchLifecycleConfiguration",)
    as_new: ClassVar[Canonical] = []

    def body(self, canonical: Canonical) -> bytes:
        """The rules in the order of their ids, each with a Filter."""
        return markup.to_bytes(markup.element(self.root, *[_rule_element(rule) for rule in canonical]))

    def _wanted(self, data: Any, place: str) -> Canonical:
        rules = [(where, _rule(item, where)) for where, item in items(data, place, most=MOST_RULES)]
        list(unique([(f"{where}.id", rule["id"]) for where, rule in rules], "the id"))
        return sorted((rule for _where, rule in rules), key=lambda rule: str(rule["id"]))

    def _stored(self, parsed: Element) -> Canonical:
        return sorted((_rule_of(rule) for rule in parsed.findall("Rule")), key=lambda rule: str(rule["id"]))


def storage_classes(canonical: Canonical) -> set[str]:
    """The storage classes to which the rules move objects. RGW takes a name that it does not know (16.2.15, 20.2.4)."""
    return {move["storage_class"] for rule in canonical for kind in _MOVES for move in rule.get(kind, [])}


def _rule(data: Any, place: str) -> Dict[str, Any]:
    given = mapping(data, place, _KEYS)
    if "id" not in given:
        raise InputError(f"{place}: id is missing; give one, as RGW makes another one in each run.")
    rule: Dict[str, Any] = {
        "id": text(given["id"], f"{place}.id", LONGEST_ID),
        "enabled": flag(given.get("enabled", True), f"{place}.enabled"),
        **_filter(given, place),
        **_expiration(given, place),
    }
    if _ABORT in given:
        rule[_ABORT] = number(given[_ABORT], f"{place}.{_ABORT}", 1)
    for kind, periods in (("transitions", ("days", "date")), ("noncurrent_version_transitions", ("days",))):
        moves = _moves(given.get(kind, []), f"{place}.{kind}", periods)
        if moves:
            rule[kind] = moves
    if not any(action in rule for action in _ACTIONS):
        raise InputError(f"{place}: a rule that does nothing; give one of {', '.join(_ACTIONS)}.")
    for move in rule.get("transitions", []):
        if move.get("days", 0) >= rule.get("expiration_days", MOST + 1):
            where = f"{place}.expiration_days: {rule['expiration_days']}, and it has to be more than {move['days']}"
            raise InputError(f"{where}, the days after which a transition moves the objects.")
    # S3 API, LifecycleRuleFilter and the User Guide: neither is about objects that a tag or a size could select.
    for action in (_ABORT, "expired_object_delete_marker"):
        for condition in ("tags", *_SIZES) if action == _ABORT else ("tags",):
            if action in rule and condition in rule:
                raise InputError(f"{place}: S3 takes no {action} in a rule with {condition}; make two rules of it.")
    return rule


def _filter(given: Mapping[str, Any], place: str) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    prefix = text(given.get("prefix", ""), f"{place}.prefix", LONGEST_PREFIX, empty=True)
    if prefix:
        found["prefix"] = prefix
    labels = tags(given.get("tags", {}), f"{place}.tags", MOST_TAGS)
    if labels:
        found["tags"] = labels
    for name in _SIZES:
        if name in given:
            found[name] = number(given[name], f"{place}.{name}", 0, LARGEST)
    least, most = (found.get(name) for name in _SIZES)
    if least is not None and most is not None and most <= least:
        raise InputError(f"{place}.object_size_less_than: {most}, and it has to be more than {least}, the other limit.")
    if flag(given.get("archive_zone", False), f"{place}.archive_zone"):
        found["archive_zone"] = True
    return found


def _expiration(given: Mapping[str, Any], place: str) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    marked = {**given}
    if not flag(marked.get("expired_object_delete_marker", False), f"{place}.expired_object_delete_marker"):
        marked.pop("expired_object_delete_marker", None)
    end = one_of(marked, place, _EXPIRATION, needed=False)
    if end == "expiration_days":
        found[end] = number(given[end], f"{place}.{end}", 1)
    elif end == "expiration_date":
        found[end] = midnight(given[end], f"{place}.{end}")
    elif end:
        found[end] = True
    days, newer = _NONCURRENT
    if days in given:
        found[days] = number(given[days], f"{place}.{days}", 1)
    if newer in given:
        if days not in given:
            raise InputError(f"{place}.{newer}: goes with {days}; give that, too.")
        found[newer] = number(given[newer], f"{place}.{newer}", 1, MOST_NEWER)
    return found


def _moves(data: Any, place: str, periods: Tuple[str, ...]) -> List[Dict[str, Any]]:
    moves = []
    for where, item in items(data, place):
        given = mapping(item, where, ("storage_class", *periods))
        if "storage_class" not in given:
            raise InputError(f"{where}: storage_class is missing; give one that the placement target has.")
        period = one_of(given, where, periods)
        check: Callable[[Any, str], Any] = midnight if period == "date" else number
        storage_class = text(given["storage_class"], f"{where}.storage_class")
        moves.append({"storage_class": storage_class, period: check(given[period], f"{where}.{period}")})
    # RGW keeps one for each class (LCRule::add_transition, rgw_lc.h) and refuses two.
    classes = [(f"{place}[{index}].storage_class", move["storage_class"]) for index, move in enumerate(moves)]
    list(unique(classes, "the storage class"))
    return sorted(moves, key=lambda move: str(move["storage_class"]))


def _rule_element(rule: Mapping[str, Any]) -> Element:
    make = markup.element
    expiration = None
    if "expiration_days" in rule:
        expiration = make("Days", str(rule["expiration_days"]))
    elif "expiration_date" in rule:
        expiration = make("Date", _instant(rule["expiration_date"]))
    elif "expired_object_delete_marker" in rule:
        expiration = make("ExpiredObjectDeleteMarker", "true")
    days, newer = (rule.get(name) for name in _NONCURRENT)
    return make(
        "Rule",
        make("ID", rule["id"]),
        _filter_element(rule),
        make("Status", "Enabled" if rule["enabled"] else "Disabled"),
        None if expiration is None else make("Expiration", expiration),
        *[_move_element("Transition", move, "") for move in rule.get("transitions", [])],
        make(
            "NoncurrentVersionExpiration",
            make("NoncurrentDays", str(days)),
            make("NewerNoncurrentVersions", str(newer)) if newer else None,
        )
        if days
        else None,
        *[
            _move_element("NoncurrentVersionTransition", move, "Noncurrent")
            for move in rule.get("noncurrent_version_transitions", [])
        ],
        make("AbortIncompleteMultipartUpload", make("DaysAfterInitiation", str(rule[_ABORT])))
        if _ABORT in rule
        else None,
    )


def _filter_element(rule: Mapping[str, Any]) -> Element:
    conditions = [
        *([markup.element("Prefix", rule["prefix"])] if "prefix" in rule else []),
        *tag_elements(rule.get("tags", {})),
        *[markup.element(tag, str(rule[name])) for name, tag in _SIZES.items() if name in rule],
        *([markup.element("ArchiveZone")] if "archive_zone" in rule else []),
    ]
    if not conditions:
        return markup.element("Filter", markup.element("Prefix", ""))
    return markup.element("Filter", *([markup.element("And", *conditions)] if len(conditions) > 1 else conditions))


def _move_element(tag: str, move: Mapping[str, Any], word: str) -> Element:
    when = (
        markup.element(f"{word}Days", str(move["days"]))
        if "days" in move
        else markup.element("Date", _instant(move["date"]))
    )
    return markup.element(tag, when, markup.element("StorageClass", move["storage_class"]))


def _rule_of(rule: Element) -> Dict[str, Any]:
    found: Dict[str, Any] = {
        "id": markup.text_of(rule, "ID") or "",
        "enabled": markup.text_of(rule, "Status") == "Enabled",
        **_filter_of(rule),
    }
    numbers = {
        "expiration_days": "Expiration/Days",
        "noncurrent_version_expiration_days": "NoncurrentVersionExpiration/NoncurrentDays",
        "newer_noncurrent_versions": "NoncurrentVersionExpiration/NewerNoncurrentVersions",
        _ABORT: "AbortIncompleteMultipartUpload/DaysAfterInitiation",
    }
    for name, path in numbers.items():
        said = markup.text_of(rule, path)
        if said:
            found[name] = int(said)
    date = markup.text_of(rule, "Expiration/Date")
    if date:
        found["expiration_date"] = canonical_midnight(date)
    if markup.text_of(rule, "Expiration/ExpiredObjectDeleteMarker") == "true":
        found["expired_object_delete_marker"] = True
    for name, path, word in (
        ("transitions", "Transition", ""),
        ("noncurrent_version_transitions", "NoncurrentVersionTransition", "Noncurrent"),
    ):
        moves = sorted((_move_of(move, word) for move in rule.findall(path)), key=lambda move: move["storage_class"])
        if moves:
            found[name] = moves
    return found


def _filter_of(rule: Element) -> Dict[str, Any]:
    # With two tags, 16.2.15 answers a Prefix beside the And that has the tags; both hold (seen when it was run).
    places = [rule, *rule.findall("Filter"), *rule.findall("Filter/And")]
    found: Dict[str, Any] = {}
    prefix = "".join(markup.text_of(place, "Prefix") or "" for place in places)
    if prefix:
        found["prefix"] = prefix
    labels = {key: value for place in places for key, value in tags_of(place, "Tag").items()}
    if labels:
        found["tags"] = dict(sorted(labels.items()))
    for name, tag in _SIZES.items():
        sizes = [size for place in places for size in markup.texts_of(place, tag)]
        if sizes:
            found[name] = int(sizes[0])
    if any(place.find("ArchiveZone") is not None for place in places):
        found["archive_zone"] = True
    return found


def _move_of(move: Element, word: str) -> Dict[str, Any]:
    found: Dict[str, Any] = {"storage_class": markup.text_of(move, "StorageClass") or ""}
    days, date = markup.text_of(move, f"{word}Days"), markup.text_of(move, "Date")
    if days:
        found["days"] = int(days)
    elif date:
        found["date"] = canonical_midnight(date)
    return found


def _instant(day: str) -> str:
    return f"{day}T00:00:00.000Z"
