# SPDX-License-Identifier: Apache-2.0
"""The options of a topic (documented in library/rgw_topics.py), what checks them, and the attributes they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Dict, NamedTuple

from ...base.errors import InputError
from ...s3 import markup
from .endpoint import checked_url
from .record import Attributes

_Options = Dict[str, Dict[str, Any]]

# Without choices, as these would not let null pass.
TOPIC_OPTIONS: _Options = {
    "name": {"type": "str", "required": True},
    "tenant": {"type": "str"},
    "owner": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "push_endpoint": {"type": "str"},
    "user": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "password_file": {"type": "path", "no_log": False},
    "persistent": {"type": "bool"},
    "opaque_data": {"type": "str"},
    "verify_ssl": {"type": "bool"},
    "cloudevents": {"type": "bool"},
    "amqp_exchange": {"type": "str"},
    "amqp_ack_level": {"type": "str"},
    "kafka_ack_level": {"type": "str"},
    "use_ssl": {"type": "bool"},
    "ca_location": {"type": "str"},
    "mechanism": {"type": "str"},
    "time_to_live": {"type": "int"},
    "max_retries": {"type": "int"},
    "retry_sleep_duration": {"type": "int"},
}
AMQP_ACK_LEVELS = ("none", "broker", "routable")
KAFKA_ACK_LEVELS = ("none", "broker")
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI", "OAUTHBEARER")

_EXCHANGE = re.compile(r"[A-Za-z0-9._:/-]{1,255}")
_PATH = re.compile(r"/[A-Za-z0-9._/@+-]{1,1023}")
_LARGEST = 2**31 - 1
# RGW reads at most rgw_max_put_param_size of a request's body, 1 MiB, and passes this text on with each event.
_LONGEST_DATA = 4096


def _opaque_data(given: str) -> str:
    if len(given.encode("utf-8", "surrogatepass")) > _LONGEST_DATA or not markup.writable(given):
        raise InputError(f"must be text that XML can carry, of at most {_LONGEST_DATA} bytes.")
    return without_attributes(given)


def without_attributes(given: str) -> str:
    """A text that does not set attributes of the topic. Raises InputError.

    RGW up to 18 keeps all attributes as one text and escapes nothing in it. "a&verify-ssl=false" would be two of them.
    """
    for part in given.split("&")[1:]:
        name = part.partition("=")[0]
        if "=" in part and name in {option.attribute for option in ATTRIBUTES.values()}:
            raise InputError(f"must not hold '&{name}=': RGW would take it for an attribute of the topic.")
    return given


def _url(given: str) -> str:
    return without_attributes(checked_url(given))


def _matches(pattern: re.Pattern[str], rule: str) -> Callable[[str], str]:
    def checked(given: str) -> str:
        if not pattern.fullmatch(given):
            raise InputError(rule)
        return given

    return checked


def _one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def checked(given: str) -> str:
        if given not in words:
            raise InputError(f"is one of {', '.join(words)}, not '{given}'.")
        return given

    return checked


def _count(given: int) -> int:
    if not 0 <= given <= _LARGEST:
        raise InputError(f"must be 0 to {_LARGEST}.")
    return given


class Option(NamedTuple):
    """attribute: its name in CreateTopic. check: makes the value from what was given, or raises InputError.

    as_new: what a topic without the attribute has. schemes: for which endpoints it is, empty for all. since: the sign
    of the first release that heeds it, see rgw.topics.checks.
    """

    attribute: str
    check: Callable[[Any], Any]
    as_new: Any
    schemes: tuple[str, ...] = ()
    since: int = 16


_AMQP, _KAFKA, _HTTP = ("amqp", "amqps"), ("kafka",), ("http", "https")
_TLS = (*_HTTP, *_AMQP, *_KAFKA)
# push_endpoint is the URL without user and password here, see record and endpoint.
ATTRIBUTES: Mapping[str, Option] = {
    "push_endpoint": Option("push-endpoint", _url, ""),
    "persistent": Option("persistent", bool, False),
    "opaque_data": Option("OpaqueData", _opaque_data, ""),
    "verify_ssl": Option("verify-ssl", bool, True, _TLS),
    "cloudevents": Option("cloudevents", bool, False, _HTTP, since=17),
    "amqp_exchange": Option(
        "amqp-exchange", _matches(_EXCHANGE, "is made of letters, digits and . _ : / -, 255 at most."), "", _AMQP
    ),
    "amqp_ack_level": Option("amqp-ack-level", _one_of(AMQP_ACK_LEVELS), "broker", _AMQP),
    "kafka_ack_level": Option("kafka-ack-level", _one_of(KAFKA_ACK_LEVELS), "broker", _KAFKA),
    "use_ssl": Option("use-ssl", bool, False, _KAFKA),
    "ca_location": Option(
        "ca-location",
        _matches(_PATH, "is the absolute path of a file on the gateway's host."),
        "",
        ("amqps", *_KAFKA),
    ),
    "mechanism": Option("mechanism", _one_of(MECHANISMS), "PLAIN", _KAFKA, since=17),
    "time_to_live": Option("time_to_live", _count, None, since=19),
    "max_retries": Option("max_retries", _count, None, since=19),
    "retry_sleep_duration": Option("retry_sleep_duration", _count, None, since=19),
}


def value_of(name: str, attributes: Attributes) -> Any:
    """The value of an option that a topic's attributes stand for, the default where there is no such attribute."""
    option = ATTRIBUTES[name]
    text = attributes.get(option.attribute, "")
    if text == "":
        return option.as_new
    if isinstance(option.as_new, bool):
        # RGW takes "true", "1" and "yes" for true where it reads the attribute, and all else for false.
        return text.lower() in ("true", "1", "yes")
    return int(text) if option.as_new is None and text.isdigit() else text


def text_of(value: Any) -> str:
    """A value as CreateTopic takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_as_new(name: str, value: Any) -> bool:
    """Whether this is what a topic without the option has."""
    return name in ATTRIBUTES and ATTRIBUTES[name].as_new == value
