# SPDX-License-Identifier: Apache-2.0
"""What topics are declared to be: from a module's parameters to checked values.

What an entry does not mention is left alone. What it gives as null becomes what a topic without the attribute has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...base.errors import InputError, checked
from ...base.secret import Secret
from ...base.secret_files import given_secret
from ...base.words import shortened
from ..user_values import full_uid
from .endpoint import problem_with_login
from .options import ATTRIBUTES
from .record import NAME

_CREDENTIALS = ("password", "password_file")


@dataclass(frozen=True)
class DesiredTopic:
    """One entry of the list, checked.

    where: its place in the list, for errors. owner: the uid with its tenant ("tenant$uid"). wanted: what the entry
    mentions, by options, the default for null. has_user: whether the entry mentions the user; user: None for no user;
    password: None if the entry does not mention it.
    """

    where: str
    name: str
    owner: str
    present: bool
    wanted: Mapping[str, Any] = field(default_factory=dict)
    has_user: bool = False
    user: str | None = None
    password: Secret | None = None

    @property
    def tenant(self) -> str:
        """The owner's tenant, empty without one."""
        return self.owner.rpartition("$")[0]

    @property
    def key(self) -> str:
        """The name that no other topic of the gateway has, as in an ARN: "tenant:name", or "name" without a tenant."""
        return f"{self.tenant}:{self.name}" if self.tenant else self.name


def parse_topics(entries: Sequence[Mapping[str, Any]]) -> list[DesiredTopic]:
    """Check all entries and return them as desired topics. Raises InputError, whose text names index and topic."""
    topics: list[DesiredTopic] = []
    places: dict[str, str] = {}
    for index, entry in enumerate(entries):
        where = f"topics[{index}] (name '{shortened(entry['name'])}')"
        try:
            topic = _parse_topic(where, entry)
            if topic.key in places:
                first = places[topic.key]
                raise InputError(
                    f"topic '{topic.key}' is given twice, first at {first}; all users of a tenant share these names."
                )
        except InputError as error:
            raise InputError(f"{where}: {error}") from error
        places[topic.key] = where
        topics.append(topic)
    return topics


def _parse_topic(where: str, entry: Mapping[str, Any]) -> DesiredTopic:
    name = entry["name"]
    if not NAME.fullmatch(name):
        raise InputError("name is made of 1 to 256 letters, digits, '_' and '-'.")
    owner = checked("owner", lambda given: full_uid(given, entry.get("tenant")), entry["owner"])
    if entry.get("state", "present") != "present":
        return DesiredTopic(where, name, owner, False)
    wanted = {
        option: about.as_new if entry[option] is None else checked(option, about.check, entry[option])
        for option, about in ATTRIBUTES.items()
        if option in entry
    }
    user, password = entry.get("user"), _password(entry)
    if "user" in entry and wanted.get("push_endpoint", "-") == "" and user is not None:
        raise InputError("user: a topic without push_endpoint has no user.")
    if user is not None and password is not None:
        scheme = wanted.get("push_endpoint", "").partition("://")[0]
        problem = problem_with_login(scheme, user, password.value)
        if problem:
            raise InputError(problem)
    return DesiredTopic(where, name, owner, True, wanted, "user" in entry, user, password)


def _password(entry: Mapping[str, Any]) -> Secret | None:
    """The password of an entry."""
    given = [option for option in _CREDENTIALS if entry.get(option) is not None]
    if len(given) > 1:
        raise InputError("password and password_file exclude each other.")
    if not given:
        return None
    if entry.get("user") is None:
        raise InputError(f"{given[0]}: give the user, too.")
    return given_secret(given[0], entry.get("password"), entry.get("password_file"))
