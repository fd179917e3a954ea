# SPDX-License-Identifier: Apache-2.0
"""Topics as a gateway lists them, and the attributes that CreateTopic takes to make the same again.

CreateTopic replaces a whole topic, so that what an entry does not mention has to be told again. Ceph 16 and 18 give all
attributes as one text, name=value joined by "&", in which nothing is escaped, and 16 repeats the request in it; later
ones give some apart. For each notification that names a topic, they also list a copy of the topic as it was when the
notification was stored (name "NOTIFICATION_TOPIC", and the topic's own ARN): events go where the copy says.

Answers as of Ceph 16.2.15 and 18.2.7; the elements of later releases from their source (rgw_pubsub.cc of 20).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Dict
from xml.etree.ElementTree import Element

from ...s3 import markup

Attributes = Dict[str, str]

# Elements of the listing that hold an attribute, and below EndPoint those that only later releases (19) have.
_APART = {"OpaqueData": "OpaqueData", "Policy": "Policy", "push-endpoint": "EndPoint/EndpointAddress"}
RETRIES = {
    "time_to_live": "EndPoint/TimeToLive",
    "max_retries": "EndPoint/MaxRetries",
    "retry_sleep_duration": "EndPoint/RetrySleepDuration",
}
_PERSISTENT = "EndPoint/Persistent"
# What later releases say of an attribute that was not set.
_UNSET = ("", "None")
# What 16 keeps of the request beside the attributes.
_REQUEST = re.compile(r"Attributes\.entry\.[0-9]+\.(key|value)|Action|Name|Version|PayloadHash|TopicArn|NextToken")
NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True)
class TopicRecord:
    """A topic of a listing.

    owner: the uid or the account that the gateway keeps with it, empty up to 18. attributes: by their names in
    CreateTopic; they may hold a secret.
    """

    name: str
    arn: str
    owner: str
    attributes: Attributes = field(repr=False)

    @property
    def topic(self) -> str:
        """The name of the topic: for a notification's copy, that of the one it was copied from."""
        return self.arn.rpartition(":")[2]

    @property
    def is_copy(self) -> bool:
        """Whether this is a notification's copy of a topic."""
        return self.name != self.topic


def read_record(member: Element) -> TopicRecord:
    """A topic of ListTopics. Raises ValueError for an element that is none."""
    name, arn = markup.text_of(member, "Name"), markup.text_of(member, "TopicArn")
    if not name or not arn:
        raise ValueError("a topic without name or ARN")
    apart = {key: markup.text_of(member, path) for key, path in {**_APART, **RETRIES}.items()}
    attributes = {key: text for key, text in apart.items() if text and not (key in RETRIES and text in _UNSET)}
    if (markup.text_of(member, _PERSISTENT) or "").lower() == "true":
        attributes["persistent"] = "true"
    arguments = _arguments(markup.text_of(member, "EndPoint/EndpointArgs") or "", attributes)
    # Known by their elements only: up to 18, the text has what the gateway does not heed.
    known = {*_APART, *RETRIES, "persistent"}
    attributes.update({key: text for key, text in arguments.items() if key not in known})
    # Up to 18, User is the tenant (seen on 18.2.7). These releases do not keep whose a topic is.
    owner = (markup.text_of(member, "User") or "") if apart["time_to_live"] is not None else ""
    return TopicRecord(name, arn, owner, attributes)


def _arguments(text: str, known: Mapping[str, str]) -> Attributes:
    """The name=value pairs of a text in which values are not escaped. known: values that it may hold."""
    for value in known.values():
        if "&" in value:
            text = text.replace(f"={value}", "=")
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {name: value for name, sign, value in pairs if sign and not _REQUEST.fullmatch(name)}
