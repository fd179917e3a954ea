# SPDX-License-Identifier: Apache-2.0
"""One zone of an authoritative server, by queries and updates that are signed (RFC 2136, RFC 8945).

A query cannot tell a name that exists from one for which a wildcard answers. A prerequisite of an update can, so a name
is looked for by an update that has a prerequisite and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..base.errors import InputError, ToolError
from .change import Change, Found
from .key import Key
from .master_file import TXT, absolute, written
from .name_server import NameServer, query, texts_of
from .names import is_below, mark_name
from .records import TYPES, Values

try:
    import dns.name
    import dns.rcode
    import dns.rdatatype
    import dns.tsig
    import dns.update
except ImportError:
    # NameServer says so.
    pass

_ANY, _SOA, _NS = "ANY", "SOA", "NS"
_REMEDIES = {
    "REFUSED": "Let the zone's allow-update or update-policy have the key, and allow-query, too.",
    "NOTAUTH": "Check name, algorithm and secret of the key, the clocks, and that this is the primary of the zone.",
    "NOTZONE": "Set dns_publish_zone to the zone that has the names.",
    "SERVFAIL": "Look into the server's log; the server may be unable to write the zone's journal.",
    "NOTIMP": "The server takes no updates. Name the primary of the zone.",
}
_CHANGED_MEANWHILE = ("YXDOMAIN", "YXRRSET", "NXRRSET", "NXDOMAIN")


class Server:
    """host: name or address of the primary. timeout: seconds for each exchange. All exchanges go over TCP."""

    def __init__(self, host: str, port: int, zone: str, key: Key, timeout: float) -> None:
        self._server = NameServer(host, port, timeout)
        self.zone = zone
        self._key = dns.tsig.Key(key.name, key.secret, key.algorithm)

    def __str__(self) -> str:
        return str(self._server)

    def read(self, name: str) -> Found:
        """What the zone has at exactly this name and at its mark. Raises InputError, ToolError."""
        self._check_zone(name)
        marks = self._texts(mark_name(name)) if self._is_in_use(mark_name(name)) else ()
        if not self._is_in_use(name):
            return Found(name, marks=marks)
        # A server may answer ANY with one type (RFC 8482).
        rrsets = {
            dns.rdatatype.to_text(rrset.rdtype): rrset
            for kind in (_ANY, *TYPES)
            for rrset in self._query(name, kind).answer
            if rrset.name == dns.name.from_text(name)
        }
        values = {kind: texts_of(rrsets[kind]) for kind in TYPES if kind in rrsets}
        ttls = {kind: int(rrsets[kind].ttl) for kind in values}
        # What a signed zone has beside all records.
        others = sorted(set(rrsets) - set(TYPES) - {"RRSIG", "NSEC", "NSEC3"})
        return Found(name, values, ttls, tuple(others), marks)

    def apply(self, changes: Sequence[Change]) -> None:
        """Carry out all changes at once, or none of them if the zone is not what was read. Raises ToolError."""
        update = self._update()
        for change in changes:
            self._expect(update, change.found)
        for change in changes:
            self._tell(update, change)
        names = ", ".join(change.found.name for change in changes)
        answer = self._server.exchange(update, "update", f"{names} in the zone {self.zone} at {self}")
        word = dns.rcode.to_text(answer.rcode())
        if word in _CHANGED_MEANWHILE:
            hint = "Nothing was changed. Somebody else has changed a name since it was read: run again."
            raise ToolError("update", f"{names} in the zone {self.zone} at {self}", word, hint)
        self._expect_success(answer, "update", names)

    def settle(self, names: Sequence[str]) -> None:
        """The primary tells clients of an update as soon as it has answered."""

    def answers(self, name: str) -> dict[str, Values]:
        """What the primary tells clients. Raises ToolError."""
        return {str(self): self._server.answers(name)}

    def _check_zone(self, name: str) -> None:
        """Refuse a name that another zone or another server has."""
        answer = self._query(name, _SOA)
        owners = [
            (dns.rdatatype.to_text(rrset.rdtype), rrset.name.to_text(omit_final_dot=True).lower())
            for rrset in (*answer.answer, *answer.authority)
        ]
        for kind, owner in owners:
            if kind in (_SOA, _NS) and owner != self.zone and is_below(owner, self.zone) and is_below(name, owner):
                raise InputError(
                    f"the name {name} is not in the zone {self.zone} of {self}, but in {owner}, which is a zone of its "
                    "own. Next: give that zone and its primary."
                )
        if (_SOA, self.zone) not in owners and not any(kind == "CNAME" for kind, _owner in owners):
            hint = f"Check that {self} is the primary of the zone."
            raise ToolError("read", f"the zone {self.zone} at {self}", "the server does not have this zone", hint)

    def _is_in_use(self, name: str) -> bool:
        update = self._update()
        update.absent(dns.name.from_text(name))
        answer = self._server.exchange(update, "look for", f"{name} at {self}")
        if answer.rcode() == dns.rcode.YXDOMAIN:
            return True
        self._expect_success(answer, "look for", name)
        return False

    def _texts(self, name: str) -> tuple[str, ...]:
        rrsets = [rrset for rrset in self._query(name, TXT).answer if rrset.rdtype == dns.rdatatype.TXT]
        return tuple(
            sorted(b"".join(record.strings).decode("utf-8", "replace") for rrset in rrsets for record in rrset)
        )

    def _query(self, name: str, kind: str) -> Any:
        message = query(name, kind)
        message.use_tsig(self._key)
        answer = self._server.exchange(message, "read", f"{kind} of {name} at {self}")
        if answer.rcode() != dns.rcode.NXDOMAIN:
            self._expect_success(answer, "read", f"{kind} of {name}")
        return answer

    def _update(self) -> Any:
        return dns.update.UpdateMessage(absolute(self.zone), keyring=self._key)

    def _expect(self, update: Any, found: Found) -> None:
        """Prerequisites: the name is still as it was read."""
        name, mark = dns.name.from_text(found.name), dns.name.from_text(mark_name(found.name))
        for kind in TYPES:
            if kind in found.values:
                update.present(name, kind, *written(kind, found.values[kind]))
            else:
                update.absent(name, kind)
        if found.marks:
            update.present(mark, TXT, *written(TXT, found.marks))
        else:
            update.absent(mark, TXT)

    def _tell(self, update: Any, change: Change) -> None:
        name, mark = dns.name.from_text(change.found.name), dns.name.from_text(mark_name(change.found.name))
        for kind in change.found.values:
            update.delete(name, kind)
        for kind, values in change.values.items():
            update.add(name, change.ttl, kind, *written(kind, values))
        if change.found.marks:
            update.delete(mark, TXT)
        if change.values:
            update.add(mark, change.ttl, TXT, *written(TXT, [change.mark]))

    def _expect_success(self, answer: Any, operation: str, what: str) -> None:
        if answer.rcode() != dns.rcode.NOERROR:
            word = dns.rcode.to_text(answer.rcode())
            hint = _REMEDIES.get(word, "Look into the server's log.")
            raise ToolError(operation, f"{what} in the zone {self.zone} at {self}", word, hint)
