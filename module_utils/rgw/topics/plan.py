# SPDX-License-Identifier: Apache-2.0
"""What one topic takes to become what it is declared to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...base.errors import InputError
from ...base.words import listed
from .client import Notification
from .endpoint import split
from .options import ATTRIBUTES
from .record import Attributes, TopicRecord
from .spec import DesiredTopic
from .state import State, differences, read_state, with_wanted

_IN_USE_ELSEWHERE = (
    "the topic is in use by notifications of buckets of other users: the gateway has copies of the topic for them, "
    "{copies}. Have their owners remove these notifications first."
)
# Names of buckets that a sentence can hold.
_MOST_NAMED = 10


@dataclass(frozen=True)
class Seen:
    """What a gateway has of an owner: the topics, and the notifications of the owner's buckets if they were read.

    names: by which the gateway calls the owner of a topic: the uid, and the account of a user who has one.
    """

    names: Sequence[str]
    records: Sequence[TopicRecord]
    notifications: Mapping[str, Sequence[Notification]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """topic: the entry. record: the topic as it is, None if there is none. attributes: those to store.

    before, after: its state (nothing if there is no topic). outdated: the owner's buckets whose notifications have the
    topic as it was, or will have it so, each with the names of these copies. strangers: copies of the topic as it was
    that no bucket of the owner explains.
    """

    topic: DesiredTopic
    record: TopicRecord | None
    attributes: Attributes = field(repr=False)
    before: State
    after: State
    outdated: Mapping[str, Sequence[str]] = field(default_factory=dict)
    strangers: Sequence[str] = ()

    @property
    def exists(self) -> bool:
        """Whether the gateway has the topic."""
        return self.record is not None

    @property
    def changes(self) -> list[str]:
        """The options that change; of a topic that is created or removed, none."""
        return differences(self.before, self.after) if self.exists and self.topic.present else []

    @property
    def touches_topic(self) -> bool:
        """Whether the topic itself has to be stored or removed."""
        return bool(self.changes) or self.exists != self.topic.present

    @property
    def changed(self) -> bool:
        """Whether anything has to be written."""
        return self.touches_topic or bool(self.outdated)


def needs_notifications(topic: DesiredTopic, records: Sequence[TopicRecord]) -> bool:
    """Whether the plan of a topic depends on what buckets say of it."""
    record = found(topic, records)
    if record is None:
        return False
    if not topic.present:
        return True
    return bool(stale_copies(topic, records, read_state(_settled(topic, record))))


def plan_topic(topic: DesiredTopic, seen: Seen) -> Plan:
    """Compare a topic with its entry. Raises InputError."""
    record = found(topic, seen.records)
    before = read_state(record.attributes) if record else {}
    if record and record.owner and record.owner not in seen.names:
        raise InputError(f"{topic.where}: topic '{topic.key}' belongs to user '{record.owner}', not '{topic.owner}'.")
    if record is None and topic.present and any(other.name == topic.name for other in seen.records):
        raise InputError(f"{topic.where}: name: a notification's copy of another topic has this name.")
    naming = {
        bucket: {f"{one.identifier}_{topic.name}" for one in notifications if record and one.arn == record.arn}
        for bucket, notifications in seen.notifications.items()
    }
    naming = {bucket: names for bucket, names in naming.items() if names}
    if not topic.present:
        if naming:
            raise InputError(f"{topic.where}: {_in_use(sorted(naming))}")
        if record and _copies(topic, seen.records):
            copies = listed([f"'{copy.name}'" for copy in _copies(topic, seen.records)])
            raise InputError(f"{topic.where}: {_IN_USE_ELSEWHERE.format(copies=copies)}")
        return Plan(topic, record, {}, before, {})
    attributes = _settled(topic, record)
    after = read_state(attributes)
    _check(topic, record is None, after)
    stale = stale_copies(topic, seen.records, after)
    outdated = {bucket: sorted(names & stale) for bucket, names in sorted(naming.items()) if names & stale}
    strangers = sorted(stale.difference(*outdated.values()))
    return Plan(topic, record, attributes, before, after, outdated, strangers)


def found(topic: DesiredTopic, records: Sequence[TopicRecord]) -> TopicRecord | None:
    """The record of a topic in a listing."""
    return next((record for record in records if record.name == topic.name and not record.is_copy), None)


def stale_copies(topic: DesiredTopic, records: Sequence[TopicRecord], state: State) -> set[str]:
    """The names of the notifications' copies of a topic that are not like that state."""
    return {copy.name for copy in _copies(topic, records) if read_state(copy.attributes) != state}


def _copies(topic: DesiredTopic, records: Sequence[TopicRecord]) -> list[TopicRecord]:
    return [record for record in records if record.is_copy and record.topic == topic.name]


def _settled(topic: DesiredTopic, record: TopicRecord | None) -> Attributes:
    try:
        return with_wanted(record.attributes if record else {}, topic)
    except InputError as error:
        raise InputError(f"{topic.where}: {error}") from error


def _check(topic: DesiredTopic, is_new: bool, after: State) -> None:
    """What a topic cannot be. Raises InputError."""
    if is_new and "push_endpoint" not in topic.wanted:
        raise InputError(f"{topic.where}: the topic does not exist yet; give its push_endpoint (null for none).")
    scheme = split(after["push_endpoint"]).scheme
    for name, value in topic.wanted.items():
        about = ATTRIBUTES[name]
        if value != about.as_new and about.schemes and scheme not in about.schemes:
            to = f"{scheme}:// endpoints" if scheme else "a topic without push_endpoint"
            raise InputError(f"{topic.where}: {name}: RGW has no use for it with {to}, but with {_for(about.schemes)}.")
    if scheme.startswith("amqp") and not after["amqp_exchange"]:
        raise InputError(f"{topic.where}: amqp_exchange: RGW sends nothing to an amqp endpoint without an exchange.")


def _for(schemes: Sequence[str]) -> str:
    return listed([f"{scheme}://" for scheme in schemes])


def _in_use(buckets: Sequence[str]) -> str:
    named = listed([f"'{name}'" for name in buckets[:_MOST_NAMED]])
    more = f" and {len(buckets) - _MOST_NAMED} more" if len(buckets) > _MOST_NAMED else ""
    bucket = "bucket" if len(buckets) == 1 else "buckets"
    return (
        f"the topic is in use by the notifications of the {bucket} {named}{more}. Remove these first: without the "
        "topic, the gateway loses their events, and up to 18 refuses every PUT if the topic is persistent."
    )
