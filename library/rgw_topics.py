#!/usr/bin/python
# Copyright (c) rgwkit authors
# SPDX-License-Identifier: Apache-2.0
"""Ansible module: topics of a Ceph Object Gateway, to which the notifications of buckets send events."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rgw_topics
short_description: Manage topics of a Ceph Object Gateway, for the notifications of buckets
version_added: 0.3.0
description:
  - Brings the topics of a Ceph Object Gateway (RGW) into the state that a list describes. A topic says where the events
    of buckets go - to a receiver by HTTP, to an exchange of an AMQP broker such as RabbitMQ, or to Kafka.
  - A topic belongs to a user, and only that user's key may manage the topic. The module reads the key by the admin API.
    For a user without a usable key, the module makes one and removes that key at the end of the run, whatever ends it.
  - Options that an entry does not mention stay as they are, and so do topics that are not in the list. An option that
    an entry sets to V(null) gets the value of a topic without that option.
  - The module checks the whole list before it reads anything, and reads all topics before it writes anything. After the
    writes it reads again. If the gateway keeps something else than it was told, the topic becomes again what it was,
    and the module fails with what differs.
  - Up to Ceph 18, a notification keeps a copy of its topic as the topic was when the notification was stored, and
    events go where the copy says. When a topic changes, the module therefore stores the notifications of the owner's
    buckets that name the topic again, as they are. It warns of notifications that only other users can store again.
  - A topic that the notifications of the owner's buckets name is not removed. The error has the names of the buckets.
  - Passwords travel in request bodies only. They are in no URL of a request, no command line, no message, no diff and
    no return value. The URL of a receiver is shown without user and password.
author:
  - rgwkit authors (@rgwkit)
extends_documentation_fragment:
  - rgwkit.ceph.attributes
  - rgwkit.ceph.attributes.state
  - rgwkit.ceph.rgw_connection
attributes:
  check_mode:
    details:
      - For an owner without a usable key, the module makes a key for the time of the run also in check mode, because
        only the owner may read the topics.
      - The removal of a topic is refused as long as a bucket names the topic, also if an earlier task of the same play
        would remove that notification.
  diff_mode:
    details:
      - Passwords show as marks such as V(hmac-sha256:1a2b3c4d). The marks are keyed with the admin's secret key. As
        long as that key stays the same, equal marks mean equal passwords.
options:
  allow_cleartext_secrets:
    description:
      - Accept passwords that travel without TLS - to a gateway whose O(endpoint) is V(http://), or from the gateway to
        a receiver with V(http://), V(amqp://), or V(kafka://) without O(topics[].use_ssl).
      - A gateway takes and lists passwords over plain HTTP only if its own option
        C(rgw_allow_notification_secrets_in_cleartext) is set. Otherwise it answers 400 to a new password, and 403 to
        whoever lists the topics of the tenant.
    type: bool
    default: false
  gateway_to_be_made:
    description:
      - Whether an earlier task of the same play is going to create the gateway. In check mode, the module then plans
        all topics as for a gateway without topics, sends no request, and warns that it did not.
      - Otherwise a gateway that does not answer is an error, also in check mode.
    type: bool
    default: false
  users_to_be_made:
    description:
      - Users whom an earlier task of the same play creates, V(uid) or V(tenant$uid). In check mode they do not exist
        yet, and are accepted as owners.
      - Without check mode, this option has no effect.
    type: list
    elements: str
    default: []
  topics:
    description: The topics. Within a tenant, each name is that of one topic.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name of the topic, 1 to 256 letters, digits, V(_) and V(-). Releases up to 18 take other names, too, which
            later ones refuse.
          - For Kafka this is also the name of the topic at the broker, for AMQP the routing key.
        type: str
        required: true
      tenant:
        description: Tenant of the owner, if the owner has one.
        type: str
      owner:
        description: Uid of the user to whom the topic belongs, without the tenant. The user must exist and be enabled.
        type: str
        required: true
      state:
        description: Whether the topic exists.
        type: str
        choices: [present, absent]
        default: present
      push_endpoint:
        description:
          - URL of the receiver as the gateway reaches it, without user and password - V(http[s]://host[:port][/path]),
            V(amqp[s]://host[:port][/vhost]) or V(kafka://host[:port]).
          - Required for a new topic. V(null) is a topic that sends its events nowhere.
        type: str
      user:
        description:
          - User at the receiver. V(null) removes user and password.
          - If the receiver of a topic with a password changes, the entry has to say whose password goes there.
        type: str
      password:
        description: Password of O(topics[].user). Give either this or O(topics[].password_file).
        type: str
      password_file:
        description:
          - File with the password, on the host where the module runs. One newline at the end is ignored.
          - A file that every account of the host may read or write is refused.
        type: path
      persistent:
        description:
          - Whether the gateway keeps events in a queue until the receiver has them. Otherwise the client's request
            waits for the receiver. V(null) is V(false).
          - The first event of a new persistent topic can take half a minute, until a gateway has found the queue.
        type: bool
      opaque_data:
        description: Text that comes with each event, at most 4096 bytes. V(null) is none.
        type: str
      verify_ssl:
        description: Whether the gateway checks the receiver's certificate. V(null) is V(true).
        type: bool
      cloudevents:
        description: Whether events by HTTP have the header fields of CloudEvents. V(null) is V(false). Needs Ceph 17.
        type: bool
      amqp_exchange:
        description: Exchange at the broker, which must exist. Required for V(amqp[s]://).
        type: str
      amqp_ack_level:
        description:
          - What counts as delivered - V(none) for sent to the broker, V(broker) for acknowledged by the broker,
            V(routable) for routed to a consumer.
          - V(null) is V(broker).
        type: str
      kafka_ack_level:
        description: V(none) for sent to the broker, V(broker) for acknowledged by the broker. V(null) is V(broker).
        type: str
      use_ssl:
        description: Whether the gateway speaks TLS to a Kafka broker. V(null) is V(false).
        type: bool
      ca_location:
        description:
          - File with the certificates of the authorities to trust for V(amqps://) and Kafka, on the gateway's hosts.
            V(null) is the system's.
        type: str
      mechanism:
        description:
          - How the user authenticates at Kafka - V(PLAIN), V(SCRAM-SHA-256), V(SCRAM-SHA-512), V(GSSAPI) or
            V(OAUTHBEARER).
          - V(null) is V(PLAIN). Others need Ceph 17.
        type: str
      time_to_live:
        description:
          - Seconds for which an event of a persistent topic is retried. V(null) is the gateway's. Needs Ceph 19.
        type: int
      max_retries:
        description: How often an event of a persistent topic is retried. V(null) is the gateway's. Needs Ceph 19.
        type: int
      retry_sleep_duration:
        description: Seconds between two tries. V(null) is the gateway's. Needs Ceph 19.
        type: int
notes:
  - The admin user needs the caps V(users=read), or V(users=*) if an owner has no key of its own. With the cap
    V(zone=read) in addition, the module refuses to write to a gateway outside the metadata master zone.
  - O(parallel) is the number of tenants to work on in parallel here. The topics of a tenant are one object up to Ceph
    18.
  - Works with Ceph 16 (Pacific) to 20 (Tentacle). Ceph 14 refuses requests about topics that are signed with version 4.
  - Up to Ceph 18 the gateway does not keep whose a topic is, and every user of the tenant can change it.
seealso:
  - module: rgwkit.ceph.rgw_users
"""

EXAMPLES = r"""
- name: Send the events of a user's buckets to a web service
  rgwkit.ceph.rgw_topics:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    topics:
      - name: uploads
        owner: alice
        push_endpoint: https://events.example.org/s3
        persistent: true
        opaque_data: from the ceph in hall 2

- name: Send events to an exchange of RabbitMQ, over TLS and with a password in a file
  rgwkit.ceph.rgw_topics:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    topics:
      - name: thumbnails
        owner: alice
        tenant: research
        push_endpoint: amqps://rabbit.example.org:5671/jobs
        user: rgw
        password_file: /etc/rgwkit/secrets/rabbit
        amqp_exchange: s3
        amqp_ack_level: routable

- name: Remove a topic that no bucket names any more
  rgwkit.ceph.rgw_topics:
    endpoint: https://rgw.example.org
    access_key: admin
    secret_key_file: /etc/rgwkit/admin.secret
    topics:
      - name: uploads
        owner: alice
        state: absent
"""

RETURN = r"""
summary:
  description: What the run changed, or in check mode would change, at which gateway, in one sentence.
  returned: success
  type: str
  sample: "topics on https://rgw.example.org: 1 created, 4 unchanged"
topics:
  description: The topics of the list after the run, or in check mode as they would be, in the order of the list.
  returned: success
  type: list
  elements: dict
  sample:
    - name: uploads
      tenant: ""
      owner: alice
      state: present
      arn: arn:aws:sns:default::uploads
      push_endpoint: https://events.example.org/s3
      user: null
      persistent: true
      opaque_data: from the ceph in hall 2
      verify_ssl: true
      cloudevents: false
      amqp_exchange: ""
      amqp_ack_level: broker
      kafka_ack_level: broker
      use_ssl: false
      ca_location: ""
      mechanism: PLAIN
      time_to_live: null
      max_retries: null
      retry_sleep_duration: null
      changed: true
      changes: ['push_endpoint: "http://events.example.org/s3" -> "https://events.example.org/s3"']
  contains:
    name:
      description: Name of the topic.
      type: str
      returned: always
      sample: uploads
    tenant:
      description: Tenant of the topic and its owner; empty if there is none.
      type: str
      returned: always
      sample: ""
    owner:
      description: Uid of the owner, without the tenant.
      type: str
      returned: always
      sample: alice
    state:
      description: V(present) or V(absent).
      type: str
      returned: always
      sample: present
    arn:
      description: Name by which notifications call the topic. In check mode V(null) for a new topic.
      type: str
      returned: when present
      sample: arn:aws:sns:default::uploads
    push_endpoint:
      description: URL of the receiver, without user and password; empty if there is none.
      type: str
      returned: when present
      sample: https://events.example.org/s3
    user:
      description: User at the receiver; V(null) if there is none.
      type: str
      returned: when present
      sample: rgw
    persistent:
      description: Whether the gateway keeps events until the receiver has them.
      type: bool
      returned: when present
      sample: true
    opaque_data:
      description: Text that comes with each event.
      type: str
      returned: when present
      sample: from the ceph in hall 2
    verify_ssl:
      description: Whether the gateway checks the receiver's certificate.
      type: bool
      returned: when present
      sample: true
    cloudevents:
      description: Whether events by HTTP have the header fields of CloudEvents.
      type: bool
      returned: when present
      sample: false
    amqp_exchange:
      description: Exchange at the AMQP broker; empty if there is none.
      type: str
      returned: when present
      sample: s3
    amqp_ack_level:
      description: What counts as delivered by AMQP.
      type: str
      returned: when present
      sample: broker
    kafka_ack_level:
      description: What counts as delivered by Kafka.
      type: str
      returned: when present
      sample: broker
    use_ssl:
      description: Whether the gateway speaks TLS to a Kafka broker.
      type: bool
      returned: when present
      sample: false
    ca_location:
      description: File with the authorities to trust, on the gateway's hosts; empty for the system's.
      type: str
      returned: when present
      sample: ""
    mechanism:
      description: How the user authenticates at Kafka.
      type: str
      returned: when present
      sample: PLAIN
    time_to_live:
      description: Seconds for which an event is retried; V(null) for the gateway's.
      type: int
      returned: when present
      sample: 3600
    max_retries:
      description: How often an event is retried; V(null) for the gateway's.
      type: int
      returned: when present
      sample: 10
    retry_sleep_duration:
      description: Seconds between two tries; V(null) for the gateway's.
      type: int
      returned: when present
      sample: 5
    changed:
      description: Whether the run changed this topic or a copy of it, or in check mode would change it.
      type: bool
      returned: always
      sample: true
    changes:
      description: What the run changed, or in check mode would change, a line for each change.
      type: list
      elements: str
      returned: always
      sample:
        - 'push_endpoint: "http://events.example.org/s3" -> "https://events.example.org/s3"'
        - "notifications of bucket 'photos': stored again"
failure:
  description: The operation that failed, in parts. C(msg) has the same in one sentence.
  returned: when the module could not do its work
  type: dict
  sample:
    operation: store
    target: topic 'uploads' of user 'alice' at http://127.0.0.1:8080
    status: 400
    code: InvalidArgument
    hint: A topic with a password is told and listed over TLS only.
    done: [thumbnails]
    not_done: [uploads]
  contains:
    operation:
      description: What the module attempted.
      type: str
      returned: always
      sample: store
    target:
      description: Object of the operation.
      type: str
      returned: always
      sample: topic 'uploads' of user 'alice' at http://127.0.0.1:8080
    status:
      description: HTTP status of the answer; V(null) if no answer came.
      type: int
      returned: always
      sample: 400
    code:
      description: Error code of the gateway, what it kept otherwise than it was told, or how the connection failed.
      type: str
      returned: always
      sample: InvalidArgument
    hint:
      description: What to do next.
      type: str
      returned: always
      sample: A topic with a password is told and listed over TLS only.
    done:
      description: Topics that are in the requested state, as V(name) or V(tenant:name).
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [thumbnails]
    not_done:
      description: All other topics of the list. For topics in progress, a part of the change may have been written.
      type: list
      elements: str
      returned: when the run broke off after its first write
      sample: [uploads]
"""

import secrets
from collections.abc import Sequence

from ..module_utils.base.censored_module import CensoredModule
from ..module_utils.base.interrupt import end_by_exception
from ..module_utils.base.mentioned import mentioned
from ..module_utils.base.module_run import run
from ..module_utils.base.secret import Marks
from ..module_utils.http.evidence import without_login
from ..module_utils.rgw.connection_options import (
    CONNECTION_OPTIONS,
    CONNECTION_SECRETS,
    admin_secret,
    connect_as,
    workers,
)
from ..module_utils.rgw.topics.client import TopicClient
from ..module_utils.rgw.topics.options import TOPIC_OPTIONS
from ..module_utils.rgw.topics.reconcile import Outcome, first_outcomes, reconcile
from ..module_utils.rgw.topics.report import report, summary, warnings
from ..module_utils.rgw.topics.spec import parse_topics

ARGUMENT_SPEC = {
    **CONNECTION_OPTIONS,
    "allow_cleartext_secrets": {"type": "bool", "default": False, "no_log": False},
    "gateway_to_be_made": {"type": "bool", "default": False},
    "users_to_be_made": {"type": "list", "elements": "str", "default": []},
    "topics": {"type": "list", "elements": "dict", "required": True, "options": TOPIC_OPTIONS},
}
OPTIONS = {
    "argument_spec": ARGUMENT_SPEC,
    "numbers": (),
    "mutually_exclusive": CONNECTION_SECRETS,
    "required_one_of": CONNECTION_SECRETS,
    "supports_check_mode": True,
}


def unasked(endpoint: str, outcomes: Sequence[Outcome]) -> str:
    """The warning about a plan for a gateway that does not exist yet."""
    count = sum(outcome.plan.changed for outcome in outcomes)
    return (
        f"There is no gateway at {without_login(endpoint)} yet, so no request was sent. Of {len(outcomes)} topics, "
        f"{count} would be created. Errors that only a gateway can detect appear once the gateway exists."
    )


def reach(module: CensoredModule) -> dict:
    """Make the topics what they are declared to be; the module's result."""
    params = module.params
    # Null and a missing option differ here, but AnsibleModule makes them equal.
    topics = parse_topics(mentioned(params.pop("topics"), module.given["topics"]))
    module.strike({topic.password.value for topic in topics if topic.password})
    if module.check_mode and params["gateway_to_be_made"]:
        # The administrator's secret does not exist yet, either.
        marks, outcomes = Marks(secrets.token_hex()), first_outcomes(topics)
        module.warn(unasked(params["endpoint"], outcomes))
    else:
        marks = Marks(admin_secret(params))
        outcomes = reconcile(
            lambda: connect_as(TopicClient, params),
            topics,
            module.check_mode,
            workers(params),
            params["allow_cleartext_secrets"],
            params["users_to_be_made"],
        )
    for warning in warnings(outcomes):
        module.warn(warning)
    sentence = summary(outcomes, without_login(params["endpoint"]), module.check_mode)
    return {**report(outcomes, marks, module._diff), "summary": sentence}


def main() -> None:
    module = CensoredModule(**OPTIONS)
    end_by_exception()
    run(module, lambda: reach(module))


if __name__ == "__main__":
    main()
