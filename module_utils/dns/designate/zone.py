# SPDX-License-Identifier: Apache-2.0
"""One zone of OpenStack Designate, as the reconciler of names takes it.

The API has no transactions, and one condition: a recordset is created only if there is none of its name and type. So
the mark of a name comes first and goes last. Whoever does not get to create the mark changes nothing of the name, and a
name on which a run ended in the middle has a mark, by which the next run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from ...base.errors import InputError, ToolError
from ...base.words import listed
from ..change import Change, Found
from ..master_file import TXT, absolute, written
from ..name_server import DNS_PORT, NameServer
from ..names import is_below, mark_name
from ..records import CNAME, TYPES, Values
from .client import Designate
from .recordset import ACTIVE, ERROR, Recordset, plain, what

_NS, _PRIMARY, _DELETE = "NS", "PRIMARY", "DELETE"
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.2, 2.0


class DesignateZone:
    """zone: its name. project: as messages call it.

    wait: seconds until a change has to have reached all name servers. name_servers: whom to ask as clients do; None
    asks nobody, and an empty list asks those that the zone names. timeout: seconds for each question.
    """

    def __init__(
        self,
        designate: Designate,
        zone: str,
        project: str,
        wait: float,
        name_servers: Sequence[str] | None = (),
        timeout: float = 10.0,
    ) -> None:
        self.zone = zone
        self._designate, self._project, self._wait = designate, project, wait
        self._name_servers, self._timeout = name_servers, timeout
        self._created: set[str] = set()
        self._removed = False

    def __str__(self) -> str:
        return str(self._designate)

    def read(self, name: str) -> Found:
        """What the zone has at exactly this name and at its mark. Raises InputError, ToolError."""
        for below in self._zones_below:
            if is_below(name, below):
                raise InputError(
                    f"the name {name} is not in the zone {self.zone} of {self}, but in {below}, which is a zone of its "
                    "own. Next: give that zone, and the project that has it."
                )
        there = [one for one in self._at(name) if not one.leaving]
        marks = [
            text for one in self._at(mark_name(name)) if one.kind == TXT and not one.leaving for text in one.values
        ]
        return Found(
            name,
            {kind: one.values for kind in TYPES for one in there if one.kind == kind},
            {one.kind: one.ttl for one in there if one.kind in TYPES},
            tuple(sorted({one.kind for one in there} - set(TYPES))),
            tuple(marks),
        )

    def apply(self, changes: Sequence[Change]) -> None:
        """Carry out the changes one after the other. Raises ToolError, which says what is done by then."""
        changed = [change.found.name for change in changes if self.read(change.found.name) != change.found]
        if changed:
            hint = "Nothing was changed. Somebody else has changed a name since it was read: run again."
            raise ToolError(
                "update", f"{self._target(listed(changed))} at {self}", "something else is there than was read", hint
            )
        done: list[str] = []
        for change in changes:
            try:
                self._carry_out(change)
            except ToolError as error:
                if not done:
                    raise
                hint = f"{error.hint} The names {listed(done)} are done; another run goes on from there."
                raise ToolError(error.operation, error.target, error.code, hint, error.status) from error
            done.append(change.found.name)

    def settle(self, names: Sequence[str]) -> None:
        """Wait until all name servers of the pool have what the zone has of these names. Raises ToolError."""
        there = {name: list(self._ours(name)) for name in names}
        self._wait_for([one for found in there.values() for one in found])
        if self._removed or not all(there.values()):
            self._wait_for_removals()

    def answers(self, name: str) -> dict[str, Values]:
        """What each name server tells clients. Raises ToolError."""
        return {str(one): one.answers(name) for one in self._servers}

    @cached_property
    def _zone(self) -> Mapping[str, Any]:
        """The zone as the API tells it."""
        found = [one for one in self._designate.zones(name=absolute(self.zone)) if plain(one["name"]) == self.zone]
        where = f"the zone {self.zone} in {self._project} at {self}"
        if not found:
            hint = (
                "Create the zone (openstack zone create), or name the project that has it: Designate does not show "
                "zones of other projects."
            )
            raise ToolError("find", where, "the project has no zone of this name", hint)
        if found[0].get("type", _PRIMARY) != _PRIMARY:
            hint = "Change the zone where Designate gets it from."
            raise ToolError("use", where, f"the zone is {found[0]['type']}, and not {_PRIMARY}", hint)
        if found[0].get("action") == _DELETE:
            raise ToolError(
                "use", where, "somebody is removing the zone", "Wait until it has gone, and create it again."
            )
        return found[0]

    @property
    def _id(self) -> str:
        return str(self._zone["id"])

    @cached_property
    def _zones_below(self) -> list[str]:
        """Zones that have names which look like this zone's: the project's own, and those that NS records delegate."""
        own = [plain(one["name"]) for one in self._designate.zones(name=f"*.{absolute(self.zone)}")]
        delegated = [plain(one["name"]) for one in self._designate.recordsets(self._id, type=_NS)]
        return sorted({name for name in own + delegated if is_below(name, self.zone)} - {self.zone})

    @cached_property
    def _servers(self) -> list[NameServer]:
        if self._name_servers is None:
            return []
        hosts = list(self._name_servers) or [plain(one["hostname"]) for one in self._designate.name_servers(self._id)]
        return [NameServer(host, DNS_PORT, self._timeout) for host in hosts]

    def _at(self, name: str) -> list[Recordset]:
        """The recordsets at exactly this name: the API takes the "*" of a wildcard for any text."""
        default = int(self._zone.get("ttl") or 0)
        found = [Recordset.of(one, default) for one in self._designate.recordsets(self._id, name=absolute(name))]
        return [one for one in found if one.name == name]

    def _ours(self, name: str) -> Iterator[Recordset]:
        """What the toolkit may have put there."""
        yield from (one for one in self._at(name) if one.kind in TYPES)
        yield from (one for one in self._at(mark_name(name)) if one.kind == TXT)

    def _carry_out(self, change: Change) -> None:
        found, mark = change.found, mark_name(change.found.name)
        if not change.values:
            self._take(self._at(found.name), found.values)
            self._take(self._at(mark), (TXT,))
            return
        self._put(mark, TXT, (change.mark,), change.ttl, bool(found.marks))
        try:
            self._make_room(change)
            for kind, values in change.values.items():
                self._put(found.name, kind, values, change.ttl, kind in found.values)
        except ToolError:
            with suppress(ToolError):
                if not (found.marks or any(one.identity in self._created for one in self._at(found.name))):
                    # What came to be there meanwhile must not count as this inventory's.
                    self._take(self._at(mark), (TXT,))
            raise

    def _make_room(self, change: Change) -> None:
        """Remove the types that are not to be there, and wait where Designate takes no new one beside them."""
        there = self._at(change.found.name)
        self._take(there, [kind for kind in change.found.values if kind not in change.values])
        leaving = [one for one in self._at(change.found.name) if one.leaving]
        self._wait_for([one for one in leaving if CNAME in (one.kind, *change.values)])

    def _put(self, name: str, kind: str, values: Sequence[str], ttl: int, is_there: bool) -> None:
        """Change a recordset, or create one. is_there: whether the zone had it when the names were read."""
        there = [one for one in self._at(name) if one.kind == kind]
        self._wait_for([one for one in there if one.leaving])
        there = [one for one in there if not one.leaving]
        if there and is_there and (there[0].values, there[0].ttl) == (tuple(values), ttl):
            return
        body: dict[str, Any] = {"records": written(kind, values), "ttl": ttl}
        target = self._target(what(kind, name))
        # A recordset may have no records; it is in the way of another one, and of nobody's name.
        if there and (is_there or not there[0].values):
            self._designate.change(target, self._id, there[0].identity, body)
        else:
            new = {"name": absolute(name), "type": kind, **body}
            self._created.add(self._designate.create(target, self._id, new))

    def _take(self, there: Iterable[Recordset], kinds: Iterable[str]) -> None:
        gone = tuple(kinds)
        for one in there:
            if one.kind in gone and not one.leaving:
                self._designate.remove(self._target(one.what), self._id, one.identity)
                self._removed = True

    def _wait_for(self, recordsets: Iterable[Recordset]) -> None:
        """Wait until each of them is active, or gone if it is on its way out. Raises ToolError."""
        left = list(recordsets)

        def look() -> dict[str, str]:
            left[:] = self._again([one for one in left if not _is_settled(one)])
            return {one.what: one.status for one in left if not _is_settled(one)}

        self._wait_until_nothing_is_left(look)

    def _wait_for_removals(self) -> None:
        """Wait until the name servers have all changes of the zone: what was removed has no state of its own.

        Later releases than 15 show recordsets on their way out, too.
        """

        def look() -> dict[str, str]:
            status = str(self._designate.zone(self._target("the state"), self._id).get("status") or ACTIVE)
            return {} if status == ACTIVE else {"the removal of names": status}

        self._wait_until_nothing_is_left(look)

    def _wait_until_nothing_is_left(self, look: Callable[[], Mapping[str, str]]) -> None:
        """look: what has not arrived, and its status."""
        until, pause = time.monotonic() + self._wait, _SHORTEST_PAUSE
        while True:
            left = look()
            if not left:
                return
            target = f"{self._target(listed(list(left)))} at {self}"
            if ERROR in left.values():
                hint = (
                    "Look into the logs of designate-worker and of the pool's name servers. Designate tries again by "
                    "itself every few minutes."
                )
                raise ToolError("publish", target, "the status is ERROR", hint)
            if time.monotonic() >= until:
                hint = (
                    "Check that designate-worker, designate-mdns and all name servers of the pool run, and run again; "
                    "or set a longer wait."
                )
                states = listed(sorted(set(left.values())))
                raise ToolError("publish", target, f"still {states} after {self._wait:g} s", hint)
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _again(self, recordsets: Iterable[Recordset]) -> list[Recordset]:
        """The same recordsets as they are now, without those that are gone."""
        default = int(self._zone.get("ttl") or 0)
        now = [self._designate.recordset(self._target(one.what), self._id, one.identity) for one in recordsets]
        return [Recordset.of(one, default) for one in now if one is not None]

    def _target(self, words: str) -> str:
        return f"{words} in the zone {self.zone}"


def _is_settled(one: Recordset) -> bool:
    return one.status == ACTIVE and not one.leaving
