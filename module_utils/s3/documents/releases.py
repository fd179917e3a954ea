# SPDX-License-Identifier: Apache-2.0
"""What releases of Ceph do not keep of a document: facts, each seen on the release that it names.

A release that is not named for a part was not tried, or keeps the part; what is read back after a write tells.
"""

from __future__ import annotations

from typing import Iterator, List, Mapping, NamedTuple, Tuple

from .document import Canonical
from .notification import EVENTS
from .policy import actions
from .policy_actions import SINCE_16, SINCE_18, SINCE_20

# What was tried: release -> its version.
TRIED = {14: "14.2.21", 16: "16.2.15", 18: "18.2.7", 20: "20.2.4"}


class Loss(NamedTuple):
    """What becomes of a part of a document. releases: those on which this was seen; fate: in a sentence's words."""

    releases: Tuple[int, ...]
    fate: str


_LESS = "stores the rule without it, which then"
_REFUSES = "refuses it"
_LIFECYCLE = {
    "object_size_greater_than": Loss((14, 16, 18), f"{_LESS} ends smaller objects, too"),
    "object_size_less_than": Loss((14, 16, 18), f"{_LESS} ends larger objects, too"),
    "newer_noncurrent_versions": Loss((14, 16, 18), f"{_LESS} ends every noncurrent version"),
    "archive_zone": Loss((14, 16), f"{_LESS} holds in every zone"),
}
_EVENTS_SINCE_18 = ("s3:ObjectLifecycle:", "s3:ObjectSynced:")
_EVENTS_BEFORE_20 = ("s3:ObjectCreated:", "s3:ObjectRemoved:", *_EVENTS_SINCE_18)
_ABORT = "s3:ObjectLifecycle:Expiration:AbortMultipartUpload"
_NOTIFICATION = {
    **{event: Loss((14, 16, 18), _REFUSES) for event in EVENTS if not event.startswith(_EVENTS_BEFORE_20)},
    **{event: Loss((14, 16), _REFUSES) for event in EVENTS if event.startswith(_EVENTS_SINCE_18)},
}
_POLICY = {
    **{action: Loss((14,), _REFUSES) for action in SINCE_16},
    **{action: Loss((14, 16), _REFUSES) for action in SINCE_18},
    **{action: Loss((14, 16, 18), _REFUSES) for action in SINCE_20},
}
LOSSES: Mapping[str, Mapping[str, Tuple[Loss, ...]]] = {
    "lifecycle": {part: (loss,) for part, loss in _LIFECYCLE.items()},
    "notification": {
        **{event: (loss,) for event, loss in _NOTIFICATION.items()},
        _ABORT: (Loss((14, 16), _REFUSES), Loss((18, 20), "stores s3:UnknownEvent in its place")),
    },
    "policy": {action: (loss,) for action, loss in _POLICY.items()},
    # The PUT is answered with InvalidArgument, and a DELETE removes the bucket.
    "encryption": {"algorithm": (Loss((16,), "does not know ?encryption"),)},
}


def problems(name: str, canonical: Canonical, release: int) -> List[str]:
    """What a release is known not to keep of a document, one line each. release: 16 for any 16.2."""
    known = LOSSES.get(name, {})
    return [
        f"{place}: Ceph {release} {loss.fate} (seen on {TRIED[release]})."
        for place, part in (_parts(name, canonical) if known else ())
        for loss in known.get(part, ())
        if release in loss.releases
    ]


def _parts(name: str, canonical: Canonical) -> Iterator[Tuple[str, str]]:
    """What a form says, part by part: (its place, what LOSSES calls the part)."""
    if name == "lifecycle":
        yield from ((f"{name}[{rule['id']!r}].{part}", part) for rule in canonical for part in rule)
    elif name == "notification":
        yield from (
            (f"{name}[{item['id']!r}].events: {event}", event) for item in canonical for event in item["events"]
        )
    elif name == "policy":
        yield from ((f"{name}: {action}", action) for action in actions(canonical))
    else:
        yield from ((f"{name}.{part}", part) for part in canonical)
