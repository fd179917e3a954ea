# SPDX-License-Identifier: Apache-2.0
"""What stands against plans of topics at the gateway, found before anything is written."""

from __future__ import annotations

from collections.abc import Sequence

from ...base.errors import InputError
from ..plan_checks import check_zone
from .client import TopicClient
from .endpoint import is_in_clear, split
from .options import ATTRIBUTES
from .plan import Plan

# The first release that heeds an option -> a cap that came with it (admin_api), by which that release is recognised.
_SIGNS = {17: "ratelimit", 19: "accounts"}


def check_plans(client: TopicClient, plans: Sequence[Plan], allow_cleartext: bool) -> None:
    """Ask the gateway about what the plans change. Raises InputError, which names index and topic, and ToolError."""
    touched = [plan for plan in plans if plan.touches_topic]
    for plan in touched:
        if plan.topic.present:
            _check_secrets(client, plan, allow_cleartext)
            _check_release(client, plan)
    if touched:
        _check_exchanges(client, [plan for plan in plans if plan.topic.present])
        check_zone(client, "Topics written there would be there only")


def _check_secrets(client: TopicClient, plan: Plan, allow_cleartext: bool) -> None:
    if "password" not in plan.after or allow_cleartext:
        return
    scheme = split(plan.after["push_endpoint"]).scheme
    if client.endpoint.tls is None:
        raise InputError(
            f"{plan.topic.where}: the password would travel to {client.endpoint} in clear, and the gateway takes it by "
            "TLS only. Name its https address as endpoint. Otherwise set allow_cleartext_secrets, and "
            "rgw_allow_notification_secrets_in_cleartext of the gateway."
        )
    if is_in_clear(scheme, plan.after["use_ssl"]):
        tls = "use_ssl" if scheme == "kafka" else f"{scheme}s://"
        raise InputError(
            f"{plan.topic.where}: the gateway would send the password to the receiver in clear with {scheme}://. Take "
            f"{tls}, or set allow_cleartext_secrets."
        )


def _check_release(client: TopicClient, plan: Plan) -> None:
    for name in [name for name, value in plan.topic.wanted.items() if value != ATTRIBUTES[name].as_new]:
        since = ATTRIBUTES[name].since
        if plan.before.get(name) != plan.after[name] and since in _SIGNS and not client.knows_cap(_SIGNS[since]):
            raise InputError(
                f"{plan.topic.where}: {name}: needs Ceph {since}; {client.endpoint} is older, and would keep the value "
                "without heeding it."
            )


def _check_exchanges(client: TopicClient, plans: Sequence[Plan]) -> None:
    """Up to 16, RGW has one connection for each broker, with the exchange of the event that opened it (16.2.15)."""
    first: dict[str, Plan] = {}
    for plan in plans:
        url = plan.after["push_endpoint"]
        if not url.startswith("amqp"):
            continue
        other = first.setdefault(split(url).url, plan)
        if other.after["amqp_exchange"] != plan.after["amqp_exchange"] and not client.knows_cap(_SIGNS[17]):
            raise InputError(
                f"{plan.topic.where}: amqp_exchange: topic '{other.topic.key}' sends to exchange "
                f"'{other.after['amqp_exchange']}' of the same broker, and up to Ceph 16 a gateway uses one exchange "
                "of a broker and loses the events for all others. Give both one exchange; the routing key is the "
                "name of the topic."
            )
