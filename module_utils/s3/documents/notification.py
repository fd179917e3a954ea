# SPDX-License-Identifier: Apache-2.0
"""?notification: which events of a bucket go to which topics. RGW knows topics alone, no queues and no functions.

Canonical form: the configurations in the order of their ids. Filters by regex, metadata and tags are RGW's own (Ceph
documentation, "Bucket Notifications").
"""

from __future__ import annotations

from typing import Any, ClassVar, Dict, Iterable, List, Mapping
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document, DocumentRequest, Setting
from .given import items, mapping, pairs, shown, text, texts, unique

LONGEST_ID = 255
# rgw_notify_event_type.cc of Ceph 20. The documentation ("S3 Bucket Notifications Compatibility") spells NonCurrent:
# 20.2.4 takes both and reads back as NonCurrent, 18.2.7 takes Noncurrent alone, and so that is sent.
EVENTS = frozenset(
    [
        *(f"s3:ObjectCreated:{what}" for what in ("*", "Put", "Post", "Copy", "CompleteMultipartUpload")),
        *(f"s3:ObjectRemoved:{what}" for what in ("*", "Delete", "DeleteMarkerCreated")),
        "s3:ObjectLifecycle:*",
        *(f"s3:ObjectLifecycle:Expiration:{what}" for what in ("*", "Current", "Noncurrent", "DeleteMarker")),
        "s3:ObjectLifecycle:Expiration:AbortMultipartUpload",
        *(f"s3:ObjectLifecycle:Transition:{what}" for what in ("*", "Current", "Noncurrent")),
        *(f"s3:ObjectSynced:{what}" for what in ("*", "Create", "Delete", "DeletionMarkerCreated")),
        *(f"s3:LifecycleExpiration:{what}" for what in ("*", "Delete", "DeleteMarkerCreated")),
        "s3:LifecycleTransition",
        *(f"s3:Replication:{what}" for what in ("*", "Create", "Delete", "DeletionMarkerCreated")),
    ]
)
_KEY_FILTERS = ("prefix", "suffix", "regex")
# What is matched, and the element with its rules.
_PAIRS = {"metadata": "S3Metadata", "tags": "S3Tags"}
_ARN = "arn:aws:sns:"
_ALL = ("s3:ObjectCreated:*", "s3:ObjectRemoved:*")


class Notification(Document):
    """Data: a list of configurations: id, topic (its name or ARN), events, prefix, suffix, regex, metadata, tags.

    Without events, those of creation and removal are meant.
    """

    name = "notification"
    query = "notification"
    root = "NotificationConfiguration"
    as_new: ClassVar[Canonical] = []

    def settled(self, canonical: Canonical, setting: Setting) -> Canonical:
        """With the ARN of each topic."""
        head = f"{_ARN}{setting.zonegroup}:{setting.tenant}:"
        return [
            item if item["topic"].startswith(_ARN) else {**item, "topic": head + item["topic"]} for item in canonical
        ]

    def requests(self, wanted: Canonical, stored: Canonical) -> List[DocumentRequest]:
        """Removals by id, and then a PUT of what is wanted.

        RGW has a configuration for each pair of id and topic. A PUT leaves those alone that it does not name, and the
        removal of an id takes one of them (16.2.15, 18.2.7); S3 would replace all.
        """
        if not wanted:
            return super().requests(wanted, stored)
        kept = {(item["id"], item["topic"]) for item in wanted}
        going = {item["id"] for item in stored if (item["id"], item["topic"]) not in kept}
        removals = [DocumentRequest("DELETE", {self.query: item["id"]}) for item in stored if item["id"] in going]
        return [*removals, self._put(self.body(wanted))]

    def body(self, canonical: Canonical) -> bytes:
        """The configurations in the order of their ids."""
        return markup.to_bytes(markup.element(self.root, *[_element(item) for item in canonical]))

    def _wanted(self, data: Any, place: str) -> Canonical:
        found = [(where, _configuration(item, where)) for where, item in items(data, place)]
        list(unique([(f"{where}.id", item["id"]) for where, item in found], "the id"))
        return sorted((item for _where, item in found), key=lambda item: str(item["id"]))

    def _stored(self, parsed: Element) -> Canonical:
        found = [_configuration_of(item) for item in parsed.findall("TopicConfiguration")]
        return sorted(found, key=lambda item: str(item["id"]))


def topics(canonical: Canonical) -> set[str]:
    """The topics to which events go, as they were given: names or ARNs."""
    return {item["topic"] for item in canonical}


def _configuration(data: Any, place: str) -> Dict[str, Any]:
    given = mapping(data, place, ("id", "topic", "events", *_KEY_FILTERS, *_PAIRS), needed=("id", "topic"))
    topic = text(given["topic"], f"{place}.topic")
    if ":" in topic and (not topic.startswith(_ARN) or topic.count(":") != 5):
        raise InputError(f"{place}.topic: {shown(topic)}; give a name, or an ARN such as arn:aws:sns:default::name.")
    events = _spelled(texts(given.get("events", _ALL), f"{place}.events", least=1))
    for event in events:
        if event not in EVENTS:
            raise InputError(f"{place}.events: {shown(event)}, which no RGW from 14 to 20 knows; check its spelling.")
    found: Dict[str, Any] = {
        "id": text(given["id"], f"{place}.id", LONGEST_ID),
        "topic": topic,
        "events": events,
    }
    for name in _KEY_FILTERS:
        said = text(given.get(name, ""), f"{place}.{name}", empty=True)
        if said:
            found[name] = said
    for name in _PAIRS:
        matched = pairs(given.get(name, {}), f"{place}.{name}")
        if matched:
            found[name] = matched
    return found


def _spelled(events: Iterable[str]) -> List[str]:
    return sorted({event.replace(":NonCurrent", ":Noncurrent") for event in events})


def _element(item: Mapping[str, Any]) -> Element:
    filters = []
    keys = {name: item[name] for name in _KEY_FILTERS if name in item}
    for tag, matched in (("S3Key", keys), *[(tag, item.get(name, {})) for name, tag in _PAIRS.items()]):
        if matched:
            filters.append(markup.element(tag, *[_rule_element(name, value) for name, value in matched.items()]))
    return markup.element(
        "TopicConfiguration",
        markup.element("Id", item["id"]),
        markup.element("Topic", item["topic"]),
        *[markup.element("Event", event) for event in item["events"]],
        markup.element("Filter", *filters) if filters else None,
    )


def _rule_element(name: str, value: str) -> Element:
    return markup.element("FilterRule", markup.element("Name", name), markup.element("Value", value))


def _configuration_of(item: Element) -> Dict[str, Any]:
    found: Dict[str, Any] = {
        "id": markup.text_of(item, "Id") or "",
        "topic": markup.text_of(item, "Topic") or "",
        "events": _spelled(markup.texts_of(item, "Event")),
    }
    for name, value in _pairs_of(item, "S3Key").items():
        if value:
            found[name] = value
    for name, tag in _PAIRS.items():
        matched = _pairs_of(item, tag)
        if matched:
            found[name] = matched
    return found


def _pairs_of(item: Element, tag: str) -> Dict[str, str]:
    rules = item.findall(f"Filter/{tag}/FilterRule")
    return dict(sorted((markup.text_of(rule, "Name") or "", markup.text_of(rule, "Value") or "") for rule in rules))
