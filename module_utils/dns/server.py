# SPDX-License-Identifier: Apache-2.0
"""One zone of an authoritative server, by queries and updates that are signed (RFC 2136, RFC 8945).

A query cannot tell a name that exists from one for which a wildcard answers. A prerequisite of an update can, so a name
is looked for by an update that has a prerequisite and changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.errors import InputError, ToolError
from ..base.host_port import host_port
from .key import Key
from .names import is_below, mark_name
from .records import TYPES, Values

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.name
    import dns.query
    import dns.rcode
    import dns.rdatatype
    import dns.tsig
    import dns.update

    HAS_DNSPYTHON = True
except ImportError:
    HAS_DNSPYTHON = False

_NO_LIBRARY = "Install it for the Python of this task: requirements/run.txt has it, Debian has python3-dnspython."
_ANY, _TXT, _SOA, _NS = "ANY", "TXT", "SOA", "NS"
_REMEDIES = {
    "REFUSED": "Let the zone's allow-update or update-policy have the key, and allow-query, too.",
    "NOTAUTH": "Check name, algorithm and secret of the key, the clocks, and that this is the primary of the zone.",
    "NOTZONE": "Set dns_publish_zone to the zone that has the names.",
    "SERVFAIL": "Look into the server's log; the server may be unable to write the zone's journal.",
    "NOTIMP": "The server takes no updates. Name the primary of the zone.",
}
_CHANGED_MEANWHILE = ("YXDOMAIN", "YXRRSET", "NXRRSET", "NXDOMAIN")


@dataclass(frozen=True)
class Found:
    """What a zone has of one name. ttls: by types. others: types that are not the toolkit's business.

    marks: the texts of the TXT records of the mark.
    """

    name: str
    values: Values = field(default_factory=dict)
    ttls: dict[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What becomes of one name. values: what is to be there, empty for nothing. mark: the text of its mark."""

    found: Found
    values: Values
    ttl: int
    mark: str


class Server:
    """host: name or address of the primary. timeout: seconds for each exchange. All exchanges go over TCP."""

    def __init__(self, host: str, port: int, zone: str, key: Key, timeout: float) -> None:
        if not HAS_DNSPYTHON:
            raise ToolError("ask", f"the DNS server {host_port(host, port)}", "dnspython is not there", _NO_LIBRARY)
        self.zone = zone
        self._host, self._port, self._timeout = host, port, timeout
        self._key = dns.tsig.Key(key.name, key.secret, key.algorithm)
        self._address = ""

    def __str__(self) -> str:
        return host_port(self._host, self._port)

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
        values = {kind: _texts_of(rrsets[kind]) for kind in TYPES if kind in rrsets}
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
        answer = self._exchange(update, "update", f"{names} in the zone {self.zone} at {self}")
        word = dns.rcode.to_text(answer.rcode())
        if word in _CHANGED_MEANWHILE:
            hint = "Nothing was changed. Somebody else has changed a name since it was read: run again."
            raise ToolError("update", f"{names} in the zone {self.zone} at {self}", word, hint)
        self._expect_success(answer, "update", names)

    def answers(self, name: str) -> Values:
        """What clients are told, who sign nothing: by types. Raises ToolError."""
        return {
            kind: _texts_of(rrset)
            for kind in TYPES
            for rrset in self._query(name, kind, signed=False).answer
            if rrset.name == dns.name.from_text(name) and dns.rdatatype.to_text(rrset.rdtype) == kind
        }

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
        answer = self._exchange(update, "look for", f"{name} at {self}")
        if answer.rcode() == dns.rcode.YXDOMAIN:
            return True
        self._expect_success(answer, "look for", name)
        return False

    def _texts(self, name: str) -> tuple[str, ...]:
        rrsets = [rrset for rrset in self._query(name, _TXT).answer if rrset.rdtype == dns.rdatatype.TXT]
        return tuple(
            sorted(b"".join(record.strings).decode("utf-8", "replace") for rrset in rrsets for record in rrset)
        )

    def _query(self, name: str, kind: str, signed: bool = True) -> Any:
        query = dns.message.make_query(dns.name.from_text(name), kind)
        query.flags &= ~int(dns.flags.RD)
        if signed:
            query.use_tsig(self._key)
        answer = self._exchange(query, "read", f"{kind} of {name} at {self}")
        if answer.rcode() != dns.rcode.NXDOMAIN:
            self._expect_success(answer, "read", f"{kind} of {name}")
        return answer

    def _update(self) -> Any:
        return dns.update.UpdateMessage(self.zone + ".", keyring=self._key)

    def _expect(self, update: Any, found: Found) -> None:
        """Prerequisites: the name is still as it was read."""
        name, mark = dns.name.from_text(found.name), dns.name.from_text(mark_name(found.name))
        for kind in TYPES:
            if kind in found.values:
                update.present(name, kind, *_absolute(kind, found.values[kind]))
            else:
                update.absent(name, kind)
        if found.marks:
            update.present(mark, _TXT, *map(_quoted, found.marks))
        else:
            update.absent(mark, _TXT)

    def _tell(self, update: Any, change: Change) -> None:
        name, mark = dns.name.from_text(change.found.name), dns.name.from_text(mark_name(change.found.name))
        for kind in change.found.values:
            update.delete(name, kind)
        for kind, values in change.values.items():
            update.add(name, change.ttl, kind, *_absolute(kind, values))
        if change.found.marks:
            update.delete(mark, _TXT)
        if change.values:
            update.add(mark, change.ttl, _TXT, _quoted(change.mark))

    def _exchange(self, message: Any, operation: str, target: str) -> Any:
        """One message and its answer, whose signature is checked."""
        try:
            return dns.query.tcp(message, self._where(), timeout=self._timeout, port=self._port)
        except dns.tsig.PeerError as error:
            # BADKEY, BADSIG, BADTIME, BADTRUNC (RFC 8945, 5.3).
            word = type(error).__name__.replace("Peer", "").upper()
            raise ToolError(operation, target, f"the server refuses the signature ({word})", _of_key(word)) from error
        except dns.exception.Timeout as error:
            hint = "Check the address, and that TCP is let through to the server's port."
            raise ToolError(operation, target, f"no answer in {self._timeout:g} s", hint) from error
        except (OSError, EOFError) as error:
            said = getattr(error, "strerror", None) or str(error) or "the server closed the connection"
            raise ToolError(operation, target, said, "Check that the server listens there on TCP.") from error
        except dns.exception.DNSException as error:
            hint = "Check that a DNS server with this key is there, and the clocks of both hosts."
            raise ToolError(operation, target, f"{type(error).__name__}: {error}", hint) from error

    def _where(self) -> str:
        if not self._address:
            try:
                found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            except OSError as error:
                hint = "Give the server's address, or a name that this host resolves."
                raise ToolError("find", f"the DNS server {self._host}", error.strerror or str(error), hint) from error
            self._address = str(found[0][4][0])
        return self._address

    def _expect_success(self, answer: Any, operation: str, what: str) -> None:
        if answer.rcode() != dns.rcode.NOERROR:
            word = dns.rcode.to_text(answer.rcode())
            hint = _REMEDIES.get(word, "Look into the server's log.")
            raise ToolError(operation, f"{what} in the zone {self.zone} at {self}", word, hint)


def _of_key(word: str) -> str:
    if word == "BADTIME":
        return "The clocks of this host and of the server differ by more than the server allows: set them."
    return "Check name, algorithm and secret of the key against the server's configuration."


def _texts_of(rrset: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(record.to_text().rstrip(".").lower() for record in rrset))


def _absolute(kind: str, values: Iterable[str]) -> list[str]:
    return [f"{value}." if kind == "CNAME" else value for value in values]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
