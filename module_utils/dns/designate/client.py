# SPDX-License-Identifier: Apache-2.0
"""Requests to OpenStack Designate's API v2, as one user of one project.

Source: OpenStack "DNS API" (api-ref/dns), seen on Designate 15.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Dict, List, cast
from urllib.parse import quote, urlencode

from ...base.errors import ToolError
from ...base.remote_json import loads
from ...base.secret import Secret
from ...base.text import to_bytes
from ...http.endpoint import Endpoint
from ...http.messages import Answer, Request
from ...http.prober import Connection
from ...http.transport_hint import transport_hint

_VERSION = re.compile(r"/v2(\.0)?/?\Z")
_JSON = ("Content-Type", "application/json")
# A page of a list. A recordset has less than 20 KB, and a project may have more records in one only by a larger quota.
_PAGE = 200
_MOST_BYTES = 16 * 1024 * 1024
_LONGEST_WORD = 300
# What an object of a list has at least.
_FIELDS = {"zones": ("id", "name"), "recordsets": ("id", "name", "type"), "nameservers": ("hostname",)}
_HINTS = {
    "over_quota": "Have the project's quota raised (openstack dns quota set), or remove recordsets that nobody needs.",
    "duplicate_recordset": "Somebody else has created this since the zone was read. Run again, to see whose it is.",
    "invalid_recordset_location": "Look for a zone below this one, and for a CNAME at the name.",
    "zone_not_found": "Somebody has removed the zone, or the project has it no more.",
    "recordset_not_found": "Somebody else has removed this since the zone was read. Run again.",
    401: "Designate's own login to Keystone ([keystone_authtoken]) may be wrong, or the token has ended meanwhile.",
    403: "Give the user a role that Designate's policy asks for, most often member, in the project of the zone.",
    404: "Check the URL: Designate's API v2 is below it, at /v2.",
    413: "Ask the operators of Designate for more, or list fewer names.",
    500: "Look into the log of designate-central.",
    503: "Look whether designate-central, its database and its message bus run.",
    504: "Look whether designate-central, its database and its message bus run.",
}
_HINT = "Look into Designate's log."


class Designate:
    """One API over one connection. timeout: seconds for each request. All requests raise ToolError."""

    def __init__(self, endpoint: Endpoint, token: Secret, timeout: float) -> None:
        self._endpoint, self._token, self._timeout = endpoint, token, timeout
        self._connection = Connection(endpoint)

    def __str__(self) -> str:
        return f"Designate {self._endpoint}"

    def zones(self, **query: str) -> list[dict[str, Any]]:
        """The zones that the project may use; a "*" in a name of the query stands for any text."""
        return list(self._list("the zones", "zones", "/zones", query))

    def zone(self, what: str, identity: str) -> dict[str, Any]:
        """One zone. what: as messages call what is looked for."""
        answer = self._ask("read", what, "GET", f"/zones/{quote(identity, safe='')}", (200,))
        return self._document("read", what, answer)

    def name_servers(self, zone_id: str) -> list[dict[str, Any]]:
        """The name servers that the zone's NS records name."""
        path = f"/zones/{quote(zone_id, safe='')}/nameservers"
        return list(self._list("the name servers of the zone", "nameservers", path, {}))

    def recordsets(self, zone_id: str, **query: str) -> list[dict[str, Any]]:
        """Recordsets of a zone."""
        return list(self._list("the recordsets", "recordsets", _path(zone_id), query))

    def recordset(self, what: str, zone_id: str, identity: str) -> dict[str, Any] | None:
        """One recordset; None if it is gone. what: as messages call it."""
        answer = self._ask("read", what, "GET", _path(zone_id, identity), (200, 404))
        if answer.status == 404:
            return None
        found = self._document("read", what, answer)
        if not _has(found, _FIELDS["recordsets"]):
            raise ToolError("read", self._target(what), "no recordset", _HINTS[404], answer.status)
        return found

    def create(self, what: str, zone_id: str, values: Mapping[str, Any]) -> str:
        """Create a recordset; its id."""
        answer = self._ask("create", what, "POST", _path(zone_id), (201, 202), values)
        return str(self._document("create", what, answer).get("id") or "")

    def change(self, what: str, zone_id: str, identity: str, values: Mapping[str, Any]) -> None:
        """Change records and TTL of a recordset."""
        self._ask("change", what, "PUT", _path(zone_id, identity), (200, 202), values)

    def remove(self, what: str, zone_id: str, identity: str) -> None:
        """Remove a recordset; one that is gone is as good."""
        self._ask("remove", what, "DELETE", _path(zone_id, identity), (202, 204, 404))

    def _list(self, what: str, kind: str, path: str, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """All objects of a list, page by page."""
        marker: dict[str, str] = {}
        while True:
            parts = {**query, "limit": str(_PAGE), **marker}
            answer = self._ask("list", what, "GET", f"{path}?{urlencode(parts)}", (200,))
            document = self._document("list", what, answer)
            objects, links = document.get(kind), document.get("links")
            if not (isinstance(objects, list) and all(_has(one, _FIELDS[kind]) for one in objects)):
                raise ToolError("list", self._target(what), f"no list of {kind}", _HINTS[404], answer.status)
            yield from cast(List[Dict[str, Any]], objects)
            if not (objects and isinstance(links, dict) and links.get("next")):
                return
            marker = {"marker": str(objects[-1].get("id"))}

    def _ask(
        self,
        operation: str,
        what: str,
        method: str,
        path: str,
        wanted: tuple[int, ...],
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        content = None if body is None else json.dumps(body).encode()
        target = _VERSION.sub("", self._endpoint.path) + "/v2" + path
        request = Request(method, target, [("X-Auth-Token", self._token.value), _JSON], content)
        answer = self._connection.exchange(request, self._timeout, _MOST_BYTES)
        if answer.fault:
            raise ToolError(
                operation,
                self._target(what),
                f"{answer.fault}: {answer.detail}",
                transport_hint(answer, "Designate", "designate-api"),
            )
        if answer.status not in wanted:
            word, said = _said(answer)
            hint = _HINTS.get(word) or _HINTS.get(answer.status or 0) or _HINT
            raise ToolError(operation, self._target(what), said, hint, answer.status)
        return answer

    def _document(self, operation: str, what: str, answer: Answer) -> dict[str, Any]:
        try:
            found = loads(answer.body)
            if not isinstance(found, dict):
                raise ValueError("no object")
        except ValueError as error:
            raise ToolError(operation, self._target(what), f"no JSON: {error}", _HINTS[404], answer.status) from None
        return cast(Dict[str, Any], found)

    def _target(self, what: str) -> str:
        return f"{what} at {self}"


def _has(one: Any, fields: tuple[str, ...]) -> bool:
    return isinstance(one, dict) and all(one.get(field) for field in fields)


def _path(zone_id: str, identity: str = "") -> str:
    end = f"/{quote(identity, safe='')}" if identity else ""
    return f"/zones/{quote(zone_id, safe='')}/recordsets{end}"


def _said(answer: Answer) -> tuple[str, str]:
    """Designate's own word for an error, and its message with what is wrong with each value; no secret is in them."""
    try:
        document = loads(answer.body)
        # keystonemiddleware answers in Keystone's form.
        document = document.get("error") or document
        wrong = [str(one["message"]) for one in (document.get("errors") or {}).get("errors") or []]
        said = "; ".join(wrong) or str(document["message"])
        return str(document.get("type") or ""), said[:_LONGEST_WORD]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", to_bytes(answer.first_line).decode("utf-8", "replace")
