# SPDX-License-Identifier: Apache-2.0
"""A topic's attributes as options: the form in which topics are compared, planned and shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Dict

from ...base.errors import InputError
from ...base.login import Login
from ...base.secret import Secret
from .endpoint import PushEndpoint, problem_with_login, split
from .options import ATTRIBUTES, text_of, value_of
from .record import Attributes
from .spec import DesiredTopic

State = Dict[str, Any]
_URL = "push-endpoint"
_OPTIONS = {about.attribute for about in ATTRIBUTES.values()}


def read_state(attributes: Attributes) -> State:
    """The options that attributes stand for; "user" and "password" if the URL has them.

    What no option stands for is kept as "attribute NAME". It may be a secret.
    """
    endpoint = split(attributes.get(_URL, ""))
    bare = {**attributes, _URL: endpoint.url}
    state: State = {name: value_of(name, bare) for name in ATTRIBUTES}
    if endpoint.login is not None:
        state.update(user=endpoint.login.user, password=Secret(endpoint.login.secret))
    others = sorted(set(attributes) - _OPTIONS)
    return {**state, **{f"attribute {name}": Secret(attributes[name]) for name in others}}


def with_wanted(attributes: Attributes, topic: DesiredTopic) -> Attributes:
    """The attributes of a topic that is what its entry says, with all that the entry does not mention.

    Raises InputError for credentials that nobody has given for a receiver.
    """
    after = dict(attributes)
    for name, value in topic.wanted.items():
        about = ATTRIBUTES[name]
        if value_of(name, attributes) == value and name != "push_endpoint":
            continue  # however it is spelt
        after.pop(about.attribute, None)
        if value != about.as_new:
            after[about.attribute] = text_of(value)
    stored = split(attributes.get(_URL, ""))
    url = topic.wanted.get("push_endpoint", stored.url)
    after.pop(_URL, None)
    endpoint = PushEndpoint(url, _login(topic, stored, url))
    # As it was spelt, if it says the same.
    text = attributes[_URL] if endpoint == stored and url else str(endpoint)
    return {**after, _URL: text} if text else after


def _login(topic: DesiredTopic, stored: PushEndpoint, url: str) -> Login | None:
    if not topic.has_user:
        if stored.login is not None and url and _receiver(url) != _receiver(stored.url):
            raise InputError(
                "push_endpoint: the topic has a user and a password for another receiver. Give those for the new one, "
                "or user: null."
            )
        return stored.login if url else None
    if topic.user is None:
        return None
    if not url:
        raise InputError("user: a topic without push_endpoint has no user.")
    if topic.password is None:
        if stored.login is None or stored.login.user != topic.user or _receiver(url) != _receiver(stored.url):
            raise InputError(f"user: the topic has no password of user '{topic.user}' yet; give the password, too.")
        return stored.login
    problem = problem_with_login(url.partition("://")[0], topic.user, topic.password.value)
    if problem:
        raise InputError(problem)
    return Login(topic.user, topic.password.value)


def _receiver(url: str) -> str:
    """Scheme, host and port: to whom a password goes."""
    scheme, _sign, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0].partition('?')[0]}".lower()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of what differs between two states, in their order."""
    names = list(dict.fromkeys([*before, *after]))
    return [name for name in names if before.get(name) != after.get(name)]
