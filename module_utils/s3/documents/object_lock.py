# SPDX-License-Identifier: Apache-2.0
"""?object-lock: whether a bucket has object lock, and how long new objects are kept by default.

Canonical form: {"enabled": false}, {"enabled": true}, or the latter with mode and days or years. A lock once enabled
stays (S3 API, PutObjectLockConfiguration); its default retention may go.
"""

from __future__ import annotations

from typing import Any, ClassVar, List
from xml.etree.ElementTree import Element

from ...base.errors import InputError
from .. import markup
from .document import Canonical, Document, DocumentRequest
from .given import choice, flag, mapping, number, one_of

_MODES = ("governance", "compliance")
# S3 API, DefaultRetention: "at most 100 years".
_MOST = {"days": 36500, "years": 100}
_RETENTION = "Rule/DefaultRetention"


class ObjectLock(Document):
    """Data: a boolean, or a mapping of mode (governance, compliance) and either days or years."""

    name = "object_lock"
    query = "object-lock"
    root = "ObjectLockConfiguration"
    none_codes = ("ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration")
    as_new: ClassVar[Canonical] = {"enabled": False}
    removable = False

    def requests(self, wanted: Canonical, stored: Canonical) -> List[DocumentRequest]:
        """A PUT; nothing for a bucket that is to have no lock, which no request brings about."""
        return super().requests(wanted, stored) if wanted["enabled"] else []

    def body(self, canonical: Canonical) -> bytes:
        """The lock with its default retention; without one, that goes."""
        rule = None
        if "mode" in canonical:
            period = "days" if "days" in canonical else "years"
            retention = markup.element(
                "DefaultRetention",
                markup.element("Mode", canonical["mode"].upper()),
                markup.element(period.capitalize(), str(canonical[period])),
            )
            rule = markup.element("Rule", retention)
        return markup.to_bytes(markup.element(self.root, markup.element("ObjectLockEnabled", "Enabled"), rule))

    def _wanted(self, data: Any, place: str) -> Canonical:
        if isinstance(data, bool):
            return {"enabled": data}
        given = mapping(data, place, ("enabled", "mode", "days", "years"))
        enabled = flag(given.pop("enabled", True), f"{place}.enabled")
        if not given:
            return {"enabled": enabled}
        if not enabled:
            raise InputError(f"{place}: a retention needs the lock; leave enabled away, or set it to true.")
        if "mode" not in given:
            raise InputError(f"{place}: mode is missing; give governance or compliance.")
        period = one_of(given, place, ("days", "years"))
        return {
            "enabled": True,
            "mode": choice(given["mode"], f"{place}.mode", _MODES),
            period: number(given[period], f"{place}.{period}", 1, _MOST[period]),
        }

    def _stored(self, parsed: Element) -> Canonical:
        if markup.text_of(parsed, "ObjectLockEnabled") != "Enabled":
            return {"enabled": False}
        found: Canonical = {"enabled": True}
        mode = markup.text_of(parsed, f"{_RETENTION}/Mode")
        if mode:
            found["mode"] = mode.lower()
        for period in ("days", "years"):
            length = markup.text_of(parsed, f"{_RETENTION}/{period.capitalize()}")
            if length and int(length) > 0:
                found[period] = int(length)
        return found
